// Several settings as one map: the mean of their maps, each scaled so that its outputs for the labelled queries have a
// mean length of 1. Settings that cross-validation cannot tell apart differ by chance; their mean keeps what they agree
// on.

import { groupBy } from '../../group-by.ts';
import { type DenseMatrix, fromRows, multiply, multiplyTransposed, transpose, zeros } from '../../math/matrix.ts';
import { ridge } from '../../math/ridge.ts';
import { checkAdapter, type LinearAdapter } from '../adapter.ts';
import { type CrossValidation, orWhereZero, type Setting, type TargetsViews } from './cross-validate.ts';
import { scaledToUnit } from '../initial.ts';
import type { LabelTargets } from './label-targets.ts';

export interface WeightedSetting extends Setting {
  /** 1 / (number of settings · mean length of its cross-validated outputs). */
  readonly share: number;
}

export function weighted(settings: readonly Setting[], folds: CrossValidation): WeightedSetting[] {
  return settings.map((setting) => {
    return { ...setting, share: 1 / settings.length / meanLength(folds.outputs(setting)) };
  });
}

function meanLength({ rows, cols, values }: DenseMatrix): number {
  let total = 0;
  for (let i = 0; i < rows; i++)
    total += Math.sqrt(values.subarray(i * cols, (i + 1) * cols).reduce((sum, v) => sum + v * v, 0));
  return total > 0 ? total / rows : 1;
}

/** Σ share · outputs, cross-validated. [n, dOut] */
export function averageOutputs(
  settings: readonly WeightedSetting[],
  folds: CrossValidation,
  start: DenseMatrix,
): DenseMatrix {
  const out = zeros(start.rows, start.cols);
  for (const setting of settings)
    folds.outputs(setting).values.forEach((v, at) => (out.values[at]! += setting.share * v));
  return orWhereZero(out, start);
}

/**
 * Σ share · C⁻ᵖ (W x + b − c·m) with W = W0 + ΔW of all labels and m the mean output W x̄ + b; outputs for the labelled
 * queries have a mean length of 1.
 * @param meanInput x̄ [dIn]
 */
export function averageAdapter(
  settings: readonly WeightedSetting[],
  targets: LabelTargets,
  views: TargetsViews,
  meanInput: Float64Array,
  provenance: Readonly<Record<string, string>>,
): LinearAdapter {
  const { start, x, xScale } = targets;
  const { dIn, dOut } = start;
  const fit = ridge(x);
  const weight = zeros(dIn, dOut);
  const bias = new Float64Array(dOut);
  for (const [power, own] of groupBy(settings, ({ whitening }) => whitening)) {
    const { map } = views.get(power)!;
    const seen = (a: DenseMatrix): DenseMatrix => (map ? multiplyTransposed(a, map) : a);
    const total = own.reduce((sum, { share }) => sum + share, 0);
    add(weight.values, seen(transpose(fromRows(start.weight, dIn))).values, total);
    const offset = seen(fromRows(start.bias, dOut)).values;
    const meanOutput = seen(fromRows(outputOf(start, meanInput), dOut)).values;
    add(bias, offset, total);
    add(bias, meanOutput, -own.reduce((sum, { share, centring }) => sum + share * centring, 0));
  }
  const mean = fromRows(meanInput, dIn);
  for (const [lambda, own] of groupBy(
    settings.filter((setting) => setting.lambda < Infinity),
    (setting) => setting.lambda,
  )) {
    const pull = zeros(x.rows, dOut);
    const centredPull = zeros(x.rows, dOut);
    for (const { nu, whitening, centring, share } of own) {
      const { values } = views.get(whitening)!.pull.get(nu)!;
      add(pull.values, values, share);
      add(centredPull.values, values, share * centring);
    }
    add(weight.values, fit.weights(pull, lambda * xScale).values, 1);
    add(bias, multiply(fit.shares(mean, lambda * xScale), centredPull).values, -1);
  }
  const adapter = {
    ...start,
    weight: Float32Array.from(transpose(weight).values),
    bias: Float32Array.from(bias),
    provenance,
  };
  return checkAdapter(scaledToUnit(adapter, Float32Array.from(x.values)));
}

function outputOf({ weight, bias, dIn }: LinearAdapter, x: Float64Array): Float64Array {
  return Float64Array.from(bias, (b, o) => {
    let sum = b;
    for (let j = 0; j < dIn; j++) sum += weight[o * dIn + j]! * x[j]!;
    return sum;
  });
}

function add(to: Float64Array, from: Float64Array, share: number): void {
  for (let at = 0; at < to.length; at++) to[at]! += share * from[at]!;
}
