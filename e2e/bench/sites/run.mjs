// The benchmark on three real documentation sites; Node reads no TypeScript by itself: node e2e/bench/sites/run.mjs
// --help

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./sites.bench.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
