// The vectors of a collection's passages, put where the scanner reads them as they arrive.

import { isEraError } from '../errors.ts';
import { decodeVectorPart, setVectorPart } from '../format/site-parts.ts';
import type { SiteManifest } from '../format/site-manifest.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { allocateVectors } from '../scan/wasm/place.ts';
import { downloadParts } from '../transfer/download-parts.ts';
import type { PartBytes, PartSource } from '../transfer/part-source.ts';
import { rowsIn } from './numbered-parts.ts';

/** Calls `visit` with each stored part, by its file; resolves to whether all bytes are those that were stored. */
export type VisitStored = (visit: (file: string, bytes: PartBytes) => void) => Promise<boolean>;

/**
 * In row order. Parts that are stored, sound and of the manifest are not kept besides.
 * @throws as `PartSource.read`
 */
export async function readVectors(
  { vectorParts, passages }: Pick<SiteManifest, 'vectorParts' | 'passages'>,
  dims: number,
  parts: PartSource,
  visitStored: VisitStored,
): Promise<QuantizedVectors> {
  const all = allocateVectors(passages, dims);
  const take = (n: number, bytes: PartBytes): void =>
    setVectorPart(all, vectorParts[n]!.first, decodeVectorPart(bytes, rowsIn(vectorParts, n, passages), dims));
  const numbers = new Map(vectorParts.map(({ file }, n) => [file, n]));
  const taken = new Set<number>();
  const areSound = await visitStored((file, bytes) => {
    const n = numbers.get(file);
    if (n === undefined) return;
    try {
      take(n, bytes);
      taken.add(n);
    } catch (error) {
      if (!isEraError(error)) throw error; // a damaged part is fetched
    }
  });
  const missing = vectorParts.map((part, n) => ({ part, n })).filter(({ n }) => !(areSound && taken.has(n)));
  await downloadParts(
    parts,
    missing.map(({ part }) => part),
    {},
  );
  await Promise.all(missing.map(({ part, n }) => parts.read(part, (bytes) => take(n, bytes))));
  return all;
}
