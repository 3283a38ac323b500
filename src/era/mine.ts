// Hard negatives that are probably not positives: ERA's "topk_percpos" mining (after NV-Retriever, arXiv 2407.15831).
// Pure: it draws from a given Random in ERA's order (create_training_pairs of github.com/megagonlabs/ERA), so its picks
// equal ERA's.

import type { QuantizedVectors } from '../math/quantize.ts';
import type { Random } from '../math/random.ts';
import { TopK } from '../math/top-k.ts';
import type { Rank } from '../adapter/rank.ts';

/** Negatives for each query. */
export const NEGATIVES = 5;
/** Number of ranks that are examined, judged passages not counted. */
const DEEPEST_RANK = 2000;
/** A negative must score below this share of the positive: closer passages are often relevant but unjudged. */
const POSITIVE_SHARE = 0.95;

export interface MiningInput {
  /** Rows of the corpus, best first, padded with −1; as many as `ranksNeeded` says. */
  readonly ranked: ArrayLike<number>;
  /** Cosine of the query with a row. */
  readonly cosine: (row: number) => number;
  /** The row of the relevant passage that the limit is relative to. */
  readonly positive: number;
  /** Every judged row of this query, whatever its grade, the positive included: none may be a negative. */
  readonly judged: ReadonlySet<number>;
  /** Passages in the corpus. */
  readonly count: number;
  readonly random: Random;
}

/** Number of ranks to request, so that enough remain without the judged ones. */
export function ranksNeeded(judged: ReadonlySet<number>): number {
  return DEEPEST_RANK + judged.size;
}

/**
 * The hardest of the first ten rows under 0.95 of the positive's score, four of the other nine at random, random rows
 * where these are too few.
 * @returns five row numbers, or null where the corpus is too small
 */
export function drawNegatives({ ranked, cosine, positive, judged, count, random }: MiningInput): number[] | null {
  if (count - judged.size < NEGATIVES) return null;
  const limit = POSITIVE_SHARE * cosine(positive);
  const hard: number[] = [];
  for (let i = 0, rank = 0; i < ranked.length && rank < DEEPEST_RANK && hard.length < 2 * NEGATIVES; i++) {
    const candidate = ranked[i]!;
    if (candidate < 0) break;
    if (judged.has(candidate)) continue;
    rank++;
    if (cosine(candidate) < limit) hard.push(candidate);
  }
  const [hardest, ...others] = hard;
  const chosen = hardest === undefined ? [] : [hardest, ...random.sample(others, NEGATIVES - 1)];
  if (chosen.length === NEGATIVES) return chosen;
  const rest = Array.from({ length: count }, (_, i) => i).filter((i) => !judged.has(i) && !chosen.includes(i));
  return [...chosen, ...random.sample(rest, NEGATIVES - chosen.length)];
}

/** Length of row `id` in codes, without their scale. */
export function codeLength({ codes, dims }: QuantizedVectors, id: number): number {
  let squares = 0;
  for (let at = id * dims; at < (id + 1) * dims; at++) squares += codes[at]! * codes[at]!;
  return Math.sqrt(squares);
}

/** Cosine of a unit query with row `id`: the scale of the codes cancels. 0 for a zero row. */
export function cosineWithRow(
  documents: QuantizedVectors,
  id: number,
  query: Float32Array,
  length: number = codeLength(documents, id),
): number {
  const { codes, dims } = documents;
  let product = 0;
  for (let j = 0, at = id * dims; j < dims; j++, at++) product += codes[at]! * query[j]!;
  return length === 0 ? 0 : product / length;
}

/** An exact ranking in plain JavaScript, for corpora without a scanner. */
export function plainRank(documents: QuantizedVectors): Rank {
  const { dims } = documents;
  const lengths = Float64Array.from(documents.scales, (_, id) => codeLength(documents, id));
  return (queries, k) => {
    const rows = new Int32Array((queries.length / dims) * k).fill(-1);
    for (let i = 0; i * dims < queries.length; i++) {
      const query = queries.subarray(i * dims, (i + 1) * dims);
      const best = new TopK(k);
      for (let id = 0; id < lengths.length; id++) best.push(id, cosineWithRow(documents, id, query, lengths[id]));
      rows.set(best.sorted().ids, i * k);
    }
    return Promise.resolve({ rows });
  };
}
