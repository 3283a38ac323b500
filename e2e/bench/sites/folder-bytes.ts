// Bytes by kind of file: of a folder on disk, or of what was sent.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';

export type KindBytes = Readonly<Record<string, number>>;

/** Kind of a file in the folder that `era-search index` writes. */
export function kindOfOurs(path: string): string {
  const part = /parts\/([a-z]+)-[^/]*$/.exec(path);
  if (part) return ['base', 'dictionary', 'terms', 'keyword'].includes(part[1]!) ? 'keyword' : part[1]!;
  if (/era-search\.json$/.test(path)) return 'manifest';
  if (/(^|\/)models\//.test(path)) return 'model';
  if (/(^|\/)playground\//.test(path)) return "owner's page";
  if (/ort[-.]/.test(path)) return 'model runtime';
  if (/\.bin$/.test(path)) return 'wasm';
  if (/\.html$/.test(path)) return 'page';
  return 'script';
}

/** Kind of a file in the folder that `pagefind` writes. */
export function kindOfPagefind(path: string): string {
  if (/\.pf_index$/.test(path)) return 'keyword';
  if (/\.pf_fragment$/.test(path)) return 'text';
  if (/\.(pf_meta|pf_filter)$|pagefind-entry\.json$/.test(path)) return 'manifest';
  if (/\.pagefind$/.test(path)) return 'wasm';
  if (/\.html$/.test(path)) return 'page';
  return 'script';
}

export function sumByKind(
  files: readonly { readonly path: string; readonly bytes: number }[],
  kindOf: (path: string) => string,
): KindBytes {
  const sums: Record<string, number> = {};
  for (const { path, bytes } of files) sums[kindOf(path)] = (sums[kindOf(path)] ?? 0) + bytes;
  return sums;
}

export async function folderBytes(folder: string, kindOf: (path: string) => string): Promise<KindBytes> {
  const paths = await glob('**/*', { cwd: folder, dot: true });
  const files = await Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(join(folder, path))).size })));
  return sumByKind(files, kindOf);
}

export function total(bytes: KindBytes): number {
  return Object.values(bytes).reduce((sum, n) => sum + n, 0);
}
