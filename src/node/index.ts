// The Node API: re-exports only.

export { buildIndex, type BuildIndexOptions } from './index-command/build-index.ts';
export type { CommandIo } from './command-io.ts';
export { runCli } from './run-cli.ts';
export { startServer } from './serve/server.ts';
