// A process of its own makes a collection of a demo corpus: reading texts and cutting them into tokens would hold up
// the server, and a process can be given a lower priority.

import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runTool } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';

/** Takes the job as its argument, as JSON. */
export const CHILD = fileURLToPath(new URL('build-collection-child.mjs', import.meta.url));

/**
 * @typedef {object} CollectionJob
 * @property {string} name for messages
 * @property {string} docs path of the passages, JSONL
 * @property {string} out folder to write, whole or not at all
 * @property {boolean} inBackground gives way to every other process
 * @property {string} [cacheDir] folder with vectors of earlier runs; that of `era-search index` by default
 *
 * @typedef {{ left: number } | { problem: string }} ChildMessage `left`: texts without a vector
 */

/**
 * @param {CollectionJob} job
 * @param {Pick<import('./script.mjs').Script, 'root' | 'signal'>} script
 * @param {(left: number) => void} onLeft how many different texts have no vector yet, after each that gets one
 * @throws SetupError `index-failed`; the signal's reason once the process is gone
 */
export async function buildCollection(job, { root, signal }, onLeft) {
  let problem = '';
  const { code, output } = await runTool(process.execPath, [CHILD, JSON.stringify(job)], {
    cwd: root,
    signal,
    capture: true,
    onMessage: (message) => {
      const told = /** @type {ChildMessage} */ (message);
      if ('left' in told) onLeft(told.left);
      else problem = told.problem;
    },
  });
  if (code === 0) return;
  const why = problem || output.trim() || `Its process ended with code ${code}.`;
  throw new SetupError('index-failed', `The collection of ${job.name} could not be made: ${why}`);
}
