// Debian's packages, downloaded and unpacked into a folder without root.

import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @throws the error of apt-get */
export async function downloadPackage(name: string, folder: string): Promise<void> {
  await run('apt-get', ['download', name], { cwd: folder });
}

/** Name of the one package in a folder, `name_version_architecture.deb`; undefined for none. */
export async function packageIn(folder: string): Promise<string | undefined> {
  return (await readdir(folder)).find((file) => file.endsWith('.deb'));
}

/** Unpacks the package of a folder into another. */
export async function unpackPackage(folder: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await run('dpkg', ['-x', join(folder, (await packageIn(folder))!), to], { maxBuffer: 2 ** 26 });
}
