// Cross-validated nDCG@10 of the closed form, for every λ and ν at once: the ridge is linear in its targets, so that one
// factorisation a fold and λ serves every ν.

import { type DenseMatrix, takeRows, zeros } from '../../math/matrix.ts';
import { type Ridge, ridge } from '../../math/ridge.ts';
import type { Fold } from './folds.ts';
import type { Rank } from '../rank.ts';
import { scoreQueries } from '../selection.ts';
import { type LabelTargets, unitRows } from './label-targets.ts';

export interface Setting {
  readonly lambda: number;
  readonly nu: number;
}

export interface SettingScores extends Setting {
  /** nDCG@10 of each query while it was held out. */
  readonly ndcg: Float64Array<ArrayBuffer>;
}

/** rᵢ = Pᵢ − ν Nᵢ, or Pᵢ − (W0ᵀqᵢ + b) for ν = 0, as a sum of the three parts. */
export function targetShares(nu: number): { positive: number; negative: number; now: number } {
  return nu === 0 ? { positive: 1, negative: 0, now: -1 } : { positive: 1, negative: -nu, now: 0 };
}

/** Yields one setting's scores at a time, so that the caller can pause in between. */
export function* crossValidate(targets: LabelTargets, folds: readonly Fold[], lambdas: readonly number[], nus: readonly number[], rank: Rank): Generator<SettingScores> {
  const n = targets.x.rows;
  const width = targets.now.cols;
  const fits = folds.map(({ train }) => (train.length > 0 ? ridge(takeRows(targets.x, train), joined(targets, train)) : null));
  const held = folds.map((fold) => takeRows(targets.x, fold.held));
  for (const lambda of lambdas) {
    const changes = predictHeldOut(folds, fits, held, lambda * targets.xScale, n, 3 * width);
    for (const nu of nus) {
      const share = targetShares(nu);
      const outputs = { ...targets.now, values: targets.now.values.slice() };
      for (let i = 0; i < n; i++) {
        for (let o = 0; o < width; o++) {
          const at = i * 3 * width + o;
          outputs.values[i * width + o]! +=
            share.positive * changes.values[at]! + share.negative * changes.values[at + width]! + share.now * changes.values[at + 2 * width]!;
        }
        keepStartWhereZero(outputs, targets.now, i);
      }
      yield { lambda, nu, ndcg: scoreQueries(unitRows(outputs), targets.relevant, rank) };
    }
  }
}

/** A query sent to zero has no ranking; it is judged by the start's. */
function keepStartWhereZero(outputs: DenseMatrix, now: DenseMatrix, i: number): void {
  const own = outputs.values.subarray(i * outputs.cols, (i + 1) * outputs.cols);
  if (own.every((v) => Math.abs(v) < 1e-12)) own.set(now.values.subarray(i * now.cols, (i + 1) * now.cols));
}

/** [n, width] in the order of all queries; zeros where a fold had nothing to learn from. */
function predictHeldOut(folds: readonly Fold[], fits: readonly (Ridge | null)[], held: readonly DenseMatrix[], lambda: number, n: number, width: number): DenseMatrix {
  const out = zeros(n, width);
  folds.forEach((fold, f) => {
    const predicted = fits[f]?.predict(held[f]!, lambda);
    if (predicted) fold.held.forEach((query, i) => out.values.set(predicted.values.subarray(i * width, (i + 1) * width), query * width));
  });
  return out;
}

/** [rows.length, 3 dOut]: positive, negative and present vectors side by side. */
function joined(targets: LabelTargets, rows: readonly number[]): DenseMatrix {
  const width = targets.now.cols;
  const out = zeros(rows.length, 3 * width);
  [targets.positive, targets.negative, targets.now].forEach((part, p) => {
    rows.forEach((query, i) => out.values.set(part.values.subarray(query * width, (query + 1) * width), (i * 3 + p) * width));
  });
  return out;
}

/** ΔW [dIn, dOut] from all labels. */
export function fitChange(targets: LabelTargets, { lambda, nu }: Setting): DenseMatrix {
  const share = targetShares(nu);
  const values = targets.positive.values.map((v, at) => share.positive * v + share.negative * targets.negative.values[at]! + share.now * targets.now.values[at]!);
  return ridge(targets.x, { ...targets.now, values }).weights(lambda * targets.xScale);
}
