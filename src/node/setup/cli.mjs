// npm run era-search, npm run evaluate: runs the command line of this working tree, installed and built first where
// needed.

import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { install } = await import('./install.mjs');
const { build } = await import('./build.mjs');
const { cliIo, loadCli } = await import('./load-cli.mjs');

await runScript(async (args, script) => {
  // The command's output may be piped, so preparation prints to stderr.
  const aside = { ...script, say: (/** @type {string} */ line) => console.error(line) };
  await install(aside);
  await build('node', aside);
  // The files that are published beside a site's index.
  if (args[0] === 'index' && !args.some((arg) => /^--out(=|$)|^(--help|-h)$/.test(arg))) await build('site', aside);
  const runCli = await loadCli(script.root);
  return runCli(args, cliIo(script));
});
