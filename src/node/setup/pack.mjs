// Runs before npm packs: makes every build and the types, so that no package contains outdated ones.

import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { install } = await import('./install.mjs');
const { build } = await import('./build.mjs');
const { writeDeclarations } = await import('./declarations.mjs');

await runScript(async (_, script) => {
  // npm's output about a package may be piped, so preparation prints to stderr.
  const aside = { ...script, say: (/** @type {string} */ line) => console.error(line) };
  await install(aside);
  for (const name of /** @type {const} */ (['library', 'node', 'site'])) await build(name, aside);
  await writeDeclarations(aside);
  return 0;
});
