// Dense matrices in float64, row-major, and their products. Factorisations are in cholesky.ts and eigen.ts.
// There is one product kernel, A·Bᵀ: it reads both operands along their rows. The others are it, after a transpose.

import { EraError } from '../errors.ts';

export interface DenseMatrix {
  readonly rows: number;
  readonly cols: number;
  /** [rows, cols], row-major. */
  readonly values: Float64Array<ArrayBuffer>;
}

/** Rows of A against rows of B that stay in the cache together; 32 rows of 384 numbers are 96 kB. */
const TILE = 32;

export function zeros(rows: number, cols: number): DenseMatrix {
  return { rows, cols, values: new Float64Array(rows * cols) };
}

/**
 * A copy of numbers that lie row after row.
 * @throws EraError `dimension-mismatch` when they are not whole rows
 */
export function fromRows(values: ArrayLike<number>, cols: number): DenseMatrix {
  if (!Number.isInteger(cols) || cols < 1 || values.length % cols !== 0) {
    throw new EraError('dimension-mismatch', `${values.length} numbers are not whole rows of ${cols}.`, {
      details: { length: values.length, cols },
    });
  }
  return { rows: values.length / cols, cols, values: Float64Array.from(values) };
}

/** Rows `ids` of `a`, copied, in this order. */
export function takeRows(a: DenseMatrix, ids: ArrayLike<number>): DenseMatrix {
  const out = zeros(ids.length, a.cols);
  for (let i = 0; i < ids.length; i++) out.values.set(a.values.subarray(ids[i]! * a.cols, (ids[i]! + 1) * a.cols), i * a.cols);
  return out;
}

export function transpose(a: DenseMatrix): DenseMatrix {
  const out = zeros(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out.values[j * a.rows + i] = a.values[i * a.cols + j]!;
  }
  return out;
}

/**
 * A·B
 * @param a [m, k] @param b [k, n] @returns [m, n]
 * @throws EraError `dimension-mismatch`
 */
export function multiply(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
  return multiplyTransposed(a, transpose(b));
}

/**
 * A·Bᵀ
 * @param a [m, k] @param b [n, k] @returns [m, n]
 * @throws EraError `dimension-mismatch`
 */
export function multiplyTransposed(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
  if (a.cols !== b.cols) {
    throw new EraError('dimension-mismatch', `Cannot multiply rows of ${a.cols} with rows of ${b.cols}.`, {
      details: { left: a.cols, right: b.cols },
    });
  }
  const out = zeros(a.rows, b.rows);
  for (let i = 0; i < a.rows; i += TILE) {
    for (let j = 0; j < b.rows; j += TILE) productTile(a, b, out, i, j);
  }
  return out;
}

/** A·Aᵀ, [rows, rows], exactly symmetric. Aᵀ·A is `gram(transpose(a))`. */
export function gram(a: DenseMatrix): DenseMatrix {
  const n = a.rows;
  const out = zeros(n, n);
  for (let i = 0; i < n; i += TILE) {
    for (let j = 0; j <= i; j += TILE) productTile(a, a, out, i, j);
  }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) out.values[i * n + j] = out.values[j * n + i]!;
  }
  return out;
}

/** One tile of A·Bᵀ; four dot products at a time share the reads of a row of A. */
function productTile(a: DenseMatrix, b: DenseMatrix, out: DenseMatrix, iStart: number, jStart: number): void {
  const k = a.cols;
  const x = a.values;
  const y = b.values;
  const iEnd = Math.min(iStart + TILE, a.rows);
  const jEnd = Math.min(jStart + TILE, b.rows);
  for (let i = iStart; i < iEnd; i++) {
    const at = i * k;
    let j = jStart;
    for (; j + 3 < jEnd; j += 4) {
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let t = 0; t < k; t++) {
        const v = x[at + t]!;
        s0 += v * y[b0 + t]!;
        s1 += v * y[b1 + t]!;
        s2 += v * y[b2 + t]!;
        s3 += v * y[b3 + t]!;
      }
      const to = i * out.cols + j;
      out.values[to] = s0;
      out.values[to + 1] = s1;
      out.values[to + 2] = s2;
      out.values[to + 3] = s3;
    }
    for (; j < jEnd; j++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += x[at + t]! * y[j * k + t]!;
      out.values[i * out.cols + j] = sum;
    }
  }
}
