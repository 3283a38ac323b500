// npm test. Only the version check is loaded before the check has passed.

import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { test } = await import('./test-command.mjs');
await runScript(test);
