// Runs the benchmark in twelve languages. Node does not read TypeScript itself, so Vite loads the file:
//   node e2e/bench/languages/run.mjs --help

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./languages.bench.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
