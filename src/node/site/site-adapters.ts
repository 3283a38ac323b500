// The adapters that are published with an index: those that the owner gives, and those of an earlier run that still
// fit.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PATH_READERS, reads, type LinearAdapter } from '../../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../../adapter/file.ts';
import { EraError, isEraError, messageOf } from '../../errors.ts';
import type { SiteAdapter } from '../../format/site-manifest.ts';
import { parseSpaceId, relateSpaces, type Space } from '../../space.ts';

export interface PublishedAdapter {
  readonly entry: SiteAdapter;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Methods that learn without labels; `provenance.method` of the file. */
const ALIGNED: readonly (string | undefined)[] = ['identity', 'ridge', 'join', 'era-align'];

/**
 * @throws EraError `invalid-option` for a file that cannot be read, `adapter-format`, `dimension-mismatch`,
 * `not-finite`, `space-mismatch`
 */
export async function readOwnersAdapter(path: string, space: Space): Promise<PublishedAdapter> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EraError('invalid-option', `The adapter ${path} cannot be read: ${messageOf(cause)}`, {
      details: { path },
      cause,
    });
  });
  try {
    const adapter = readAdapter(new Uint8Array(bytes));
    if (!leadsTo(adapter, space))
      throw new EraError(
        'space-mismatch',
        `it leads from ${adapter.from.join(' and ')} to ${adapter.to}, not into the index.`,
      );
    return publishedAdapter(adapter);
  } catch (cause) {
    throw isEraError(cause)
      ? new EraError(cause.code, `The adapter ${path} is not used: ${cause.message}`, {
          details: { ...cause.details, path },
          cause,
        })
      : cause;
  }
}

/** @param folder of the earlier output @returns those that are undamaged and map into `space` */
export async function keptAdapters(
  folder: string,
  entries: readonly SiteAdapter[],
  space: Space,
): Promise<PublishedAdapter[]> {
  const kept: PublishedAdapter[] = [];
  for (const entry of entries) {
    try {
      const adapter = readAdapter(new Uint8Array(await readFile(join(folder, entry.file))));
      const published = publishedAdapter(adapter);
      if (leadsTo(adapter, space) && isSameFile(published.entry.file, entry.file)) kept.push(published);
    } catch {
      // A damaged or missing file is not kept.
    }
  }
  return kept;
}

/** Earlier releases named adapters `.safetensors`. */
function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((name) => name.replace(/\.[^.]*$/, ''));
  return one === other;
}

/** Later ones replace earlier ones of the same path and stage. */
export function mergeAdapters(...groups: readonly (readonly PublishedAdapter[])[]): PublishedAdapter[] {
  const bySlot = new Map(groups.flat().map((adapter) => [`${adapter.entry.path}/${adapter.entry.stage}`, adapter]));
  return [...bySlot].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, adapter]) => adapter);
}

export function publishedAdapter(adapter: LinearAdapter): PublishedAdapter {
  const bytes = writeAdapter(adapter);
  const { path, provenance } = adapter;
  const stage = ALIGNED.includes(provenance['method']) ? 'aligned' : 'adapted';
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { entry: { path, stage, file: `adapters/${path}-${stage}-${hash}.bin`, bytes: bytes.length }, bytes };
}

/**
 * The remote model is configured in the page; the adapter's part for the small model, and its output, must have the
 * index's space.
 */
function leadsTo({ path, from, to, dIn, dOut }: LinearAdapter, space: Space): boolean {
  const fits = (id: string | undefined): boolean =>
    id !== undefined && relateSpaces(parseSpaceId(id), space) !== 'different';
  const readers = PATH_READERS[path];
  if (from.length !== readers.length || dOut !== space.dims || !fits(to)) return false;
  if (readers[0] === 'remote') return true;
  return fits(from[0]) && (reads(path, 'remote') ? dIn > space.dims : dIn === space.dims);
}
