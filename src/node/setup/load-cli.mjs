// Loads the Node build into this process, so that a command ends with this process.

import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** @typedef {typeof import('../run-cli.ts').runCli} RunCli */

/** @param {string} root */
export async function loadNodeBuild(root) {
  /** @type {unknown} */
  const built = await import(pathToFileURL(join(root, 'dist/node/index.js')).href);
  return /** @type {typeof import('../index.ts')} */ (built);
}

/** @param {string} root */
export async function loadCli(root) {
  return (await loadNodeBuild(root)).runCli;
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
