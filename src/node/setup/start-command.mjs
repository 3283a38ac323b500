// npm start and npm run dev: install, build, index what is missing, then serve. Each step prints what it does and is
// skipped when nothing has changed. dev builds the playground again whenever one of its files changes; the page is
// reloaded by hand.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { prepareDemoIndexes } from './demo-indexes.mjs';
import { install } from './install.mjs';
import { cliIo, loadCli } from './load-cli.mjs';
import { parseStartOptions, START_HELP } from './options.mjs';
import { requireFreePort } from './port.mjs';
import { runTool, toolPath } from './run-tool.mjs';

/**
 * @param {string[]} args
 * @param {import('./script.mjs').Script} script
 * @param {boolean} [watch]
 * @returns {Promise<number>} exit code
 */
export async function start(args, script, watch = false) {
  const { port, host, open, help } = parseStartOptions(args);
  if (help) {
    script.say(START_HELP);
    return 0;
  }
  await requireFreePort(port, host);
  await install(script);
  await build('playground', script);
  await build('node', script);
  const runCli = await loadCli(script.root);
  await prepareDemoIndexes(script, runCli);
  if (watch) {
    // later builds do not match the stamp
    rmSync(join(script.root, 'dist/playground.stamp'), { force: true });
    // Its end comes from the signal, which also ends the server.
    void runTool(process.execPath, [toolPath(script.root, 'vite'), 'build', '--mode', 'playground', '--watch'], {
      cwd: script.root,
      signal: script.signal,
    }).catch(() => undefined);
  }
  return runCli(['serve', '--port', String(port), '--host', host, ...(open ? ['--open'] : [])], cliIo(script));
}
