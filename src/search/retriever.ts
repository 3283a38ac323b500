// Interface of a retriever: a query in, a ranked list out. Implementations: keyword-retriever.ts, dense-retriever.ts,
// and hybrid-retriever.ts over two others; those that use a server are in backend/. Each passes retriever.contract.ts.
// Retrievers of this room know no worker, no page and no network.

import { EraError } from '../errors.ts';

/** A query as a retriever is asked it. */
export interface Query {
  /** The query as typed. */
  readonly text: string;
  /** [dims] of the passages' space, unit length; null where no model has read the query. */
  readonly vector: Float32Array | null;
  /** Whether an adapter has mapped the vector: such vectors are centred, and their cosines are lower. @default false */
  readonly isAdapted?: boolean | undefined;
  /** Whether that adapter learned from labels: its vectors are better, and words count less. @default false */
  readonly isLabelled?: boolean | undefined;
  /** Factor of the weight of keywords beside the vector, as a site's labels chose it. @default 1 */
  readonly keywordFactor?: number | undefined;
}

/** A query vector as a model made it, with what the ranking has to know of it. */
export interface QueryVector {
  /** [dims] of the passages' space, unit length. */
  readonly vector: Float32Array;
  /** Whether an adapter has mapped it. */
  readonly isAdapted: boolean;
  /** Whether that adapter learned from labels. */
  readonly isLabelled: boolean;
  /** Factor of the weight of keywords, as that adapter has it. */
  readonly keywordFactor: number;
}

/** Documents best first. A doc id is the number of a passage in its collection. */
export interface RankedList {
  /** Ties in the score go to the smaller id. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** The scores that the list is ranked by, in the order of `ids`. */
  readonly scores: Float32Array<ArrayBuffer>;
  /**
   * The exact scores of any documents, in the list or not, in their order.
   * @throws EraError those of the implementation; the signal's reason of the call that made the list
   */
  readonly scoresOf: (ids: Int32Array) => Promise<Float32Array<ArrayBuffer>>;
}

/** How a retriever is asked. */
export interface RetrieveOptions {
  /** Most documents of the list, at least 1. */
  readonly k: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * The documents whose scores matter, best first, by an estimate of all scores: a retriever for which exact scores cost
   * requests gets those of these. @default the best by the estimate
   */
  readonly wanted?: ((estimate: RankedList) => Promise<Int32Array>) | undefined;
  /**
   * The documents to look among: [count], 1 for these and 0 for others. It is given where `canFilter` says that it is
   * looked at. @default all
   */
  readonly accepted?: Uint8Array | undefined;
  /** Words of the query that no document has → the words of documents that they were taken for. @default none */
  readonly corrections?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Turns a query into a ranked list of documents. It passes the tests of `describeRetriever`. */
export interface Retriever<List extends RankedList = RankedList> {
  /** Documents of the collection. */
  readonly count: number;
  /** Whether it ranks by the query's vector, and is asked only once there is one. @default false */
  readonly needsVector?: boolean | undefined;
  /** Whether it can look among some documents only, so that others take no place of its list. @default false */
  readonly canFilter?: boolean | undefined;
  /**
   * @throws EraError `invalid-option` for a bad k, and those of the implementation; the signal's reason when aborted
   */
  retrieve: (query: Query, options: RetrieveOptions) => Promise<List>;
}

/** @returns k, at most `count` @throws EraError `invalid-option` unless k is a whole number of at least 1 */
export function depthOf(k: number, count: number): number {
  if (!Number.isInteger(k) || k < 1)
    throw new EraError('invalid-option', `k must be a whole number of at least 1, not ${String(k)}.`, {
      details: { option: 'k' },
    });
  return Math.min(k, count);
}
