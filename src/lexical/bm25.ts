// BM25 over fields: the score of each row for the terms of a query, and the weights of matches.

import { FIELDS, type Field, type KeywordBase } from './base-part.ts';
import type { Postings } from './terms-part.ts';

export interface Bm25 {
  /** Term-frequency saturation: how soon further occurrences of a term stop adding to the score. */
  readonly k: number;
  /** Length normalisation, 0 to 1: how much a long field lowers the score. */
  readonly b: number;
  /** Lower bound of the contribution of a match (BM25+). */
  readonly d: number;
  /** Weight of a match in each field. */
  readonly fields: Readonly<Record<Field, number>>;
  /** Weight of a second count of the title alone, which does not saturate with the text. */
  readonly title: number;
  /** Share of the query's score upper bound that a row gets where its title has every word of the query. */
  readonly titled: number;
  /** Weight of a stop word in a query that has other words too. */
  readonly common: number;
  /** Weight of a match by another spelling of the typed word, such as `nodejs` for `node.js`. */
  readonly spelling: number;
  /** Weight of a match by another form of the typed word. */
  readonly form: number;
  /** Weight of a match without the accents that were typed, where the index has the word with them. */
  readonly unaccented: number;
  /** Weight of a compound that the typed word is a part of. */
  readonly compound: number;
  /**
   * Weights of a term of which only the beginning was typed, and of one that was typed with a mistake; an exact match
   * has 1.
   */
  readonly prefix: number;
  readonly fuzzy: number;
}

/**
 * k, b, d, common, title and titled are measured (search/FUSION.md), fields and form are conventional, inexact matches
 * are MiniSearch's.
 */
export const DEFAULT_BM25: Bm25 = {
  k: 1.2,
  b: 0.75,
  d: 0,
  fields: { title: 3, headings: 2, text: 1 },
  title: 0.5,
  titled: 0.4,
  common: 0.1,
  spelling: 0.95,
  form: 0.8,
  unaccented: 0.5,
  compound: 0.6,
  prefix: 0.375,
  fuzzy: 0.45,
};

/** A term that matches a word of the query, or one of its forms. */
export interface WeightedTerm {
  readonly postings: Postings;
  /** Factor of its matches. */
  readonly weight: number;
  /** Rows that its rarity is counted by. @default those of its postings */
  readonly rows?: number | undefined;
}

/** A word of the query: a row counts the best of its terms. */
export type ScoredWord = readonly WeightedTerm[];

/** idf of a term that n = `rows` of N = `count` rows have, in any field: ln(1 + (N − n + ½) / (n + ½)). */
export function rarity(rows: number, count: number): number {
  return Math.log(1 + (count - rows + 0.5) / (rows + 0.5));
}

/** Weight of a term that begins with what was typed: lower for every missing letter. Lengths in code units. */
export function prefixWeight(length: number, typedLength: number, { prefix }: Bm25): number {
  return (prefix * length) / (length + 0.3 * (length - typedLength));
}

/** Weight of a term at an edit distance from what was typed. */
export function fuzzyWeight(length: number, distance: number, { fuzzy }: Bm25): number {
  return (fuzzy * length) / (length + distance);
}

/** The most that a row can score for one occurrence of rarity 1. */
export function saturationBound({ k, d, title }: Bm25, hasTitles: boolean): number {
  return d + (k + 1) * (1 + (hasTitles ? title : 0));
}

/**
 * Scores of all rows, [rows], 0 where no term is: `w_row · Σ_word max_term weight · idf · (d + s(f) + title · s(f_title))`,
 * `s(f) = f (k + 1) / (f + k)`, `f = Σ_field boost · n / (1 − b + b · len / mean len)`, n occurrences in a field of `len`
 * distinct terms, f_title without the boost (BM25F: Robertson, Zaragoza, Taylor 2004, Simple BM25 Extension to Multiple
 * Weighted Fields; d after Lv & Zhai 2011). Fields are added before they saturate, so that one word in title, headings
 * and text does not count as three. Sums run in float64 in the order of the words, so that the same index and query give
 * the same scores everywhere.
 * @param words for each word the terms that match it, at least one; a row counts the best of them
 * @param means mean length of each field, from `meanLengths`
 */
export function scoreRows(
  base: KeywordBase,
  means: readonly number[],
  words: readonly ScoredWord[],
  bm25: Bm25,
): Float64Array<ArrayBuffer> {
  const { weights } = base;
  const { k, d, title } = bm25;
  const saturated = (f: number): number => (f * (k + 1)) / (f + k);
  const scores = new Float64Array(weights.length);
  const best = new Float64Array(weights.length);
  const ofAll = new Float64Array(weights.length);
  const ofTitle = new Float64Array(weights.length);
  for (const terms of words) {
    const found: number[] = [];
    // A beginning has thousands of terms of a few rows each, so only the rows of a term are visited.
    for (const { postings, weight, rows = postings.rows } of terms) {
      addFrequencies(ofAll, ofTitle, base, means, postings, bm25);
      const idf = rarity(rows, weights.length);
      for (const { rows: some } of postings.fields) {
        for (const row of some) {
          if (ofAll[row] === 0) continue; // counted with an earlier field
          const score = weights[row]! * weight * idf * (d + saturated(ofAll[row]!) + title * saturated(ofTitle[row]!));
          ofAll[row] = ofTitle[row] = 0;
          if (score > best[row]!) {
            if (best[row] === 0) found.push(row);
            best[row] = score;
          }
        }
      }
    }
    for (const row of found) {
      scores[row]! += best[row]!;
      best[row] = 0;
    }
  }
  return scores;
}

/** Adds a term's length-normalised occurrences in each row: weighted over all fields, and those in the title. */
function addFrequencies(
  ofAll: Float64Array<ArrayBuffer>,
  ofTitle: Float64Array<ArrayBuffer>,
  { lengths }: KeywordBase,
  means: readonly number[],
  postings: Postings,
  { b, fields }: Bm25,
): void {
  FIELDS.forEach((field, f) => {
    const { rows, frequencies } = postings.fields[f]!;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const frequency = frequencies[i]! / (1 - b + (b * lengths[row * FIELDS.length + f]!) / means[f]!);
      ofAll[row]! += fields[field] * frequency;
      if (field === 'title') ofTitle[row] = frequency;
    }
  });
}

/** Mean length of each field over all rows. */
export function meanLengths({ lengths, weights }: KeywordBase): number[] {
  return FIELDS.map((_, f) => {
    let sum = 0;
    for (let at = f; at < lengths.length; at += FIELDS.length) sum += lengths[at]!;
    return sum / weights.length;
  });
}
