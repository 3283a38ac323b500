// Reads a query without a model: the weighed sum of its words' rows, at unit length. A few hundred additions a word.

import { unpackRow } from '../../format/static-row.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { dot, norm, normalizeRows } from '../../math/vector.ts';
import { knownTerms, type CutWord } from './bags.ts';
import { sumOfWords, weightsOfWords, type WordNet, type WordOfQuery } from './word-weights.ts';

/** Row of a term as it is packed; null for a term that the table does not have. */
export type FindRow = (term: string) => Promise<Uint8Array | null>;

/** Finds rows that are in memory. */
export function findIn(rows: ReadonlyMap<string, Uint8Array>): FindRow {
  return (term) => Promise.resolve(rows.get(term) ?? null);
}

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
  net?: WordNet,
): Promise<Float32Array<ArrayBuffer> | null> {
  const known = await wordsOfQuery(words, dims, find);
  const sum = sumOfWords(known, weightsOfWords(known, net));
  normalizeRows(sum, dims);
  return sum.some((value) => value !== 0) ? sum : null;
}

/** The words that the table knows, each once. @throws as `encodeStatic` */
export async function wordsOfQuery(words: readonly CutWord[], dims: number, find: FindRow): Promise<WordOfQuery[]> {
  const terms = [...new Set(words.flatMap(({ term, parts }) => [term, ...parts.map((part) => part.term)]))];
  const rows = new Map(await Promise.all(terms.map(async (term) => [term, await find(term)] as const)));
  const counts = new Map<string, { all: number; asked: number }>();
  for (const word of words) {
    for (const term of knownTerms([word], (one) => (rows.get(one) ? one : undefined))) {
      const count = counts.get(term) ?? { all: 0, asked: 0 };
      counts.set(term, { all: count.all + 1, asked: count.asked + Number(word.isAsked === true) });
    }
  }
  return [...counts].map(([term, { all, asked }]) => ({
    ...unpackRow(rows.get(term)!, dims),
    term,
    count: all,
    asked: asked / all,
  }));
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
  const [a, b] = [unpackRow(packed, dims).vector, unpackRow(other, dims).vector];
  return dot(a, b) >= LEAST_OF_A_SPELLING * norm(a) * norm(b);
}
