// Our side of exchange_with_pytorch.py, in Node, which reads no TypeScript by itself: node e2e/python/our-adapters.mjs
// FOLDER

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./our-adapters.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
