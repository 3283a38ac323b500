// Records the inputs of a result, so that it is made again only when they have changed. A stamp is a content hash in a
// file.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * sha-256 over the names and bytes of files, in name order. A missing path counts as absent, not as an error.
 * @param {string} root
 * @param {readonly string[]} paths files and folders below `root`
 * @param {(path: string) => boolean} [isInput] which files count; all if absent
 * @returns {string} hex
 */
export function hashInputs(root, paths, isInput = () => true) {
  const files = paths.flatMap((path) => filesBelow(root, path)).filter(isInput);
  const hash = createHash('sha256');
  for (const file of [...new Set(files)].sort()) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]} paths below root with `/`
 */
function filesBelow(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).flatMap((name) => filesBelow(root, `${path}/${name}`));
}

/**
 * @typedef {{ stampFile: string, result: string, hash: string }} Stamp
 *
 * @param {Stamp} stamp
 * @returns {boolean} whether the result is there and was made from the same inputs
 */
export function isMade({ stampFile, result, hash }) {
  return existsSync(result) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash;
}

/**
 * Calls `make` unless the stamp records the same inputs and `result` still exists.
 * @param {Stamp} stamp
 * @param {() => Promise<void>} make
 * @returns {Promise<boolean>} whether it was made now
 */
export async function makeOnce(stamp, make) {
  if (isMade(stamp)) return false;
  const { stampFile, hash } = stamp;
  rmSync(stampFile, { force: true }); // an interrupted run leaves no stamp
  await make();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
  return true;
}
