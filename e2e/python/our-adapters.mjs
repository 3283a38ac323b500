// Runs our-adapters.ts for exchange_with_pytorch.py. Node does not read TypeScript itself, so Vite loads the
// file:
//   node e2e/python/our-adapters.mjs FOLDER

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./our-adapters.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
