// The known answer of a static query encoder: a text of the collection with the rows of its words, and what they add up
// to. A reader that cuts the text otherwise, or adds up otherwise, would rank every query wrongly and say nothing. Words
// count by their rarity alone in it: the net that weighs them is of the reader's release, not of the collection's.

import type { KnownAnswer } from '../../format/static-parts.ts';
import { ROW_BITS } from '../../format/static-row.ts';
import { addFewBits, packedBytes, packFewBits } from '../../math/few-bits.ts';
import { dot, norm } from '../../math/vector.ts';
import { knownTerms, type CutWord } from './bags.ts';
import { encodeStatic, findIn } from './static-encoder.ts';
import { BY_RARITY } from './word-weights.ts';

/** Four bits a number keep more of a vector. */
const LEAST_COSINE = 0.98;

/** @param words of the text as a query is cut @returns null unless there is a row for every word */
export async function knownAnswer(
  text: string,
  words: readonly CutWord[],
  rows: ReadonlyMap<string, Uint8Array>,
  dims: number,
): Promise<KnownAnswer | null> {
  const has = (term: string): string | undefined => (rows.has(term) ? term : undefined);
  if (words.some((word) => knownTerms([word], has).length === 0)) return null;
  const found = new Map(knownTerms(words, has).map((term) => [term, rows.get(term)!]));
  const vector = await encodeStatic(words, dims, findIn(found), BY_RARITY);
  if (!vector) return null;
  const packed = new Uint8Array(packedBytes(dims, ROW_BITS));
  packFewBits(vector, ROW_BITS, packed, 0);
  return { text, rows: found, vector: packed };
}

/** @param words of its text as this reader cuts it */
export async function givesKnownAnswer(
  { rows, vector }: KnownAnswer,
  words: readonly CutWord[],
  dims: number,
): Promise<boolean> {
  const terms = new Set(knownTerms(words, (term) => (rows.has(term) ? term : undefined)));
  if (terms.size !== rows.size || words.some((word) => !isIn(word, terms))) return false;
  const found = await encodeStatic(words, dims, findIn(rows), BY_RARITY);
  if (!found) return false;
  const known = addFewBits(new Float32Array(dims), vector, 0, ROW_BITS);
  return dot(found, known) >= LEAST_COSINE * norm(known);
}

function isIn({ term, parts }: CutWord, terms: ReadonlySet<string>): boolean {
  return terms.has(term) || parts.some((part) => terms.has(part.term));
}
