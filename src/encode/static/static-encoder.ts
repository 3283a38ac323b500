// Reads a query without a model: the sum of its words' rows, at unit length. A few hundred additions a word.

import { damagedSite } from '../../format/site-json.ts';
import { ROW_BITS } from '../../format/static-parts.ts';
import { addFewBits, isPacked } from '../../math/few-bits.ts';
import { normalizeRows } from '../../math/vector.ts';
import { knownTerms, type CutWord } from './bags.ts';

/** Row of a term as it is packed; null for a term that the table does not have. */
export type FindRow = (term: string) => Promise<Uint8Array | null>;

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
  const sum = new Float32Array(dims);
  for (const row of knownTerms(words, (term) => rows.get(term) ?? undefined)) {
    if (!isPacked(row, 0)) throw damagedSite('a row of a word');
    addFewBits(sum, row, 0, ROW_BITS);
  }
  normalizeRows(sum, dims);
  return sum.some((value) => value !== 0) ? sum : null;
}
