// npm run mutants [-- ROOM or ROOM/ID …]. Node does not read TypeScript itself, so Vite loads the file.

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { runScript } from '../../src/node/setup/script.mjs';

/** @type {{ module: typeof import('./run.ts') }} */
const { module } = await runnerImport(fileURLToPath(new URL('./run.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
await runScript(module.runMutants);
