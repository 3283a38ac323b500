// BM25 over fields: what each row scores for the terms that a query stands for, and how matches are weighed.

import { FIELDS, type Field, type KeywordBase } from './base-part.ts';
import type { Postings } from './terms-part.ts';

export interface Bm25 {
  /** How soon more occurrences of a term stop to matter. */
  readonly k: number;
  /** How much a long field counts less, 0 to 1. */
  readonly b: number;
  /** What every match is worth at least (BM25+). */
  readonly d: number;
  /** What a match in each field counts. */
  readonly fields: Readonly<Record<Field, number>>;
  /** What a stop word counts in a query that has other words too. */
  readonly common: number;
  /** What a word counts that is there in another form than the one that was typed. */
  readonly form: number;
  /**
   * What a term counts of which only the beginning was typed, and one that was typed with a mistake; 1 is an exact
   * match.
   */
  readonly prefix: number;
  readonly fuzzy: number;
}

/**
 * k, b, d and common by measurement (search/FUSION.md), fields and form by convention, inexact matches as MiniSearch
 * has them.
 */
export const DEFAULT_BM25: Bm25 = {
  k: 1.2,
  b: 0.75,
  d: 0,
  fields: { title: 3, headings: 2, text: 1 },
  common: 0.1,
  form: 0.8,
  prefix: 0.375,
  fuzzy: 0.45,
};

/** A term that counts for a word of the query, or for one of its forms. */
export interface WeightedTerm {
  readonly postings: Postings;
  /** What its matches are multiplied with. */
  readonly weight: number;
}

/** idf of a term that `rows` of `count` rows have, in whichever field: ln(1 + (N − n + ½) / (n + ½)). */
export function rarity(rows: number, count: number): number {
  return Math.log(1 + (count - rows + 0.5) / (rows + 0.5));
}

/** What a term counts that begins with what was typed: less for every letter that is missing. Lengths in code units. */
export function prefixWeight(length: number, typedLength: number, { prefix }: Bm25): number {
  return (prefix * length) / (length + 0.3 * (length - typedLength));
}

/** What a term counts at an edit distance from what was typed. */
export function fuzzyWeight(length: number, distance: number, { fuzzy }: Bm25): number {
  return (fuzzy * length) / (length + distance);
}

/**
 * Scores of all rows, [rows], 0 where no term is: `w_row · Σ_word max_term weight · idf · Σ_field boost · (d + f (k +
 * 1) / (f + k (1 − b + b · len / mean len)))`, f occurrences in a field of `len` different terms (Robertson & Zaragoza
 * 2009, The Probabilistic Relevance Framework; d after Lv & Zhai 2011). Sums run in float64 in the order of the words,
 * so that the same index and query give the same scores everywhere.
 * @param words for each the terms that it may stand as, at least one, of which a row counts the best one
 * @param means mean length of each field, as `meanLengths` gives it
 */
export function scoreRows(
  base: KeywordBase,
  means: readonly number[],
  words: readonly (readonly WeightedTerm[])[],
  bm25: Bm25,
): Float64Array<ArrayBuffer> {
  const scores = new Float64Array(base.weights.length);
  for (const terms of words) {
    if (terms.length === 1) {
      addScores(scores, base, means, terms[0]!, bm25);
      continue;
    }
    const best = new Float64Array(scores.length);
    for (const term of terms) {
      const ofTerm = addScores(new Float64Array(scores.length), base, means, term, bm25);
      for (let row = 0; row < best.length; row++) best[row] = Math.max(best[row]!, ofTerm[row]!);
    }
    for (let row = 0; row < best.length; row++) scores[row]! += best[row]!;
  }
  return scores;
}

function addScores(
  scores: Float64Array<ArrayBuffer>,
  { lengths, weights }: KeywordBase,
  means: readonly number[],
  { postings, weight }: WeightedTerm,
  { k, b, d, fields }: Bm25,
): Float64Array<ArrayBuffer> {
  const idf = rarity(postings.rows, weights.length);
  FIELDS.forEach((field, f) => {
    const { rows, frequencies } = postings.fields[f]!;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const length = 1 - b + (b * lengths[row * FIELDS.length + f]!) / means[f]!;
      scores[row]! +=
        weights[row]! *
        weight *
        idf *
        fields[field] *
        (d + (frequencies[i]! * (k + 1)) / (frequencies[i]! + k * length));
    }
  });
  return scores;
}

/** Mean length of each field over all rows. */
export function meanLengths({ lengths, weights }: KeywordBase): number[] {
  return FIELDS.map((_, f) => {
    let sum = 0;
    for (let at = f; at < lengths.length; at += FIELDS.length) sum += lengths[at]!;
    return sum / weights.length;
  });
}
