// Runs a benchmark of this folder in Node, which reads no TypeScript by itself: node e2e/bench/run.mjs scan [options]

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL(`./${process.argv[2] ?? 'scan'}.bench.ts`, import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
