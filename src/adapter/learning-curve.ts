// The gain from more labels: the default trainer on growing random parts of the labels, measured on held-out queries.

import { EraError } from '../errors.ts';
import { mean } from '../evaluate/statistics.ts';
import { Random } from '../math/random.ts';
import { row, stackRows } from '../math/vector.ts';
import type { LinearAdapter } from './adapter.ts';
import { applyToMany } from './apply-to-many.ts';
import { adaptClosedForm, type AdaptClosedFormInput } from './adapt/closed-form.ts';
import type { RelevantPassages } from './adapt/label-targets.ts';
import { scoreQueries } from './selection.ts';

/** One point of a learning curve: what a number of labelled queries brings. */
export interface LearningPoint {
  /** Labelled queries used; 0 means without labels. */
  readonly labels: number;
  /** nDCG@10 on the held-out queries, 0 to 1: mean over the repeats and the queries. */
  readonly mean: number;
  /**
   * The interval that holds 80 % of the results of one draw of so many labels: the 10th and the 90th percentile of the
   * mean nDCG@10 over resamples, each of one repeat taken at random and of the held-out queries drawn anew.
   */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /**
   * Share of the repeats in which labels changed the adapter; in the others no change was clearly better than the
   * start.
   */
  readonly applied: number;
}

interface Queries {
  /** [n, dIn], row-major, in the input order of the start's path. */
  readonly x: Float32Array<ArrayBuffer>;
  readonly relevant: RelevantPassages;
}

export interface LearningCurveInput extends Pick<
  AdaptClosedFormInput,
  'start' | 'inUse' | 'unlabelled' | 'vectors' | 'rank' | 'dots' | 'seed' | 'signal'
> {
  /** The labels that parts are drawn from; every query has a relevant passage. */
  readonly pool: Queries;
  /** Queries that are measured. */
  readonly heldOut: Queries;
  /** Numbers of queries; those above the pool count as all of it. @default 0, 5, 10, 20, 40 … and all */
  readonly sizes?: readonly number[] | undefined;
  /** Draws for each size between nothing and all. @default 5 */
  readonly repeats?: number | undefined;
  readonly onPoint?: ((point: LearningPoint) => void) | undefined;
}

const RESAMPLES = 1000;
const BAND = { low: 0.1, high: 0.9 };
const SMALLEST = 5;

/**
 * Points by rising size, each reported as soon as it is there.
 * @throws EraError `invalid-option`, as `adaptClosedForm`; the signal's reason
 */
export async function learningCurve(input: LearningCurveInput): Promise<LearningPoint[]> {
  const { pool, heldOut, repeats = 5, seed, onPoint } = input;
  const count = pool.relevant.length;
  if (count === 0 || heldOut.relevant.length === 0)
    throw new EraError('no-labels', 'There is nothing to learn from, or nothing to measure on.');
  const sizes = checkedSizes(input.sizes ?? defaultSizes(count), count);
  if (!(Number.isInteger(repeats) && repeats >= 1))
    throw new EraError('invalid-option', `At least one repeat is needed, not ${repeats}.`);
  // Each repeat has one order, so that its larger parts contain its smaller ones and the curve shows the effect of
  // labels. A part is learned from in the pool's own order, so that the whole pool gives the result of
  // `adaptClosedForm`.
  const orders = Array.from({ length: repeats }, (_, repeat) =>
    new Random(seed + repeat).shuffle(Array.from(pool.relevant.keys())),
  );
  const points: LearningPoint[] = [];
  for (const size of sizes) {
    const draws = size === 0 || size === count ? orders.slice(0, 1) : orders;
    const runs: Run[] = [];
    for (const order of draws)
      runs.push(
        await trainedOn(
          order.slice(0, size).sort((a, b) => a - b),
          input,
        ),
      );
    const point = {
      labels: size,
      ...summarise(
        runs.map(({ scores }) => scores),
        seed,
      ),
      applied: mean(runs.map(({ applied }) => Number(applied))),
    };
    points.push(point);
    onPoint?.(point);
  }
  return points;
}

/** 0, then 5 doubled until all. */
export function defaultSizes(count: number): number[] {
  const sizes = [0];
  for (let size = SMALLEST; size < count; size *= 2) sizes.push(size);
  return [...sizes, count];
}

/** Ascending, without duplicates. */
function checkedSizes(sizes: readonly number[], count: number): number[] {
  if (sizes.length === 0 || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new EraError(
      'invalid-option',
      `Sizes are whole numbers from 0 up, not ${sizes.length === 0 ? 'none' : sizes.join(', ')}.`,
    );
  }
  return [...new Set(sizes.map((size) => Math.min(size, count)))].sort((a, b) => a - b);
}

interface Run {
  readonly scores: Float64Array;
  readonly applied: boolean;
}

async function trainedOn(queries: readonly number[], input: LearningCurveInput): Promise<Run> {
  const { pool, heldOut, start, rank } = input;
  const { adapter, applied } =
    queries.length === 0 ? untrained(input) : await adaptClosedForm({ ...input, ...pick(pool, queries, start.dIn) });
  return { scores: await scoreQueries(applyToMany(adapter, heldOut.x), heldOut.relevant, rank), applied };
}

function untrained({ start, inUse = start, signal }: LearningCurveInput): { adapter: LinearAdapter; applied: boolean } {
  signal?.throwIfAborted();
  return { adapter: inUse, applied: false };
}

function pick({ x, relevant }: Queries, queries: readonly number[], dIn: number): Queries {
  return {
    x: stackRows(
      queries.map((query) => row(x, query, dIn)),
      dIn,
    ),
    relevant: queries.map((query) => relevant[query]!),
  };
}

function summarise(runs: readonly Float64Array[], seed: number): { mean: number; low: number; high: number } {
  const random = new Random(seed);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    const scores = runs[random.below(runs.length)]!;
    let sum = 0;
    for (let i = 0; i < scores.length; i++) sum += scores[random.below(scores.length)]!;
    return sum / scores.length;
  }).sort();
  return { mean: mean(runs.map(mean)), low: means[BAND.low * RESAMPLES]!, high: means[BAND.high * RESAMPLES]! };
}
