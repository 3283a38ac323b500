// Fits a base adapter on groups of texts, one for each task: ridge, with the λ that maps left-out tasks best.

import { applyAdapter, type LinearAdapter } from '../../adapter/adapter.ts';
import { combineSums, pairSums, ridgeOfSums } from '../../adapter/align/pooled-ridge.ts';
import { EraError } from '../../errors.ts';
import { mean } from '../../evaluate/statistics.ts';
import { dot, norm, row } from '../../math/vector.ts';

export const LAMBDAS: readonly number[] = [0.1, 0.3, 1, 3, 10, 30, 100];

export interface TextGroup {
  /** [n, dIn]: texts by the query model. */
  readonly x: Float32Array;
  /** [n, dOut]: the same texts by the document model. */
  readonly y: Float32Array;
}

export interface BaseFit {
  readonly adapter: LinearAdapter;
  readonly lambda: number;
  /** λ → mean over groups of the mean cosine between mapped and true vectors of the left-out group. */
  readonly heldOutCosines: ReadonlyMap<number, number>;
}

/** @throws EraError `invalid-input` for fewer than two groups, `dimension-mismatch`, `not-finite` */
export function fitBase(
  groups: readonly TextGroup[],
  frame: Pick<LinearAdapter, 'path' | 'from' | 'to'>,
  dIn: number,
  dOut: number,
): BaseFit {
  if (groups.length < 2)
    throw new EraError(
      'invalid-input',
      `A base adapter is judged on tasks left out: it takes two at least, not ${groups.length}.`,
    );
  const sums = groups.map(({ x, y }) => pairSums(x, y, dIn, dOut));
  const total = sums.reduce((a, b) => combineSums(a, b, 1));
  const without = sums.map((own) => combineSums(total, own, -1));
  const heldOutCosines = new Map(
    LAMBDAS.map((lambda) => [
      lambda,
      mean(groups.map(({ x, y }, g) => meanCosine(applyAdapter(ridgeOfSums(without[g]!, lambda, frame), x), y, dOut))),
    ]),
  );
  const lambda = LAMBDAS.reduce((best, each) => (heldOutCosines.get(each)! > heldOutCosines.get(best)! ? each : best));
  return { adapter: ridgeOfSums(total, lambda, frame), lambda, heldOutCosines };
}

function meanCosine(a: Float32Array, b: Float32Array, dims: number): number {
  const cosines = Array.from({ length: a.length / dims }, (_, i) => {
    const [u, v] = [row(a, i, dims), row(b, i, dims)];
    return dot(u, v) / (norm(u) * norm(v));
  });
  return mean(cosines);
}
