// The targets that a set of labelled queries gives an adapter: for each query the mean vector of its relevant passages,
// weighted by grade, the mean vector of its hard negatives and of passages judged not relevant, and the start's output
// for it. Queries without a relevant passage are left out.

import { EraError } from '../../errors.ts';
import { type DenseMatrix, fromRows, multiplyTransposed, zeros } from '../../math/matrix.ts';
import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { assertVectors, normalizeRows } from '../../math/vector.ts';
import type { LinearAdapter } from '../adapter.ts';
import { hardNegatives, MINING } from './hard-negatives.ts';
import { positivesOf, usableQueries } from '../labelled-queries.ts';
import type { Rank } from '../rank.ts';
import { scaledToUnit } from '../initial.ts';

/** One map per query: passage row → grade; relevant when above 0. */
export type RelevantPassages = readonly ReadonlyMap<number, number>[];

export interface LabelTargets {
  /** The start, scaled so that its outputs for these queries have a mean length of 1. */
  readonly start: LinearAdapter;
  /** [n, dIn] */
  readonly x: DenseMatrix;
  /** Mean squared length of a row of x: the unit of λ. */
  readonly xScale: number;
  /** [n, dOut]: W0 x + b, positives' means and negatives' means; a query without negatives has zeros there. */
  readonly now: DenseMatrix;
  readonly positive: DenseMatrix;
  readonly negative: DenseMatrix;
  /** Of the queries kept, in the order of the rows. */
  readonly relevant: RelevantPassages;
  readonly positives: readonly (readonly number[])[];
  /** The documents. */
  readonly vectors: QuantizedVectors;
}

export interface LabelInput {
  readonly start: LinearAdapter;
  /** [n, dIn], row-major, in the input order of the start's path. */
  readonly x: Float32Array;
  readonly relevant: RelevantPassages;
  /** The documents. */
  readonly vectors: QuantizedVectors;
  readonly rank: Rank;
}

/** @throws EraError `dimension-mismatch`, `not-finite`, `missing-id`, `invalid-input`, `no-labels` */
export async function labelTargets(input: LabelInput): Promise<LabelTargets> {
  const { vectors, rank } = input;
  const { dIn, dOut } = input.start;
  if (vectors.dims !== dOut)
    throw new EraError('dimension-mismatch', `The start gives ${dOut} numbers, the documents have ${vectors.dims}.`);
  const { x: inputs, relevant } = usableQueries(input, dIn, vectors.scales.length);
  if (relevant.length === 0) throw new EraError('no-labels', 'No query has a relevant passage.');
  const positives = relevant.map(positivesOf);

  const start = scaledToUnit(input.start, inputs);
  const x = fromRows(inputs, dIn);
  const now = multiplyTransposed(x, fromRows(start.weight, dIn));
  now.values.forEach((v, at) => (now.values[at] = v + start.bias[at % dOut]!));
  const queries = unitRows(now);
  const negatives = await hardNegatives({ queries, positives, judged: relevant, vectors, rank, ...MINING });
  return {
    start,
    x,
    xScale: x.values.reduce((sum, v) => sum + v * v, 0) / relevant.length,
    now,
    positive: meanVectors(vectors, positives, (i, passage) => relevant[i]!.get(passage)!),
    negative: meanVectors(
      vectors,
      negatives.map((mined, i) => [...mined, ...judgedWrong(relevant[i]!)]),
    ),
    relevant,
    positives,
    vectors,
  };
}

/** @throws EraError `not-finite` when a row is zero */
export function unitRows(a: DenseMatrix): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(a.values);
  assertVectors(out, a.cols, 'adapter output');
  normalizeRows(out, a.cols);
  return out;
}

function judgedWrong(grades: ReadonlyMap<number, number>): number[] {
  return [...grades].filter(([, grade]) => grade <= 0).map(([passage]) => passage);
}

/** Zeros for an empty list. */
function meanVectors(
  vectors: QuantizedVectors,
  lists: readonly (readonly number[])[],
  weight: (list: number, passage: number) => number = () => 1,
): DenseMatrix {
  const { dims } = vectors;
  const out = zeros(lists.length, dims);
  lists.forEach((passages, i) => {
    const weights = passages.map((passage) => weight(i, passage));
    const total = weights.reduce((sum, w) => sum + w, 0);
    dequantizeRows(vectors, passages).forEach(
      (v, at) => (out.values[i * dims + (at % dims)]! += (v * weights[Math.floor(at / dims)]!) / total),
    );
  });
  return out;
}
