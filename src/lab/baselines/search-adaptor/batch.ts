// The batch of one step of Search-Adaptor: some queries, some of their positives, and ten negatives for each positive.
// Negatives are drawn from a pool that the whole batch shares, which contains the other queries' positives, so that
// each document is mapped once per step.

import type { Grades } from '../../../evaluate/metrics.ts';
import type { Random } from '../../../math/random.ts';
import { positivesOf } from '../../../adapter/labelled-queries.ts';

/** Positives of one query in a step, drawn for each step; more would make the pool, and the step, many times larger. */
export const POSITIVES_PER_STEP = 4;
/** Documents drawn at random into a step's pool. */
const CHANCE_POOL = 96;

/** Row-major matrices of `SearchAdaptorBatch`, and the queries and passages of their rows. */
export interface DrawnBatch {
  readonly queries: readonly number[];
  readonly documents: readonly number[];
  readonly slots: readonly { readonly positive: Float32Array; readonly weight: Float32Array }[];
  readonly pairs: readonly { readonly query: number; readonly document: number; readonly share: number }[];
}

/**
 * @param queries numbers of the batch's queries, each with a positive
 * @param count documents in the corpus
 * @param ratio negatives for each positive
 */
export function drawBatch(
  queries: readonly number[],
  relevant: readonly Grades[],
  count: number,
  ratio: number,
  random: Random,
): DrawnBatch {
  const positives = queries.map((query) => random.sample(positivesOf(relevant[query]!), POSITIVES_PER_STEP));
  const documents = [
    ...new Set([
      ...positives.flat(),
      ...Array.from({ length: Math.min(CHANCE_POOL, count) }, () => random.below(count)),
    ]),
  ];
  const place = new Map(documents.map((document, at) => [document, at]));
  const [b, m] = [queries.length, documents.length];
  const slots = Array.from({ length: Math.max(...positives.map((own) => own.length)) }, () => ({
    positive: new Float32Array(b * m),
    weight: new Float32Array(b * m),
  }));
  const pairs: { query: number; document: number; share: number }[] = [];
  queries.forEach((query, i) => {
    const grades = relevant[query]!;
    const own = positives[i]!;
    const others = random.sample(
      documents.filter((document) => !((grades.get(document) ?? 0) > 0)),
      ratio * own.length,
    );
    own.forEach((document, slot) => {
      const { positive, weight } = slots[slot]!;
      const grade = grades.get(document)!;
      positive[i * m + place.get(document)!] = 1;
      for (const lower of [...own, ...others])
        weight[i * m + place.get(lower)!] = Math.max(0, grade - (grades.get(lower) ?? 0));
      pairs.push({ query: i, document: place.get(document)!, share: grade });
    });
  });
  const total = pairs.reduce((sum, { share }) => sum + share, 0);
  return { queries, documents, slots, pairs: pairs.map((pair) => ({ ...pair, share: pair.share / total })) };
}
