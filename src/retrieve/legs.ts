// The two legs of a search side by side: what either found, with both scores of each row known exactly, and its place in each leg.

import type { Candidates } from './fusion.ts';
import type { LegScore } from './site-hits.ts';

/** Rows best first, with the scores that ranked them. */
export interface Leg {
  readonly rows: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

/** @param cosinesOf of rows that the dense leg has not found, in their order */
export function joinLegs(keyword: Leg, dense: Leg, cosinesOf: (rows: Int32Array<ArrayBuffer>) => Float32Array): Candidates {
  const words = scoresByRow(keyword);
  const cosines = scoresByRow(dense);
  const unseen = keyword.rows.filter((row) => !cosines.has(row));
  cosinesOf(unseen).forEach((cosine, i) => cosines.set(unseen[i]!, cosine));
  const rows = Int32Array.from(cosines.keys()).sort();
  return { rows, keyword: Float32Array.from(rows, (row) => words.get(row) ?? 0), dense: Float32Array.from(rows, (row) => cosines.get(row)!) };
}

/** The same candidates best first; ties go to the smaller row. @param fused one score a row of `rows`, which ascend */
export function rankFused(rows: Int32Array<ArrayBuffer>, fused: ArrayLike<number>): Leg {
  const order = Int32Array.from(rows.keys()).sort((a, b) => fused[b]! - fused[a]! || a - b);
  return { rows: order.map((i) => rows[i]!), scores: Float32Array.from(order, (i) => fused[i]!) };
}

/** Place and score of every row that the leg found. */
export function placesIn({ rows, scores }: Leg): ReadonlyMap<number, LegScore> {
  return new Map(Array.from(rows, (row, i) => [row, { rank: i + 1, score: scores[i]! }]));
}

function scoresByRow({ rows, scores }: Leg): Map<number, number> {
  return new Map(Array.from(rows, (row, i) => [row, scores[i]!]));
}
