// Loads the command line of the Node build into this process, so that it ends with this process.

import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** @typedef {typeof import('../run-cli.ts').runCli} RunCli */

/** @param {string} root */
export async function loadCli(root) {
  /** @type {unknown} */
  const built = await import(pathToFileURL(join(root, 'dist/node/index.js')).href);
  return /** @type {{ runCli: RunCli }} */ (built).runCli;
}

/**
 * @param {import('./script.mjs').Script} script
 * @returns {import('../command-io.ts').CommandIo}
 */
export function cliIo({ signal }) {
  return {
    print: (line) => console.log(line),
    note: (line) => console.error(line),
    terminal: process.stderr.isTTY ? process.stderr : undefined,
    signal,
  };
}
