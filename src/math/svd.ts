// The thin singular value decomposition, through the eigenvectors of the smaller Gram matrix. Squaring costs digits in
// the vectors of small singular values (to about 1e-9 of the largest), but not orthogonality: one side is
// orthonormalised, largest first.

import { symmetricEigen } from './eigen.ts';
import { type DenseMatrix, gramOfColumns, multiplyTransposed, transpose, zeros } from './matrix.ts';

/** A = Σ values[i] · left[i]ᵀ · right[i], with k = min(rows, cols) terms. */
export interface ThinSvd {
  /** [k], descending, none below 0. */
  readonly values: Float64Array<ArrayBuffer>;
  /** [k, rows], orthonormal rows. */
  readonly left: DenseMatrix;
  /** [k, cols], orthonormal rows. */
  readonly right: DenseMatrix;
}

/**
 * Below this share of the largest, a singular value is set to 0 and its vector to any that is orthogonal to the others.
 */
const NEGLIGIBLE = 1e-10;

/**
 * @param a [rows, cols]; where its rank is below k the last vectors are an arbitrary orthonormal completion
 * @throws EraError `not-finite`
 */
export function thinSvd(a: DenseMatrix): ThinSvd {
  if (a.rows < a.cols) {
    const { values, left, right } = thinSvd(transpose(a));
    return { values, left: right, right: left };
  }
  const right = reverseRows(symmetricEigen(gramOfColumns(a)).vectors);
  const left = multiplyTransposed(right, a);
  return { values: orthonormalize(left), left, right };
}

/**
 * The nearest matrix with orthonormal columns (or rows, where there are fewer of them): Σ left[i]ᵀ · right[i], [rows,
 * cols].
 */
export function polarFactor({ left, right }: ThinSvd): DenseMatrix {
  return multiplyTransposed(transpose(left), transpose(right));
}

function reverseRows(a: DenseMatrix): DenseMatrix {
  const out = zeros(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++)
    out.values.set(a.values.subarray(i * a.cols, (i + 1) * a.cols), (a.rows - 1 - i) * a.cols);
  return out;
}

/** Gram-Schmidt, in place, rows in order. @returns the length of each row beyond the rows before it */
function orthonormalize(a: DenseMatrix): Float64Array<ArrayBuffer> {
  const lengths = new Float64Array(a.rows);
  const row = (i: number): Float64Array => a.values.subarray(i * a.cols, (i + 1) * a.cols);
  let nextAxis = 0;
  for (let i = 0; i < a.rows; i++) {
    const length = removeProjections(row(i), i, row);
    if (length > NEGLIGIBLE * lengths[0]!) {
      lengths[i] = length;
      scale(row(i), 1 / length);
      continue;
    }
    // Some axis is far from the span of the i < cols rows before: their squared distances to it add up to cols − i.
    for (let rest = 0; rest < 0.5 / Math.sqrt(a.cols); nextAxis++) {
      row(i).fill(0);
      row(i)[nextAxis % a.cols] = 1;
      rest = removeProjections(row(i), i, row);
      scale(row(i), 1 / rest);
    }
  }
  return lengths;
}

/** Projects twice, since one pass leaves rounding errors. @returns the remaining length */
function removeProjections(vector: Float64Array, count: number, row: (i: number) => Float64Array): number {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < count; i++) {
      const other = row(i);
      let along = 0;
      for (let t = 0; t < vector.length; t++) along += vector[t]! * other[t]!;
      for (let t = 0; t < vector.length; t++) vector[t] = vector[t]! - along * other[t]!;
    }
  }
  return Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
}

function scale(vector: Float64Array, factor: number): void {
  for (let t = 0; t < vector.length; t++) vector[t] = vector[t]! * factor;
}
