// Dense matrices in float64, row-major, and their products. Factorisations are in cholesky.ts and eigen.ts. There is
// one product, A·Bᵀ, which reads both operands along their rows (products/). The others transpose an operand and use it.

import { EraError } from '../errors.ts';
import { openProducts } from './products/open-products.ts';

export interface DenseMatrix {
  readonly rows: number;
  readonly cols: number;
  /** [rows, cols], row-major. */
  readonly values: Float64Array<ArrayBuffer>;
}

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

/** Mean of the rows. [cols] */
export function meanOfRows({ rows, cols, values }: DenseMatrix): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < cols; j++) mean[j]! += values[at++]! / rows;
  return mean;
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
  openProducts().products.addTransposed(a.values, b.values, a.cols, out.values);
  return out;
}

/** A·Aᵀ, [rows, rows], exactly symmetric. */
export function gram(a: DenseMatrix): DenseMatrix {
  const n = a.rows;
  const out = zeros(n, n);
  openProducts().products.addTransposed(a.values, a.values, a.cols, out.values, true);
  return mirrored(out);
}

/** Rows that are turned at once: what is multiplied by columns may have any number of rows. */
const TURNED_ROWS = 512;

/**
 * Aᵀ·B, without a turned copy of either.
 * @param a [k, m] @param b [k, n] @returns [m, n]
 * @throws EraError `dimension-mismatch`
 */
export function multiplyColumns(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
  if (a.rows !== b.rows)
    throw new EraError('dimension-mismatch', `Cannot multiply columns of ${a.rows} with columns of ${b.rows}.`, {
      details: { left: a.rows, right: b.rows },
    });
  const out = zeros(a.cols, b.cols);
  for (let first = 0; first < a.rows; first += TURNED_ROWS) {
    const [columnsA, columnsB] = [turned(a, first), turned(b, first)];
    openProducts().products.addTransposed(columnsA.values, columnsB.values, columnsA.cols, out.values);
  }
  return out;
}

/** Aᵀ·A, [cols, cols], exactly symmetric. */
export function gramOfColumns(a: DenseMatrix): DenseMatrix {
  const out = zeros(a.cols, a.cols);
  for (let first = 0; first < a.rows; first += TURNED_ROWS) {
    const { values, cols } = turned(a, first);
    openProducts().products.addTransposed(values, values, cols, out.values, true);
  }
  return mirrored(out);
}

/** The transpose of some rows from `first` on. */
function turned(a: DenseMatrix, first: number): DenseMatrix {
  const rows = Math.min(TURNED_ROWS, a.rows - first);
  return transpose({ ...a, rows, values: a.values.subarray(first * a.cols, (first + rows) * a.cols) });
}

/** The lower half copied into the upper one, in place. */
function mirrored(a: DenseMatrix): DenseMatrix {
  const n = a.rows;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) a.values[i * n + j] = a.values[j * n + i]!;
  }
  return a;
}
