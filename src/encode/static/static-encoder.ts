// Reads a query without a model: the sum of its words' rows, at unit length. A few hundred additions a word.

import { damagedSite } from '../../format/site-json.ts';
import { ROW_BITS } from '../../format/static-parts.ts';
import { addFewBits, isPacked } from '../../math/few-bits.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { dot, normalizeRows } from '../../math/vector.ts';
import { knownTerms, type CutWord } from './bags.ts';

/** Row of a term as it is packed; null for a term that the table does not have. */
export type FindRow = (term: string) => Promise<Uint8Array | null>;

/**
 * Words near to what all words say together repeat one another, and each counts less: by its cosine to their sum, at
 * least `LEAST_COSINE`, to the power of minus `REPETITION`. The encoder that is fitted lacks a model's attention, which
 * does the same. docs/research.md has what it brings.
 */
const REPETITION = 0.3;
const LEAST_COSINE = 0.1;

/**
 * @param words of the query
 * @param dims of the table
 * @returns [dims], unit length; null where the table has none of the words, or they cancel out
 * @throws EraError `index-format` for a damaged row; what `find` throws
 */
export async function encodeStatic(
  words: readonly CutWord[],
  dims: number,
  find: FindRow,
): Promise<Float32Array<ArrayBuffer> | null> {
  const terms = [...new Set(words.flatMap(({ term, parts }) => [term, ...parts.map((part) => part.term)]))];
  const rows = new Map(await Promise.all(terms.map(async (term) => [term, await find(term)] as const)));
  const vectors = knownTerms(words, (term) => rows.get(term) ?? undefined).map((row) => {
    if (!isPacked(row, 0)) throw damagedSite('a row of a word');
    return addFewBits(new Float32Array(dims), row, 0, ROW_BITS);
  });
  const all = sumOf(vectors, () => 1, dims);
  const sum = sumOf(vectors, (vector) => Math.max(LEAST_COSINE, cosine(vector, all)) ** -REPETITION, dims);
  return sum.some((value) => value !== 0) ? sum : null;
}

/**
 * A query's vector in the passages' space, where it can be compared with whole vectors and mapped by an adapter.
 * @param vector [directions] @param directions of the encoder @returns [directions.dims], unit length
 */
export function inPassageSpace(
  vector: Float32Array,
  { codes, scales, dims }: QuantizedVectors,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(dims);
  vector.forEach((value, i) => {
    const factor = value * scales[i]!;
    for (let j = 0; j < dims; j++) out[j]! += factor * codes[i * dims + j]!;
  });
  normalizeRows(out, dims);
  return out;
}

/**
 * Another spelling of a word has a cosine of 0.5 and more to it (colour, color: 0.9; dialogue, dialog: 0.6), a word that
 * is only written alike of at most 0.2 (threw, three: 0.1; branch, ranch: 0.15).
 */
const LEAST_OF_A_SPELLING = 0.4;

/** Whether the rows of two words that are written alike say that one is another spelling or form of the other. */
export function meansTheSame(packed: Uint8Array, other: Uint8Array, dims: number): boolean {
  const [a, b] = [packed, other].map((row) => addFewBits(new Float32Array(dims), row, 0, ROW_BITS)) as [
    Float32Array,
    Float32Array,
  ];
  normalizeRows(b, dims);
  return cosine(a, b) >= LEAST_OF_A_SPELLING;
}

/** At unit length; zeros where the vectors cancel out. */
function sumOf(
  vectors: readonly Float32Array[],
  weight: (vector: Float32Array) => number,
  dims: number,
): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(dims);
  for (const vector of vectors) {
    const factor = weight(vector);
    for (let i = 0; i < dims; i++) sum[i]! += factor * vector[i]!;
  }
  normalizeRows(sum, dims);
  return sum;
}

function cosine(vector: Float32Array, unit: Float32Array): number {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? 0 : dot(vector, unit) / length;
}
