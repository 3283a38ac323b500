// How keyword matches are weighed: MiniSearch's BM25+ and the weights of fields and of inexact matches.

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
  /** What a term counts of which only the beginning was typed, and one that was typed with a mistake; 1 is an exact match. */
  readonly prefix: number;
  readonly fuzzy: number;
}

/** MiniSearch's own numbers; fields by convention. */
export const DEFAULT_BM25: Bm25 = { k: 1.2, b: 0.7, d: 0.5, fields: { title: 3, headings: 2, text: 1 }, prefix: 0.375, fuzzy: 0.45 };
