// Cross-validated outputs and nDCG@10 of the closed form for many settings. A ridge prediction is a mixture of the
// targets, so the mixture weights, one factorisation for each fold and λ, serve every ν and every view.

import { ndcg } from '../../evaluate/metrics.ts';
import { bestRows } from '../../math/best-rows.ts';
import { type DenseMatrix, meanOfRows, multiply, multiplyTransposed, takeRows, zeros } from '../../math/matrix.ts';
import type { RowDots } from '../../math/row-dots.ts';
import { ridge, type Ridge } from '../../math/ridge.ts';
import type { View } from '../align/output-transform.ts';
import type { Whitening } from '../align/whiten.ts';
import type { Rank } from '../rank.ts';
import { DECIDING_DEPTH, scoreQueries } from '../selection.ts';
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

/** What is below this counts as zero. */
const ZERO = 1e-12;
/** Of a query that may be zero: it is looked at by itself. */
const ZERO_FACTOR = 1 / ZERO / 1e3;

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
  readonly #dots: RowDots | undefined;
  readonly #folds: readonly { readonly fold: Fold; readonly fit: Ridge; readonly held: DenseMatrix }[];
  /** λ → [n, n]: what each label adds to each query's output while the query was held out. */
  readonly #shares = new Map<number, DenseMatrix>();
  #last: { readonly key: string; readonly moved: DenseMatrix } | undefined;

  /** @param dots with the documents. @default exact ones */
  constructor(targets: LabelTargets, views: TargetsViews, folds: readonly Fold[], rank: Rank, dots?: RowDots) {
    this.#targets = targets;
    this.#views = views;
    this.#rank = rank;
    this.#dots = dots;
    this.#folds = folds
      .filter(({ train }) => train.length > 0) // otherwise the queries keep the start's outputs
      .map((fold) => ({ fold, fit: ridge(takeRows(targets.x, fold.train)), held: takeRows(targets.x, fold.held) }));
  }

  /** [n, dOut] of each query while it was held out, under the setting's view. */
  outputs(setting: Setting): DenseMatrix {
    return orWhereZero(centred(this.#moved(setting), setting.centring), this.#views.get(setting.whitening)!.now);
  }

  /**
   * `scores` of settings that differ in centring alone, from one product with the passages: a share of the mean output
   * taken from every query is the same share of the mean score taken from every passage.
   * @param pause awaited between blocks of passages; rejects to stop
   */
  async scoresTogether(settings: readonly Setting[], pause: () => Promise<void>): Promise<Float64Array<ArrayBuffer>[]> {
    const { relevant, vectors } = this.#targets;
    const moved = this.#moved(settings[0]!);
    const mean = meanOfRows(moved);
    const views = settings.map(({ centring }) => ({
      share: centring,
      factors: inverseLengths(moved, mean, centring),
    }));
    if (!views.every(({ factors }) => factors.every((factor) => factor < ZERO_FACTOR)))
      return Promise.all(settings.map((setting) => this.scores(setting)));
    const depth = Math.min(DECIDING_DEPTH, vectors.scales.length);
    const best = await bestRows(vectors, moved.values, depth, views, { dots: this.#dots, pause });
    return best.map((lists) =>
      Float64Array.from(lists, (own, i) => ndcg(own.sorted().ids, relevant[i]!, DECIDING_DEPTH)),
    );
  }

  /** nDCG@10 of each query while it was held out. */
  scores(setting: Setting): Promise<Float64Array<ArrayBuffer>> {
    return this.score(this.outputs(setting));
  }

  score(outputs: DenseMatrix): Promise<Float64Array<ArrayBuffer>> {
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

/** Every row less `share` of the mean row. */
function centred(a: DenseMatrix, share: number): DenseMatrix {
  const mean = meanOfRows(a);
  return { ...a, values: a.values.map((v, at) => v - share * mean[at % a.cols]!) };
}

/** Of the rows of `centred`. [rows] */
function inverseLengths({ rows, cols, values }: DenseMatrix, mean: Float64Array, share: number): Float64Array {
  const factors = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++, at++) {
      const v = values[at]! - share * mean[j]!;
      sum += v * v;
    }
    factors[i] = 1 / Math.sqrt(sum);
  }
  return factors;
}

/** A query mapped to zero has no ranking, so the start's output for it is scored. */
export function orWhereZero(outputs: DenseMatrix, start: DenseMatrix): DenseMatrix {
  const { rows, cols } = outputs;
  for (let i = 0; i < rows; i++) {
    const own = outputs.values.subarray(i * cols, (i + 1) * cols);
    if (own.every((v) => Math.abs(v) < ZERO)) own.set(start.values.subarray(i * cols, (i + 1) * cols));
  }
  return outputs;
}
