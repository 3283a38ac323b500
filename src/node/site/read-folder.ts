// Reads the pages of a folder as text, one at a time, in the order of their paths, and reports the files that cannot be
// read, with the reason.

import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { escapePath, glob } from 'tinyglobby';
import { EraError, messageOf } from '../../errors.ts';
import { decodeHtml } from './decode-html.ts';

export interface FolderOptions {
  /** @default DEFAULT_GLOB */
  readonly glob?: string | undefined;
  /** Folders whose files are not pages, such as the one the index is written to. */
  readonly outputDirs?: readonly string[] | undefined;
  /** @default 50 MB */
  readonly maxBytes?: number | undefined;
  /** `guide/index.html` keeps that address instead of `guide/`. @default false */
  readonly keepIndexUrl?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FolderPage {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  /** Relative to the site's root, percent-encoded; the page at the root is `./`. */
  readonly url: string;
  readonly html: string;
}

export interface FolderLeftOut {
  readonly path: string;
  readonly reason: 'too-large' | 'unreadable';
}

export const DEFAULT_GLOB = '**/*.{html,htm}';
const MAX_BYTES = 50_000_000;

/**
 * Names that begin with a dot, `node_modules` and symbolic links are left out.
 * @throws EraError `invalid-input` where there is no such folder
 */
export async function* readFolder(
  dir: string,
  options: FolderOptions = {},
): AsyncGenerator<FolderPage | FolderLeftOut> {
  const { maxBytes = MAX_BYTES, keepIndexUrl = false, signal } = options;
  const root = await realFolder(dir);
  for (const path of await pathsIn(root, options)) {
    signal?.throwIfAborted();
    const file = join(root, path);
    const bytes = await stat(file)
      .then(({ size }) => (size > maxBytes ? null : readFile(file)))
      .catch(() => undefined);
    if (bytes) yield { path, url: urlOfPath(path, keepIndexUrl), html: decodeHtml(bytes) };
    else yield { path, reason: bytes === null ? 'too-large' : 'unreadable' };
  }
}

async function realFolder(dir: string): Promise<string> {
  const fail = (why: string, cause?: unknown): never => {
    throw new EraError('invalid-input', `${dir}: ${why}`, { details: { dir }, cause });
  };
  const real = await realpath(dir).catch((cause: unknown) => fail(messageOf(cause), cause));
  return (await stat(real)).isDirectory() ? real : fail('not a folder');
}

/** In code unit order, the same on every machine. */
async function pathsIn(
  root: string,
  { glob: pattern = DEFAULT_GLOB, outputDirs = [], signal }: FolderOptions,
): Promise<string[]> {
  const outputs = outputDirs
    .map((output) => relative(root, resolve(output)).split(sep).join('/'))
    .filter((path) => path !== '' && !path.startsWith('../'));
  const paths = await glob(pattern, {
    cwd: root,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', ...outputs.map((path) => `${escapePath(path)}/**`)],
    ...(signal && { signal }),
  });
  signal?.throwIfAborted(); // ends the glob early
  return paths.sort();
}

/** @param path relative to the site's root, with slashes */
export function urlOfPath(path: string, keepIndexUrl = false): string {
  const shown = keepIndexUrl ? path : path.replace(/(^|\/)index\.html?$/, '$1');
  return shown === ''
    ? './'
    : shown
        .split('/')
        .map((part) => encodeURIComponent(part).replace(/%(?:40|2B|2C|3D)/g, decodeURIComponent))
        .join('/');
}
