// Runs a benchmark of this folder. Node does not read TypeScript itself, so Vite loads the file:
//   node e2e/bench/run.mjs scan [options]

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL(`./${process.argv[2] ?? 'scan'}.bench.ts`, import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
