// Reads the pages of a folder as text, one at a time, in the order of their paths, and reports the files that cannot be
// read and the links that are not followed, with the reason.

import { readdir, readFile, realpath, stat } from 'node:fs/promises';
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
  /** `link-outside`: a link to a folder that is not below the folder of the site. */
  readonly reason: 'too-large' | 'unreadable' | 'link-outside';
}

export const DEFAULT_GLOB = '**/*.{html,htm,xhtml}';
/** Files that are read while pages before them are extracted. */
const READ_AHEAD = 8;
const MAX_BYTES = 50_000_000;

/**
 * Names that begin with a dot and `node_modules` are left out. A symbolic link to a file is read as that file, wherever
 * it is (build tools such as Bazel and Nix publish their files so); one to a folder is followed where that is below
 * `dir` and not read already.
 * @throws EraError `invalid-input` where there is no such folder
 */
export async function* readFolder(
  dir: string,
  options: FolderOptions = {},
): AsyncGenerator<FolderPage | FolderLeftOut> {
  const { maxBytes = MAX_BYTES, keepIndexUrl = false, signal } = options;
  const root = await realFolder(dir);
  const links = await linkedFolders(root);
  for (const path of links.outside) yield { path, reason: 'link-outside' };
  const paths = await pathsIn(root, links.notFollowed, options);
  const read = (path: string): Promise<Buffer | null | undefined> => {
    const file = join(root, path);
    return stat(file)
      .then(({ size }) => (size > maxBytes ? null : readFile(file)))
      .catch(() => undefined);
  };
  const ahead = paths.slice(0, READ_AHEAD).map(read);
  for (const [i, path] of paths.entries()) {
    signal?.throwIfAborted();
    const bytes = await ahead.shift()!;
    const next = paths[i + READ_AHEAD];
    if (next !== undefined) ahead.push(read(next));
    if (bytes) yield { path, url: urlOfPath(path, keepIndexUrl), html: decodeHtml(bytes, typeOf(path)) };
    else yield { path, reason: bytes === null ? 'too-large' : 'unreadable' };
  }
}

function typeOf(path: string): string {
  return /\.xhtml$/i.test(path) ? 'application/xhtml+xml' : '';
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
  notFollowed: readonly string[],
  { glob: pattern = DEFAULT_GLOB, outputDirs = [], signal }: FolderOptions,
): Promise<string[]> {
  const outputs = outputDirs
    .map((output) => relative(root, resolve(output)).split(sep).join('/'))
    .filter((path) => path !== '' && !path.startsWith('../'));
  const paths = await glob(pattern, {
    cwd: root,
    expandDirectories: false,
    caseSensitiveMatch: pattern !== DEFAULT_GLOB, // by default GUIDE.HTML is a page too
    ignore: ['**/node_modules/**', ...[...outputs, ...notFollowed].map((path) => `${escapePath(path)}/**`)],
    ...(signal && { signal }),
  });
  signal?.throwIfAborted(); // ends the glob early
  return paths.sort();
}

/**
 * Links to folders that are not to be followed: those that lead out of the root, and those to a folder that is read
 * under another path, so that loops end.
 */
async function linkedFolders(root: string): Promise<{ notFollowed: string[]; outside: string[] }> {
  const seen = new Set<string>();
  const links: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const real = await realpath(join(root, path));
    if (seen.has(real)) return;
    seen.add(real);
    const entries = await readdir(real, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) await visit(below);
      else if (entry.isSymbolicLink()) links.push(below);
    }
  };
  await visit('');
  const notFollowed: string[] = [];
  const outside: string[] = [];
  for (const path of links) {
    const real = await realpath(join(root, path)).catch(() => null);
    if (real === null || !(await stat(real)).isDirectory()) continue;
    const isOutside = real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep);
    if (isOutside) outside.push(path);
    if (isOutside || seen.has(real)) notFollowed.push(path);
    else await visit(path); // adds the links in it to this list
  }
  return { notFollowed, outside };
}

/** @param path relative to the site's root, with slashes */
export function urlOfPath(path: string, keepIndexUrl = false): string {
  const shown = keepIndexUrl ? path : path.replace(/(^|\/)index\.x?html?$/, '$1');
  return shown === ''
    ? './'
    : shown
        .split('/')
        .map((part) => encodeURIComponent(part).replace(/%(?:40|2B|2C|3D)/g, decodeURIComponent))
        .join('/');
}
