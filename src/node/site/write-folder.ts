// Replaces a folder as a whole: a new folder is filled beside it, then renamed over the old one. On any failure the old
// folder is unchanged and nothing partial is left: an error or a cancel removes the new folder at once, and the next
// run removes what a killed run left.

import { randomBytes } from 'node:crypto';
import { constants, existsSync, renameSync } from 'node:fs';
import { access, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { SITE_MANIFEST_FILE } from '../../format/site-manifest.ts';
import { EraError, messageOf } from '../../errors.ts';
import { syncToDisk } from './sync-to-disk.ts';

/**
 * `.<name>-<process>-<random>.unfinished` while it is filled, `.old` for the moment in which two folders are swapped.
 */
const BESIDE = /^\.(.+)-(\d+)-[0-9a-f]{8}\.(unfinished|old)$/;

/** Folders that this process is filling now. */
const underWay = new Set<string>();

/**
 * Refuses a folder that cannot become an output, before any work is done for it.
 * @returns its path, symbolic links followed
 * @throws EraError `invalid-option` when it is a file, has files that are not from era-search, or cannot be written
 */
export async function checkOutput(folder: string): Promise<string> {
  const path = await realOutput(resolve(folder));
  return orInvalid(path, async () => {
    const found = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (found && !found.isDirectory())
      throw new EraError('invalid-option', `${path} is a file: the index needs a folder.`, { details: { path } });
    if (found && !existsSync(join(path, SITE_MANIFEST_FILE)) && (await readdir(path)).length > 0) {
      throw new EraError(
        'invalid-option',
        `${path} holds files, but no ${SITE_MANIFEST_FILE}: it is not an index, and is not replaced. Empty it, or name another folder.`,
        { details: { path } },
      );
    }
    await access(nearestFolder(dirname(path)), constants.W_OK | constants.X_OK);
    return path;
  });
}

/**
 * @param path of `checkOutput`
 * @param fill writes the new folder's files
 * @throws EraError `invalid-option` when it cannot be written; whatever `fill` throws
 */
export async function replaceFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const parent = dirname(path);
  const made = await orInvalid(path, () => mkdir(parent, { recursive: true }));
  const name = `.${basename(path)}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const unfinished = join(parent, `${name}.unfinished`);
  underWay.add(name);
  try {
    await orInvalid(path, async () => {
      await clearLeftOvers(path);
      await mkdir(unfinished);
    });
    await fill(unfinished);
    await orInvalid(path, async () => {
      await checkOutput(path); // the folder may have changed while the index was made
      await syncFolder(unfinished);
      swap(unfinished, path, join(parent, `${name}.old`));
      await syncFolder(parent);
    });
    // the next run removes it
    await rm(join(parent, `${name}.old`), { recursive: true, force: true }).catch(() => undefined);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined); // the first error is thrown
    if (made !== undefined) await removeEmpty(parent, made);
    throw error;
  } finally {
    underWay.delete(name);
  }
}

/** Signals do not interrupt it, since Node delivers them between turns of the event loop. */
function swap(unfinished: string, path: string, old: string): void {
  const replaced = existsSync(path);
  if (replaced) renameSync(path, old);
  try {
    renameSync(unfinished, path);
  } catch (error) {
    if (replaced) renameSync(old, path);
    throw error;
  }
}

/** Removes what killed runs left. A run killed between the two renames left the old folder aside: it is moved back. */
async function clearLeftOvers(path: string): Promise<void> {
  const parent = dirname(path);
  for (const name of await readdir(parent)) {
    const [, base, owner, kind] = BESIDE.exec(name) ?? [];
    if (base !== basename(path) || (isAlive(Number(owner)) && !isForgotten(name, Number(owner)))) continue;
    if (kind === 'old' && !existsSync(path)) renameSync(join(parent, name), path);
    else await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** True for a folder of an earlier process with the same process id, as in containers. */
function isForgotten(name: string, owner: number): boolean {
  return owner === process.pid && !underWay.has(name.replace(/\.(unfinished|old)$/, ''));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Follows links as far as the path exists. */
async function realOutput(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  return real ?? (dirname(path) === path ? path : join(await realOutput(dirname(path)), basename(path)));
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** Removes folders that were made for an output that failed. @param highest the topmost of them */
async function removeEmpty(folder: string, highest: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    if ((await readdir(path).catch(() => ['unknown'])).length > 0) return;
    await rm(path, { recursive: true, force: true });
    if (path === highest) return;
  }
}

/**
 * Syncs a folder, so that a power cut does not undo the rename alone. Folders cannot be opened on Windows, where
 * nothing is done.
 */
async function syncFolder(path: string): Promise<void> {
  await syncToDisk(path, 'r').catch(() => undefined);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

async function orInvalid<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EraError) throw cause;
    throw new EraError('invalid-option', `The folder ${path} cannot be written: ${messageOf(cause)}`, {
      details: { path },
      cause,
    });
  }
}
