// Runs the built command line for the specs.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const cli: string = join(root, 'dist/node/cli.js');

/** Runs `era-search` with these arguments to its end. Rejects with its output where it fails. */
export async function runCli(...args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [cli, ...args], { cwd: root, maxBuffer: 2 ** 26 });
}
