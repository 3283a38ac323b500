// npm start: install, build, index what is missing, then serve. Each step says what it does and is passed over when nothing changed.

import { build } from './build.mjs';
import { prepareDemoIndexes } from './demo-indexes.mjs';
import { install } from './install.mjs';
import { cliIo, loadCli } from './load-cli.mjs';
import { parseStartOptions, START_HELP } from './options.mjs';
import { requireFreePort } from './port.mjs';

/**
 * @param {string[]} args
 * @param {import('./script.mjs').Script} script
 * @returns {Promise<number>} exit code
 */
export async function start(args, script) {
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
  return runCli(['serve', '--port', String(port), '--host', host, ...(open ? ['--open'] : [])], cliIo(script));
}
