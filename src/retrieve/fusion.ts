// From two legs to one order. Both scores of every candidate are known exactly: no leg's cut-off decides.

export interface Candidates {
  /** Rows that either leg found, ascending. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** BM25 of each; 0 where no word of the query is in it. */
  readonly keyword: Float32Array<ArrayBuffer>;
  /** Cosine of each with the query. */
  readonly dense: Float32Array<ArrayBuffer>;
}
