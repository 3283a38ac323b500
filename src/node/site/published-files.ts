// Files that are published beside an index so that a site needs nothing else: those of <era-search>, and the small
// model for visitors who allow it.

import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { portableWeights, type ModelDescription } from '../../encode/models.ts';
import { EraError, messageOf } from '../../errors.ts';
import { syncToDisk } from './sync-to-disk.ts';

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
  let bytes = 0;
  for (const file of files) {
    const target = join(to, file);
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, file), target, constants.COPYFILE_FICLONE);
      await syncToDisk(target, 'r+');
      bytes += (await stat(target)).size;
    } catch (cause) {
      throw new EraError('invalid-option', `${join(from, file)} cannot be copied: ${messageOf(cause)}`, {
        details: { file },
        cause,
      });
    }
  }
  return bytes;
}

/** ONNX Runtime and tfjs's WebAssembly, by the names that the build gives them: 11 MB that only vectors need. */
const VECTOR_RUNTIME = /^assets[/\\](?:ort-|tfjs-backend-)[^/\\]*\.(?:js|bin)$/;

/**
 * The files of the built element, `era-search.js` included.
 * @param hasVectors false leaves out the runtimes that embed and train, which no page of the collection can use
 * @throws EraError `invalid-option` when they do not exist
 */
export async function elementFiles(folder: string, hasVectors: boolean): Promise<string[]> {
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
  return files.filter((name) => hasVectors || !VECTOR_RUNTIME.test(name)).sort();
}

/** The model's files that a page needs: description, tokenizer, known answers, and the weights that run everywhere. */
export async function modelFiles(modelsDir: string, description: ModelDescription): Promise<string[]> {
  const { name: model } = description;
  const names = await readdir(join(modelsDir, model)).catch((cause: unknown) => {
    throw new EraError('model-load', `${join(modelsDir, model)}: ${messageOf(cause)}`, {
      details: { address: join(modelsDir, model) },
      cause,
    });
  });
  return [...names.filter((name) => name.endsWith('.json')).sort(), `onnx/${portableWeights(description).file}`].map(
    (name) => join(model, name),
  );
}
