// Vectors of texts that an earlier build of a collection has embedded, so that building it again embeds only what is new.

import type { QuantizedVectors } from '../math/quantize.ts';

export interface KnownVectors {
  /** Numbers of the texts that have one, ascending. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** [rows.length, dims] */
  readonly vectors: QuantizedVectors;
}

/**
 * @param texts of a collection that is being built
 * @param earlier texts of the collection before, and their vectors in the same order and space
 */
export function knownVectors(
  texts: readonly string[],
  earlier: { readonly texts: readonly string[]; readonly vectors: QuantizedVectors },
): KnownVectors {
  const rowOf = new Map(earlier.texts.map((text, row) => [text, row]));
  const rows = Int32Array.from(texts.keys()).filter((i) => rowOf.has(texts[i]!));
  const vectors = emptyVectors(rows.length, earlier.vectors.dims);
  rows.forEach((i, at) => copyRow(earlier.vectors, rowOf.get(texts[i]!)!, vectors, at));
  return { rows, vectors };
}

/** The vectors of all texts. @param fresh of the texts that are not known, in their order */
export function joinKnown({ rows, vectors: known }: KnownVectors, fresh: QuantizedVectors): QuantizedVectors {
  const all = emptyVectors(rows.length + fresh.scales.length, fresh.dims);
  let at = 0;
  for (let i = 0; i < all.scales.length; i++)
    if (rows[at] === i) copyRow(known, at++, all, i);
    else copyRow(fresh, i - at, all, i);
  return all;
}

function emptyVectors(count: number, dims: number): QuantizedVectors {
  return { codes: new Int8Array(count * dims), scales: new Float32Array(count), dims };
}

function copyRow(from: QuantizedVectors, row: number, to: QuantizedVectors, at: number): void {
  const { dims } = from;
  to.codes.set(from.codes.subarray(row * dims, (row + 1) * dims), at * dims);
  to.scales[at] = from.scales[row]!;
}
