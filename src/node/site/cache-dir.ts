// The folder of what runs keep for later ones, vectors and pages. By default it is in the project's node_modules/.cache
// where there is a project, so that a cache of node_modules between builds includes it; else in the user's cache folder.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { isEraError } from '../../errors.ts';

const NAME = 'era-search';

export interface CacheSettings {
  /** Null for none. */
  readonly cacheDir: string | null;
  /** Only a folder that the user named causes an error when it cannot be written. */
  readonly isCacheNamed: boolean;
}

/** @returns null where there is no folder; where the default one cannot be written, `warnings` say so */
export function openCache<T>(
  { cacheDir, isCacheNamed }: CacheSettings,
  warnings: string[],
  open: (folder: string) => T,
): T | null {
  if (cacheDir === null) return null;
  try {
    return open(cacheDir);
  } catch (error) {
    if (isCacheNamed || !isEraError(error)) throw error;
    if (!warnings.includes(error.message)) warnings.push(error.message);
    return null;
  }
}

export function defaultCacheDir(
  cwd: string = process.cwd(),
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules'))) return join(folder, 'node_modules/.cache', NAME);
    if (dirname(folder) === folder) return join(userCacheDir(env), NAME);
  }
}

function userCacheDir({ XDG_CACHE_HOME, LOCALAPPDATA }: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}
