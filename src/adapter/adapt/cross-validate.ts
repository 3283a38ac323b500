// Cross-validated outputs and nDCG@10 of the closed form for many settings. A ridge prediction is a mixture of the
// targets, so the mixture weights, one factorisation for each fold and λ, serve every ν and every view.

import { type DenseMatrix, fromRows, multiply, multiplyTransposed, takeRows, zeros } from '../../math/matrix.ts';
import { ridge, type Ridge } from '../../math/ridge.ts';
import type { View } from '../align/output-transform.ts';
import type { Whitening } from '../align/whiten.ts';
import type { Rank } from '../rank.ts';
import { scoreQueries } from '../selection.ts';
import type { Fold } from './folds.ts';
import { type LabelTargets, unitRows } from './label-targets.ts';

/**
 * A setting of the closed form, which cross-validation chooses: how strongly and by what the labels pull, and how the
 * ranking looks at the outcome.
 */
export interface Setting extends View {
  /** Infinity means that nothing is learned. */
  readonly lambda: number;
  readonly nu: number;
}

/** The labels' targets under one power of whitening. */
export interface TargetsView {
  /** C⁻ᵖ [dOut, dOut]; null for p = 0. */
  readonly map: DenseMatrix | null;
  /** [n, dOut]: outputs of the start for the queries. */
  readonly now: DenseMatrix;
  /** ν → rᵢ = Pᵢ − ν Nᵢ, or Pᵢ − (W0ᵀqᵢ + b) for ν = 0. [n, dOut] */
  readonly pull: ReadonlyMap<number, DenseMatrix>;
}

/** p → view */
export type TargetsViews = ReadonlyMap<number, TargetsView>;

export function viewTargets(
  { now, positive, negative }: LabelTargets,
  powers: readonly number[],
  nus: readonly number[],
  whitening: Whitening | null,
): TargetsViews {
  return new Map(
    powers.map((power) => {
      const map = power > 0 && whitening ? whitening(power) : null;
      const seen = (a: DenseMatrix): DenseMatrix => (map ? multiplyTransposed(a, map) : a);
      const [n, p, m] = [seen(now), seen(positive), seen(negative)];
      const pull = (nu: number): DenseMatrix => ({
        ...p,
        values: p.values.map((v, at) => v - (nu === 0 ? n.values[at]! : nu * m.values[at]!)),
      });
      return [power, { map, now: n, pull: new Map(nus.map((nu) => [nu, pull(nu)])) }];
    }),
  );
}

export class CrossValidation {
  readonly #targets: LabelTargets;
  readonly #views: TargetsViews;
  readonly #rank: Rank;
  readonly #folds: readonly { readonly fold: Fold; readonly fit: Ridge; readonly held: DenseMatrix }[];
  /** λ → [n, n]: what each label adds to each query's output while the query was held out. */
  readonly #shares = new Map<number, DenseMatrix>();
  #last: { readonly key: string; readonly moved: DenseMatrix } | undefined;

  constructor(targets: LabelTargets, views: TargetsViews, folds: readonly Fold[], rank: Rank) {
    this.#targets = targets;
    this.#views = views;
    this.#rank = rank;
    this.#folds = folds
      .filter(({ train }) => train.length > 0) // otherwise the queries keep the start's outputs
      .map((fold) => ({ fold, fit: ridge(takeRows(targets.x, fold.train)), held: takeRows(targets.x, fold.held) }));
  }

  /** [n, dOut] of each query while it was held out, under the setting's view. */
  outputs(setting: Setting): DenseMatrix {
    const moved = this.#moved(setting);
    const out = { ...moved, values: moved.values.slice() };
    if (setting.centring > 0) takeMean(out, setting.centring);
    return orWhereZero(out, this.#views.get(setting.whitening)!.now);
  }

  /** nDCG@10 of each query while it was held out. */
  scores(setting: Setting): Float64Array<ArrayBuffer> {
    return this.score(this.outputs(setting));
  }

  score(outputs: DenseMatrix): Float64Array<ArrayBuffer> {
    return scoreQueries(unitRows(outputs), this.#targets.relevant, this.#rank);
  }

  /** Outputs before centring; settings that differ in centring alone follow one another. */
  #moved({ lambda, nu, whitening }: Setting): DenseMatrix {
    const { now, pull } = this.#views.get(whitening)!;
    if (lambda === Infinity) return now;
    const key = `${lambda}/${nu}/${whitening}`;
    if (this.#last?.key === key) return this.#last.moved;
    const moved = multiply(this.#sharesAt(lambda), pull.get(nu)!);
    for (let at = 0; at < moved.values.length; at++) moved.values[at]! += now.values[at]!;
    this.#last = { key, moved };
    return moved;
  }

  #sharesAt(lambda: number): DenseMatrix {
    const known = this.#shares.get(lambda);
    if (known) return known;
    const n = this.#targets.x.rows;
    const shares = zeros(n, n);
    for (const { fold, fit, held } of this.#folds) {
      const own = fit.shares(held, lambda * this.#targets.xScale);
      fold.held.forEach((query, i) =>
        fold.train.forEach((label, j) => (shares.values[query * n + label] = own.values[i * own.cols + j]!)),
      );
    }
    this.#shares.set(lambda, shares);
    return shares;
  }
}

/** Subtracts `share` of the mean row from every row, in place. */
function takeMean(a: DenseMatrix, share: number): void {
  const mean = multiply(fromRows(new Float64Array(a.rows).fill(1 / a.rows), a.rows), a);
  for (let at = 0; at < a.values.length; at++) a.values[at]! -= share * mean.values[at % a.cols]!;
}

/** A query mapped to zero has no ranking, so the start's output for it is scored. */
export function orWhereZero(outputs: DenseMatrix, start: DenseMatrix): DenseMatrix {
  const { rows, cols } = outputs;
  for (let i = 0; i < rows; i++) {
    const own = outputs.values.subarray(i * cols, (i + 1) * cols);
    if (own.every((v) => Math.abs(v) < 1e-12)) own.set(start.values.subarray(i * cols, (i + 1) * cols));
  }
  return outputs;
}
