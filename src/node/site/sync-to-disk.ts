// A file or folder through to the disk. By number and not by `FileHandle`, whose `sync` Yarn's Plug'n'Play lacks.

import { close, fsync, open } from 'node:fs';
import { promisify } from 'node:util';

/** @param flags as `open` has them: a file is opened for writing, a folder for reading */
export async function syncToDisk(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await promisify(open)(path, flags);
  try {
    await promisify(fsync)(file);
  } finally {
    await promisify(close)(file);
  }
}
