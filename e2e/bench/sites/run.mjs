// Runs the benchmark on three documentation sites. Node does not read TypeScript itself, so Vite loads the file:
//   node e2e/bench/sites/run.mjs --help

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./sites.bench.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
