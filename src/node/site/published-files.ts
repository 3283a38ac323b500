// Files that are published beside an index so that a site needs nothing else: those of <era-search>. The small model is
// published by published-model.ts.

import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import { syncToDisk } from './sync-to-disk.ts';

const FILES_AT_ONCE = 16;

/**
 * Writes and syncs to disk, since the folder is renamed into place afterwards.
 * @returns bytes written
 * @throws EraError `invalid-option`
 */
export async function writeIn(folder: string, name: string, bytes: Uint8Array): Promise<number> {
  const path = join(folder, name);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes, { flush: true });
  } catch (cause) {
    throw new EraError('invalid-option', `${path} cannot be written: ${messageOf(cause)}`, {
      details: { path },
      cause,
    });
  }
  return bytes.length;
}

/** @returns bytes copied @throws EraError `invalid-option` when `from` cannot be read, or lacks one of the files */
export async function copyFiles(from: string, to: string, files: readonly string[]): Promise<number> {
  const sizes = await sideBySide(files, async (file) => {
    const target = join(to, file);
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, file), target, constants.COPYFILE_FICLONE);
      await syncToDisk(target, 'r+');
      return (await stat(target)).size;
    } catch (cause) {
      throw new EraError('invalid-option', `${join(from, file)} cannot be copied: ${messageOf(cause)}`, {
        details: { file },
        cause,
      });
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Works on some files at a time, since most of the time is waiting for the disk. When one fails the others of its group
 * are waited for, so that nothing is written after the call.
 * @throws what the first that failed throws
 */
export async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let first = 0; first < items.length; first += FILES_AT_ONCE) {
    const group = await Promise.allSettled(items.slice(first, first + FILES_AT_ONCE).map(work));
    for (const result of group) {
      if (result.status === 'rejected') throw result.reason;
      done.push(result.value);
    }
  }
  return done;
}

/** By the names that the build gives them. */
const RUNTIMES = {
  /** ONNX Runtime and tfjs's WebAssembly: 11 MB that only vectors need. */
  vectors: /^assets[/\\](?:ort-|tfjs-backend-)[^/\\]*\.(?:js|bin)$/,
  /** ONNX Runtime with WebGPU, of which only float weights make use. */
  webgpu: /^assets[/\\]ort-[^/\\]*\.asyncify-[^/\\]*\.(?:js|bin)$/,
};

/**
 * The files of the built element, `era-search.js` included.
 * @param runtimes false leaves out the files that no page of the collection can use
 * @throws EraError `invalid-option` when they do not exist
 */
export async function elementFiles(
  folder: string,
  runtimes: Readonly<Record<keyof typeof RUNTIMES, boolean>>,
): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  if (!files.includes('era-search.js')) {
    throw new EraError(
      'invalid-option',
      `${folder} does not hold the files of <era-search>. In a clone of era-search, build them: npx vite build --mode site`,
      { details: { folder } },
    );
  }
  const isUsed = (name: string): boolean =>
    (runtimes.vectors || !RUNTIMES.vectors.test(name)) && (runtimes.webgpu || !RUNTIMES.webgpu.test(name));
  return files.filter(isUsed).sort();
}
