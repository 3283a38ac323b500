// Ridge alignment of many groups of texts through their sums: a fit without one group is a subtraction and one solve,
// where alignRidge would read every text again. The result is alignRidge's, without base and weights.

import { EraError } from '../../errors.ts';
import { cholesky, solveCholesky } from '../../math/cholesky.ts';
import { type DenseMatrix, fromRows, gramOfColumns, multiplyColumns, transpose } from '../../math/matrix.ts';
import { assertVectors } from '../../math/vector.ts';
import { checkAdapter, type LinearAdapter } from '../adapter.ts';

/** Sums over texts, with x̃ = [x, 1]. */
export interface PairSums {
  readonly texts: number;
  /** Σ x̃ x̃ᵀ [dIn + 1, dIn + 1] */
  readonly inner: DenseMatrix;
  /** Σ x̃ yᵀ [dIn + 1, dOut] */
  readonly cross: DenseMatrix;
}

/**
 * @param x [n, dIn], row-major @param y [n, dOut], row-major: the same n texts in both spaces
 * @throws EraError `invalid-input`, `dimension-mismatch`, `not-finite`
 */
export function pairSums(x: Float32Array, y: Float32Array, dIn: number, dOut: number): PairSums {
  assertVectors(x, dIn, 'vectors to map from');
  assertVectors(y, dOut, 'vectors to map into');
  const texts = x.length / dIn;
  if (texts === 0 || y.length / dOut !== texts)
    throw new EraError('invalid-input', `${texts} vectors on one side and ${y.length / dOut} on the other.`);
  const augmented = new Float64Array(texts * (dIn + 1)).fill(1);
  for (let i = 0; i < texts; i++) augmented.set(x.subarray(i * dIn, (i + 1) * dIn), i * (dIn + 1));
  const inputs = { rows: texts, cols: dIn + 1, values: augmented };
  return { texts, inner: gramOfColumns(inputs), cross: multiplyColumns(inputs, fromRows(y, dOut)) };
}

/** a + sign·b. @throws EraError `dimension-mismatch` */
export function combineSums(a: PairSums, b: PairSums, sign: 1 | -1): PairSums {
  const combine = (left: DenseMatrix, right: DenseMatrix): DenseMatrix => {
    if (left.rows !== right.rows || left.cols !== right.cols)
      throw new EraError('dimension-mismatch', 'Sums of different spaces cannot be combined.');
    return { ...left, values: left.values.map((value, at) => value + sign * right.values[at]!) };
  };
  return { texts: a.texts + sign * b.texts, inner: combine(a.inner, b.inner), cross: combine(a.cross, b.cross) };
}

/**
 * min over A, b of Σ ‖A x + b − y‖² + λ‖A‖², the intercept free.
 * @param lambda above 0; 1 weighs as much as one text of unit length
 * @throws EraError `invalid-option`, `invalid-input`, `not-finite`
 */
export function ridgeOfSums(
  sums: PairSums,
  lambda: number,
  frame: Pick<LinearAdapter, 'path' | 'from' | 'to'>,
): LinearAdapter {
  if (!(lambda > 0 && lambda < Infinity)) throw new EraError('invalid-option', `λ is a number above 0, not ${lambda}.`);
  if (sums.texts < 1) throw new EraError('invalid-input', 'Alignment needs at least one text.');
  const dIn = sums.inner.rows - 1;
  const dOut = sums.cross.cols;
  const inner = { ...sums.inner, values: sums.inner.values.slice() };
  for (let j = 0; j < dIn; j++) inner.values[j * (dIn + 1) + j]! += lambda;
  const map = transpose(solveCholesky(cholesky(inner), sums.cross)); // [dOut, dIn + 1]
  const weight = new Float32Array(dOut * dIn);
  const bias = new Float32Array(dOut);
  for (let o = 0; o < dOut; o++) {
    weight.set(map.values.subarray(o * (dIn + 1), o * (dIn + 1) + dIn), o * dIn);
    bias[o] = map.values[o * (dIn + 1) + dIn]!;
  }
  return checkAdapter({
    ...frame,
    dIn,
    dOut,
    weight,
    bias,
    provenance: { method: 'ridge', lambda: String(lambda), texts: String(sums.texts) },
  });
}
