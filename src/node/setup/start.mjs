// npm start. Only the version check is loaded before the check has passed.

import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { start } = await import('./start-command.mjs');
await runScript(start);
