// npm start and npm run dev: install, build, embed the first demo corpus, serve, and embed the others while the page is
// served. Each step prints what it does and how long it took, and is skipped when nothing has changed. dev builds the
// playground again whenever one of its files changes; the page is reloaded by hand.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { DemoIndexes } from './demo-indexes.mjs';
import { install } from './install.mjs';
import { cliIo, loadCli } from './load-cli.mjs';
import { parseStartOptions, START_HELP } from './options.mjs';
import { requireFreePort } from './port.mjs';
import { runTool, toolPath } from './run-tool.mjs';
import { seconds } from './step.mjs';

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
  if (watch) {
    // later builds do not match the stamp
    rmSync(join(script.root, 'dist/playground.stamp'), { force: true });
    // Its end comes from the signal, which also ends the server.
    void runTool(process.execPath, [toolPath(script.root, 'vite'), 'build', '--mode', 'playground', '--watch'], {
      cwd: script.root,
      signal: script.signal,
    }).catch(() => undefined);
  }
  const serveArgs = ['serve', '--port', String(port), '--host', host, ...(open ? ['--open'] : [])];
  return serveDemos(new DemoIndexes(script.root), script, (maker) => runCli(serveArgs, { ...cliIo(script), maker }));
}

/**
 * Serves once the first demo corpus is embedded, and embeds the others while it serves.
 * @param {DemoIndexes} demos
 * @param {import('./script.mjs').Script} script
 * @param {(maker: import('../serve/collection-states.ts').CollectionMaker) => Promise<number>} serve settles when the
 * server has ended
 * @returns {Promise<number>} exit code, once nothing is embedded any more
 * @throws what `serve` throws; the signal's reason where it is aborted before
 */
export async function serveDemos(demos, script, serve) {
  const { names } = demos;
  await demos.prepareAll(names.slice(0, 1), script);
  const ended = new AbortController();
  const whileServed = { ...script, signal: AbortSignal.any([script.signal, ended.signal]) };
  let embedding = Promise.resolve();
  try {
    return await serve({
      states: () => demos.states,
      onListening: () => {
        script.say(`The page answers, ${seconds(performance.now())} after the start.`);
        const waiting = demos.states.filter(({ state }) => state === 'waiting').map(({ name }) => name);
        if (waiting.length > 0) script.say(`Meanwhile the other demo corpora are embedded: ${waiting.join(', ')}.`);
        // It rejects when the server has ended, and only then.
        embedding = demos.prepareAll(waiting, whileServed, true).catch(() => undefined);
      },
    });
  } finally {
    ended.abort(new Error('The server has ended.'));
    await embedding;
  }
}
