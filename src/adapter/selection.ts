// Which of several candidates to keep. "No change" is always a candidate: labels are few and noisy, so a change needs
// evidence.

import { ndcg } from '../evaluate/metrics.ts';
import { mean } from '../evaluate/statistics.ts';
import type { Rank } from './rank.ts';

/** Depth of the metric that decides, nDCG@10. */
export const DECIDING_DEPTH = 10;

/** A gain on fewer queries than this is not enough evidence. */
export const MIN_IMPROVED = 3;

/**
 * Whether per-query scores `after` are above `before` by `errors` standard errors of the mean difference, with at least
 * three queries improved. Measured against keeping whatever is better at all. On 24 tasks at 5 to 40 % of labels: 0.1
 * points of nDCG@10 less on the mean, and of 10 cases of harm on the evaluation half 3 are left, the worst −0.4. On 13
 * tasks with 5 to 10 labels in all: two thirds of the gain, and of 29 cases of harm (more than 0.2 points, the worst
 * −3.5) 6 are left, the worst −1.1.
 */
export function isClearGain(after: ArrayLike<number>, before: ArrayLike<number>, errors = 1): boolean {
  const differences = differencesOf(after, before);
  if (differences.filter((d) => d > 0).length < MIN_IMPROVED) return false;
  const centre = mean(differences);
  return centre > 0 && centre > errors * standardError(after, before);
}

/** Of the mean difference between two runs on the same queries. */
export function standardError(after: ArrayLike<number>, before: ArrayLike<number>): number {
  const differences = differencesOf(after, before);
  const centre = mean(differences);
  const n = differences.length;
  return Math.sqrt(differences.reduce((sum, d) => sum + (d - centre) ** 2, 0) / (n - 1) / n);
}

function differencesOf(after: ArrayLike<number>, before: ArrayLike<number>): Float64Array {
  return Float64Array.from(after, (score, i) => score - before[i]!);
}

/** nDCG@10 of each query with unit vectors [n, dOut] as they are. */
export async function scoreQueries(
  queries: Float32Array<ArrayBuffer>,
  relevant: readonly ReadonlyMap<number, number>[],
  rank: Rank,
): Promise<Float64Array<ArrayBuffer>> {
  const { rows } = await rank(queries, DECIDING_DEPTH);
  return Float64Array.from(relevant, (grades, i) =>
    ndcg(rows.subarray(i * DECIDING_DEPTH, (i + 1) * DECIDING_DEPTH), grades, DECIDING_DEPTH),
  );
}
