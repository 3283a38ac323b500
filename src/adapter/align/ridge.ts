// Alignment in closed form: the map that takes vectors of the same texts from one space into another, pulled towards a
// base map, since a site alone has too few texts to learn one.

import { EraError } from '../../errors.ts';
import { type DenseMatrix, fromRows, multiplyTransposed } from '../../math/matrix.ts';
import { ridge } from '../../math/ridge.ts';
import { checkAdapter, type LinearAdapter } from '../adapter.ts';
import { checkTextPairs, type TextPairs } from './text-pairs.ts';

export interface AlignRidgeInput extends TextPairs {
  /** A0 and its bias; without it the fit is pulled towards zero. */
  readonly base?: LinearAdapter | undefined;
  /** λ > 0, on the scale of a sum over unit vectors: 1 weighs as much as one text. @default 1 */
  readonly lambda?: number | undefined;
  readonly provenance?: Readonly<Record<string, string>> | undefined;
}

/**
 * min over A, b of Σ wᵢ‖A xᵢ + b − yᵢ‖² + λ‖A − A0‖². The intercept b is not penalised: both sides are centred by their
 * weighted means, and b = ȳ − A x̄. Source: ridge regression on the residual Y − X A0 (Hoerl & Kennard 1970).
 * @throws EraError `invalid-option`, `invalid-input`, `dimension-mismatch`, `not-finite`
 */
export function alignRidge(input: AlignRidgeInput): LinearAdapter {
  const { x, y, dIn, dOut, base, lambda = 1, path, from, to } = input;
  const n = checkInput(input, lambda);
  const xs = fromRows(x, dIn);
  const residuals = fromRows(y, dOut);
  const weights = Float64Array.from(input.weights ?? { length: n }, (w: number | undefined) => w ?? 1);
  if (base) subtract(residuals, multiplyTransposed(xs, fromRows(base.weight, dIn)));
  const xMean = centre(xs, weights);
  const rMean = centre(residuals, weights);
  const change = ridge(xs).weights(residuals, lambda);

  const weight = new Float32Array(dOut * dIn);
  const bias = new Float32Array(dOut);
  for (let o = 0; o < dOut; o++) {
    let offset = rMean[o]!;
    for (let j = 0; j < dIn; j++) {
      const delta = change.values[j * dOut + o]!;
      weight[o * dIn + j] = (base ? base.weight[o * dIn + j]! : 0) + delta;
      offset -= delta * xMean[j]!;
    }
    bias[o] = offset;
  }
  const provenance: Record<string, string> = {
    method: 'ridge',
    lambda: String(lambda),
    texts: String(n),
    ...input.provenance,
  };
  if (base) for (const [key, value] of Object.entries(base.provenance)) provenance[`base.${key}`] = value;
  return checkAdapter({ path, from, to, dIn, dOut, weight, bias, provenance });
}

/** @returns the number of texts */
function checkInput(input: AlignRidgeInput, lambda: number): number {
  const { dIn, dOut, base, to } = input;
  if (!(lambda > 0 && lambda < Infinity)) throw new EraError('invalid-option', `λ is a number above 0, not ${lambda}.`);
  const n = checkTextPairs(input);
  if (base && (base.dIn !== dIn || base.dOut !== dOut)) {
    throw new EraError('dimension-mismatch', `The base adapter is ${base.dOut} × ${base.dIn}, not ${dOut} × ${dIn}.`);
  }
  if (base && base.to !== to)
    throw new EraError('space-mismatch', `The base adapter leads to ${base.to}, not to ${to}.`);
  return n;
}

function subtract(a: DenseMatrix, b: DenseMatrix): void {
  for (let at = 0; at < a.values.length; at++) a.values[at] = a.values[at]! - b.values[at]!;
}

/** Subtracts the weighted mean from every row and scales row i by √wᵢ, in place. @returns the mean */
function centre(a: DenseMatrix, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = new Float64Array(a.cols);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.cols; j++) mean[j] = mean[j]! + (weights[i]! / total) * a.values[i * a.cols + j]!;
  for (let i = 0; i < a.rows; i++) {
    const scale = Math.sqrt(weights[i]!);
    for (let j = 0; j < a.cols; j++) a.values[i * a.cols + j] = scale * (a.values[i * a.cols + j]! - mean[j]!);
  }
  return mean;
}
