// What the keyword index takes and gives: one document a passage, rows with BM25 scores.

export interface KeywordDocument {
  readonly title: string;
  /** All headings above the passage, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  /** Of its page, BCP 47; empty where the page does not say. */
  readonly language: string;
  /** Number of its page, ascending. */
  readonly page: number;
  /** What its scores are multiplied with; 1 for plain text. */
  readonly weight: number;
}

export interface KeywordParts {
  /** Lengths of fields, page and weight of every row, and the averages that BM25 needs. */
  readonly base: Uint8Array<ArrayBuffer>;
  /** Terms that misspelt words may have meant. */
  readonly dictionary: Uint8Array<ArrayBuffer>;
  /** Terms with the rows that have them, in code unit order; `first` is the first term of the part. */
  readonly terms: readonly { readonly first: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

/** How each word of the query was understood: `form` where the index has it in other forms only. */
export interface KeywordWord {
  /** As it was typed, normalised. */
  readonly typed: string;
  readonly how: 'exact' | 'form' | 'prefix' | 'fuzzy' | 'none';
  /** Terms of the index that count for it; snippets mark these. */
  readonly terms: readonly string[];
  /**
   * What a passage could score for it at most, over all fields that the index has: that of a word that no passage has
   * where `how` is `fuzzy` or `none`.
   */
  readonly worth: number;
}

export interface KeywordHits {
  /** Best first; ties go to the smaller row. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** BM25 over the fields, weighted; above 0. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** Of any rows, in their order; 0 where no word is. */
  readonly scoresOf: (rows: Int32Array) => Float32Array<ArrayBuffer>;
  readonly words: readonly KeywordWord[];
}

export interface KeywordSearchOptions {
  /** Rows wanted. @default all that match */
  readonly limit?: number | undefined;
  /** The last word may be the beginning of one, as it is while a visitor types. @default true */
  readonly prefix?: boolean | undefined;
  /** A word that is not in the index stands for those a few letters off. @default true */
  readonly fuzzy?: boolean | undefined;
}
