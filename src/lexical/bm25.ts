// How keyword matches are weighed: BM25+ as MiniSearch has it, and the weights of fields, of common words and of inexact matches.

import type { Field } from './base-part.ts';

export interface Bm25 {
  /** How soon more occurrences of a term stop to matter. */
  readonly k: number;
  /** How much a long field counts less, 0 to 1. */
  readonly b: number;
  /** What every match is worth at least (BM25+). */
  readonly d: number;
  /** What a match in each field counts. */
  readonly fields: Readonly<Record<Field, number>>;
  /** What a word of common-words.ts counts in a query that has others too. */
  readonly common: number;
  /** What a term counts of which only the beginning was typed, and one that was typed with a mistake; 1 is an exact match. */
  readonly prefix: number;
  readonly fuzzy: number;
}

/** k, b, d and common by measurement (retrieve/FUSION.md), fields by convention, inexact matches as MiniSearch has them. */
export const DEFAULT_BM25: Bm25 = { k: 1.2, b: 0.75, d: 0, fields: { title: 3, headings: 2, text: 1 }, common: 0.1, prefix: 0.375, fuzzy: 0.45 };
