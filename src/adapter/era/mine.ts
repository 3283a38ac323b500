// Hard negatives that are probably not positives: ERA's "topk_percpos" mining (after NV-Retriever, arXiv 2407.15831).
// Pure: it draws from a given Random in ERA's order (create_training_pairs of github.com/megagonlabs/ERA), so its picks are ERA's.

import type { QuantizedVectors } from '../../math/quantize.ts';
import type { Random } from '../../math/random.ts';
import { TopK } from '../../math/top-k.ts';

/** Negatives for each query. */
export const NEGATIVES = 5;
/** Ranks that are looked at, judged passages not counted. */
const DEEPEST_RANK = 2000;
/** A negative must score below this share of the positive: closer passages are often relevant but unjudged. */
const POSITIVE_SHARE = 0.95;

export interface RankedRows {
  /** Best first. */
  readonly rows: ArrayLike<number>;
  /** Cosines. */
  readonly scores: ArrayLike<number>;
}

/** The k best rows of the corpus for a query [dOut]. */
export type Ranking = (query: Float32Array, k: number) => RankedRows | Promise<RankedRows>;

export interface MiningInput {
  readonly ranked: RankedRows;
  /** Cosine of the query with the chosen positive. */
  readonly positiveScore: number;
  /** Every judged row of this query, whatever its grade: none may be a negative. */
  readonly judged: ReadonlySet<number>;
  /** Passages in the corpus. */
  readonly count: number;
  readonly random: Random;
}

/** Ranks to ask for, so that enough are left when the judged are dropped. */
export function ranksNeeded(judged: ReadonlySet<number>): number {
  return DEEPEST_RANK + judged.size;
}

/**
 * The hardest of the first ten rows under 0.95 of the positive's score, four of the other nine by chance, random rows where these are short.
 * @returns five row numbers, or null where the corpus is too small
 */
export function mineNegatives({ ranked, positiveScore, judged, count, random }: MiningInput): number[] | null {
  const unjudged = (taken: readonly number[]): number[] => Array.from({ length: count }, (_, i) => i).filter((i) => !judged.has(i) && !taken.includes(i));
  if (count - judged.size < NEGATIVES) return null;
  const hard: number[] = [];
  for (let i = 0, rank = 0; i < ranked.rows.length && rank < DEEPEST_RANK && hard.length < 2 * NEGATIVES; i++) {
    if (judged.has(ranked.rows[i]!)) continue;
    rank++;
    if (ranked.scores[i]! < POSITIVE_SHARE * positiveScore) hard.push(ranked.rows[i]!);
  }
  const [hardest, ...others] = hard;
  const chosen = hardest === undefined ? [] : [hardest, ...random.sample(others, NEGATIVES - 1)];
  return chosen.length === NEGATIVES ? chosen : [...chosen, ...random.sample(unjudged(chosen), NEGATIVES - chosen.length)];
}

/** Length of row `id` in codes, without their scale. */
export function codeLength({ codes, dims }: QuantizedVectors, id: number): number {
  let squares = 0;
  for (let at = id * dims; at < (id + 1) * dims; at++) squares += codes[at]! * codes[at]!;
  return Math.sqrt(squares);
}

/** Cosine of a unit query with row `id`: the scale of the codes cancels. 0 for a zero row. */
export function cosineWithRow(documents: QuantizedVectors, id: number, query: Float32Array, length: number = codeLength(documents, id)): number {
  const { codes, dims } = documents;
  let product = 0;
  for (let j = 0, at = id * dims; j < dims; j++, at++) product += codes[at]! * query[j]!;
  return length === 0 ? 0 : product / length;
}

/** A ranking in plain JavaScript: exact, without a scanner. */
export function plainRanking(documents: QuantizedVectors): Ranking {
  const lengths = Float64Array.from(documents.scales, (_, id) => codeLength(documents, id));
  return (query, k) => {
    const best = new TopK(Math.min(k, lengths.length));
    for (let id = 0; id < lengths.length; id++) best.push(id, cosineWithRow(documents, id, query, lengths[id]));
    const { ids, scores } = best.sorted();
    return { rows: ids, scores };
  };
}
