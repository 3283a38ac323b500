// Shared by all set-up scripts: the folder of the repository, output, interruption and exit codes. Exit codes: 0 done
// (Ctrl+C while serving counts as done), 1 failed, 2 wrong usage, 130 stopped by Ctrl+C before it was done.

import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Interrupted, SetupError } from './setup-error.mjs';

/**
 * @typedef {object} Script
 * @property {string} root folder of package.json
 * @property {(line: string) => void} say one line for the person at the terminal
 * @property {AbortSignal} signal aborted, with an Interrupted as its reason, when the script should stop
 */

export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs `main` and sets the exit code. A second Ctrl+C ends the process at once.
 * @param {(args: string[], script: Script) => Promise<number>} main
 */
export async function runScript(main) {
  const controller = new AbortController();
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      const reason = new Interrupted(name);
      if (controller.signal.aborted) process.exit(reason.exitCode);
      controller.abort(reason);
    });
  }
  /** @type {Script} */
  const script = {
    root: repositoryRoot,
    say: (line) => void process.stdout.write(`${line}\n`),
    signal: controller.signal,
  };
  try {
    process.exitCode = await main(process.argv.slice(2), script);
  } catch (error) {
    process.exitCode = error instanceof SetupError || error instanceof Interrupted ? error.exitCode : 1;
    console.error(error instanceof SetupError || error instanceof Interrupted ? `\n${error.message}` : error);
  }
}
