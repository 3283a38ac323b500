// Dense matrices in float64, row-major, and their products. Factorisations are in cholesky.ts and eigen.ts. There is
// one product kernel, A·Bᵀ, which reads both operands along their rows. The other products transpose an operand and use
// it.

import { EraError } from '../errors.ts';

export interface DenseMatrix {
  readonly rows: number;
  readonly cols: number;
  /** [rows, cols], row-major. */
  readonly values: Float64Array<ArrayBuffer>;
}

/**
 * Rows of A against rows of B that stay in the cache together; 36 rows of 384 numbers are 108 kB. A multiple of 3 and
 * of 4.
 */
const TILE = 36;

export function zeros(rows: number, cols: number): DenseMatrix {
  return { rows, cols, values: new Float64Array(rows * cols) };
}

/**
 * A copy of numbers in row-major order.
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
  for (let i = 0; i < ids.length; i++)
    out.values.set(a.values.subarray(ids[i]! * a.cols, (ids[i]! + 1) * a.cols), i * a.cols);
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

/** One tile of A·Bᵀ. Twelve dot products at a time share their reads; each is summed in the order of its row. */
function productTile(a: DenseMatrix, b: DenseMatrix, out: DenseMatrix, iStart: number, jStart: number): void {
  const k = a.cols;
  const n = out.cols;
  const x = a.values;
  const y = b.values;
  const to = out.values;
  const iEnd = Math.min(iStart + TILE, a.rows);
  const jEnd = Math.min(jStart + TILE, b.rows);
  const iWhole = iEnd - ((iEnd - iStart) % 3);
  const jWhole = jEnd - ((jEnd - jStart) % 4);
  for (let i = iStart; i < iWhole; i += 3) {
    const a0 = i * k;
    const a1 = a0 + k;
    const a2 = a1 + k;
    for (let j = jStart; j < jWhole; j += 4) {
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      let [s00, s01, s02, s03] = [0, 0, 0, 0];
      let [s10, s11, s12, s13] = [0, 0, 0, 0];
      let [s20, s21, s22, s23] = [0, 0, 0, 0];
      for (let t = 0; t < k; t++) {
        const u = x[a0 + t]!;
        const v = x[a1 + t]!;
        const w = x[a2 + t]!;
        const y0 = y[b0 + t]!;
        s00 += u * y0;
        s10 += v * y0;
        s20 += w * y0;
        const y1 = y[b1 + t]!;
        s01 += u * y1;
        s11 += v * y1;
        s21 += w * y1;
        const y2 = y[b2 + t]!;
        s02 += u * y2;
        s12 += v * y2;
        s22 += w * y2;
        const y3 = y[b3 + t]!;
        s03 += u * y3;
        s13 += v * y3;
        s23 += w * y3;
      }
      const at = i * n + j;
      to[at] = s00;
      to[at + 1] = s01;
      to[at + 2] = s02;
      to[at + 3] = s03;
      to[at + n] = s10;
      to[at + n + 1] = s11;
      to[at + n + 2] = s12;
      to[at + n + 3] = s13;
      to[at + 2 * n] = s20;
      to[at + 2 * n + 1] = s21;
      to[at + 2 * n + 2] = s22;
      to[at + 2 * n + 3] = s23;
    }
  }
  for (let i = iStart; i < iEnd; i++) {
    for (let j = i < iWhole ? jWhole : jStart; j < jEnd; j++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += x[i * k + t]! * y[j * k + t]!;
      to[i * n + j] = sum;
    }
  }
}
