// Runs before npm packs: makes every build and the types, so that no package contains outdated ones.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { install } = await import('./install.mjs');
const { build } = await import('./build.mjs');
const { runTool, toolPath } = await import('./run-tool.mjs');
const { SetupError } = await import('./setup-error.mjs');

/** The projects of the browser's files and of Node's, each with its own ambient types. */
const TYPE_PROJECTS = ['tsconfig.json', 'src/node/tsconfig.json'];

await runScript(async (_, script) => {
  const { root, signal } = script;
  // npm's output about a package may be piped, so preparation prints to stderr.
  const aside = { ...script, say: (/** @type {string} */ line) => console.error(line) };
  await install(aside);
  for (const name of /** @type {const} */ (['library', 'node', 'site'])) await build(name, aside);
  rmSync(join(root, 'dist/types'), { recursive: true, force: true });
  for (const project of TYPE_PROJECTS) {
    const args = [
      '-p',
      project,
      '--noEmit',
      'false',
      '--emitDeclarationOnly',
      '--rootDir',
      '.',
      '--outDir',
      'dist/types',
    ];
    const { code, output } = await runTool(process.execPath, [toolPath(root, 'typescript', 'tsc'), ...args], {
      cwd: root,
      signal,
      capture: true,
    });
    if (code !== 0)
      throw new SetupError(
        'build-failed',
        `${output.trim()}\n\nWriting the types of ${project} failed with code ${code}: see above.`,
      );
  }
  return 0;
});
