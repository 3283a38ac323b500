// The significance of a difference between two methods: paired bootstrap over queries within tasks, and Holm's
// correction for multiple comparisons.

import { EraError } from '../errors.ts';
import { Random } from '../math/random.ts';

export interface BootstrapOptions {
  /** @default 42 */
  readonly seed?: number | undefined;
  /** @default 2000: each end of a 95 % interval is then determined by 50 resamples */
  readonly resamples?: number | undefined;
}

export interface DifferenceEstimate {
  /** Mean over tasks of the mean over a task's queries. */
  readonly mean: number;
  /** The 95 % interval's ends: the 2.5th and 97.5th percentile of the resampled means. */
  readonly low: number;
  readonly high: number;
  /** Two-sided: twice the share of resamples on the other side of zero, at least 1 / (resamples + 1). */
  readonly p: number;
}

/** The mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * Interval of a macro-averaged difference between two methods on the same queries (Efron & Tibshirani 1993, percentile
 * method). Queries are resampled within each task and tasks are kept, so it applies to these tasks, not to tasks in
 * general.
 * @param tasks per task the difference of every query; none may be empty
 * @throws EraError `invalid-input`
 */
export function pairedBootstrap(
  tasks: readonly ArrayLike<number>[],
  options: BootstrapOptions = {},
): DifferenceEstimate {
  return pairedBootstraps([tasks], options)[0]!;
}

/**
 * The same for several comparisons on the same queries: all use the same draws, so each result equals that of
 * `pairedBootstrap`, in less time.
 * @throws EraError `invalid-input`, also where the comparisons differ in their numbers of queries
 */
export function pairedBootstraps(
  comparisons: readonly (readonly ArrayLike<number>[])[],
  options: BootstrapOptions = {},
): DifferenceEstimate[] {
  const { seed = 42, resamples = 2000 } = options;
  const sizes = (comparisons[0] ?? []).map(({ length }) => length);
  for (const tasks of comparisons) {
    if (tasks.length === 0 || tasks.some(({ length }) => length === 0))
      throw new EraError('invalid-input', 'A bootstrap needs at least one query in every task.');
    if (tasks.length !== sizes.length || tasks.some(({ length }, t) => length !== sizes[t]))
      throw new EraError('invalid-input', 'Comparisons that are drawn together need the same queries.');
  }
  const random = new Random(seed);
  const means = comparisons.map(() => new Float64Array(resamples));
  sizes.forEach((n, t) => {
    const drawn = new Int32Array(n);
    for (let r = 0; r < resamples; r++) {
      for (let i = 0; i < n; i++) drawn[i] = random.below(n);
      comparisons.forEach((tasks, c) => {
        const task = tasks[t]!;
        let sum = 0;
        for (let i = 0; i < n; i++) sum += task[drawn[i]!]!;
        means[c]![r]! += sum / n / sizes.length;
      });
    }
  });
  return comparisons.map((tasks, c) => estimate(tasks, means[c]!.sort()));
}

/** @param means of the resamples, ascending */
function estimate(tasks: readonly ArrayLike<number>[], means: Float64Array): DifferenceEstimate {
  const other = Math.min(means.filter((value) => value <= 0).length, means.filter((value) => value >= 0).length);
  return {
    mean: mean(tasks.map(mean)),
    low: percentile(means, 0.025),
    high: percentile(means, 0.975),
    p: Math.min(1, (2 * (other + 1)) / (means.length + 1)),
  };
}

/** Holm's step-down adjusted p-values, in the order given (Holm 1979). */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[at]! * (pValues.length - rank)));
    adjusted[at] = largest;
  });
  return adjusted;
}

/** Linear interpolation between the two nearest. @param sorted ascending, not empty */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
