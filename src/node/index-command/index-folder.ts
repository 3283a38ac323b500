// The folder of a built index: index-<hash>.era and index.json, which names it. A reader sees the whole old index or the whole new one:
// files are written beside and renamed, the manifest last, and only then does the old file go.

import { constants } from 'node:fs';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import { makeManifest, type Manifest } from '../../format/manifest.ts';
import { readIndex } from '../../format/reader.ts';

const INDEX_FILE = /^index-[0-9a-f]+\.era$/;
const UNFINISHED = '.unfinished';

/** Makes the folder where it is missing. @throws EraError `invalid-option` when nothing can be written there */
export async function openIndexFolder(dir: string): Promise<void> {
  await orInvalid(dir, async () => {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK | constants.X_OK);
  });
}

/** @param bytes an index file @throws EraError `invalid-option` when the folder cannot be written */
export async function writeIndexFolder(dir: string, bytes: Uint8Array<ArrayBuffer>): Promise<Manifest> {
  const manifest = makeManifest(bytes, readIndex(bytes));
  await orInvalid(dir, async () => {
    await replaceFile(join(dir, manifest.file), bytes);
    await replaceFile(join(dir, 'index.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const name of await readdir(dir)) {
      const old = INDEX_FILE.test(name) && name !== manifest.file;
      const leftOver = name.endsWith(UNFINISHED) && (INDEX_FILE.test(name.slice(0, -UNFINISHED.length)) || name === `index.json${UNFINISHED}`);
      if (old || leftOver) await rm(join(dir, name), { force: true });
    }
  });
  return manifest;
}

async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(path + UNFINISHED, content, { flush: true });
  await rename(path + UNFINISHED, path);
}

async function orInvalid(dir: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new EraError('invalid-option', `The folder ${dir} cannot be written: ${messageOf(cause)}`, { details: { dir }, cause });
  }
}
