// Builds one documentation site with each generator, indexes it and checks what is found. Node does not read
// TypeScript itself, so Vite loads the file:
//   node e2e/generators/run.mjs --help

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./generators.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
