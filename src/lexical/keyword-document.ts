// Input and output types of the keyword index: one document for each passage, rows with BM25 scores.

import type { Synonyms } from './synonyms.ts';

export interface KeywordDocument {
  readonly title: string;
  /** All headings above the passage, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  /** Language of its page, BCP 47; empty where the page does not say. */
  readonly language: string;
  /** Number of its page, ascending. */
  readonly page: number;
  /** Factor of its scores; 1 for plain text. */
  readonly weight: number;
}

export interface KeywordParts {
  /** Lengths of fields, page and weight of every row, and the averages that BM25 needs. */
  readonly base: Uint8Array<ArrayBuffer>;
  /** Terms that can replace misspelt words. */
  readonly dictionary: Uint8Array<ArrayBuffer>;
  /** Terms with the rows that have them, in code unit order. */
  readonly terms: readonly TermRun[];
  /** Terms that no row has, with their codes, in parts of the same form. */
  readonly codes: readonly TermRun[];
}

/** A part with a run of terms. */
export interface TermRun {
  /** The first terms may be after it, those of the parts before are before it. */
  readonly first: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * How a word of the query matched: `form` where the index has other forms of it only, `synonym` where it has synonyms of
 * it only.
 */
export interface KeywordWord {
  /** The word as typed, normalised. */
  readonly typed: string;
  readonly how: 'exact' | 'form' | 'synonym' | 'prefix' | 'fuzzy' | 'none';
  /** Terms of the index that match it; snippets mark these. */
  readonly terms: readonly string[];
  /**
   * Score upper bound: the most that a passage can score for the word. Where `how` is `fuzzy` or `none`, it is that of
   * a word that no passage has.
   */
  readonly upperBound: number;
}

export interface KeywordHits {
  /** Best first; ties go to the smaller row. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** BM25 over the fields, weighted; above 0. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** Scores of any rows, in their order; 0 where no word matches. */
  readonly scoresOf: (rows: Int32Array) => Float32Array<ArrayBuffer>;
  readonly words: readonly KeywordWord[];
  /** Rows whose title has all words of the query and few others, the shortest title first: their page may be named so. */
  readonly titled: Int32Array<ArrayBuffer>;
  /** Whether the title and the headings of a row have all words of the query that say something, in any of their forms. */
  readonly isHeaded: (row: number) => boolean;
}

export interface KeywordSearchOptions {
  /** Number of rows wanted. @default all that match */
  readonly limit?: number | undefined;
  /** The last word may be incomplete, as while a visitor types. @default true */
  readonly prefix?: boolean | undefined;
  /** A word that is not in the index matches terms at a small edit distance. @default true */
  readonly fuzzy?: boolean | undefined;
  /** Other forms of a word match. @default true */
  readonly forms?: boolean | undefined;
  /** A word that was typed with accents matches without them too. @default true */
  readonly unaccented?: boolean | undefined;
  /** Whether stop words are looked up where a query has enough other words that are in the index. @default false */
  readonly stopWords?: boolean | undefined;
  /** Of the collection. @default none */
  readonly synonyms?: Synonyms | undefined;
}
