// npm run docs: writes the API reference to dist/docs, and docs/errors.md.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { install } = await import('./install.mjs');
const { writeReferenceOptions } = await import('./reference.mjs');
const { runTool, toolPath } = await import('./run-tool.mjs');

await runScript(async (_, script) => {
  const { root, say, signal } = script;
  await install(script);
  const { errorDocs } = await import('./error-docs.mjs'); // TypeScript is there once the packages are
  writeFileSync(join(root, 'docs/errors.md'), errorDocs(root));
  const options = writeReferenceOptions(root);
  const { code } = await runTool(process.execPath, [toolPath(root, 'typedoc'), '--options', options], {
    cwd: root,
    signal,
  });
  if (code === 0) say('The API reference is in dist/docs: open dist/docs/index.html.');
  return code === 0 ? 0 : 1;
});
