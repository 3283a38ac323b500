// Cholesky: the lower triangular L with L·Lᵀ = A, for symmetric positive definite A, and solutions of A·X = B by it. In
// blocks of columns, so that nearly all of the work is products of matrices.

import { EraError } from '../errors.ts';
import { type DenseMatrix, multiplyTransposed, transpose, zeros } from './matrix.ts';

/**
 * Added to the diagonal, as a share of its mean, when rounding has made a matrix slightly indefinite; tried in this
 * order.
 */
const JITTERS = [0, 1e-12, 1e-10, 1e-8];
/** Columns of a block. */
const BLOCK = 32;

/**
 * @param a [n, n]; only the lower triangle is read
 * @param ridge is added to the diagonal
 * @returns L [n, n], zeros above the diagonal
 * @throws EraError `not-finite`; `invalid-input` when `a` is not positive definite beyond rounding
 */
export function cholesky(a: DenseMatrix, ridge = 0): DenseMatrix {
  if (a.rows !== a.cols) throw new EraError('dimension-mismatch', `A matrix of ${a.rows} × ${a.cols} is not square.`);
  let trace = 0;
  for (let i = 0; i < a.rows; i++) trace += a.values[i * a.rows + i]! + ridge;
  if (!Number.isFinite(trace)) throw new EraError('not-finite', 'The matrix holds NaN or an infinity.');
  for (const jitter of JITTERS) {
    const factor = tryFactor(a, ridge + (jitter * trace) / a.rows);
    if (factor) return factor;
  }
  throw new EraError('invalid-input', 'The matrix is not positive definite.');
}

function tryFactor(a: DenseMatrix, ridge: number): DenseMatrix | null {
  const n = a.rows;
  const factor = zeros(n, n);
  for (let first = 0; first < n; first += BLOCK) {
    const end = Math.min(first + BLOCK, n);
    // What the columns before take from these: one product, then only the block itself is left to factor.
    const left = part(factor, first, n, 0, first);
    const taken = multiplyTransposed(left, part(left, 0, end - first, 0, first));
    if (!factorColumns(a, ridge, factor.values, taken.values, first, end)) return null;
  }
  return factor;
}

/** Columns first … end of L. @param taken [n − first, end − first] @returns whether all pivots are above 0 */
function factorColumns(
  { rows: n, values }: DenseMatrix,
  ridge: number,
  l: Float64Array,
  taken: Float64Array,
  first: number,
  end: number,
): boolean {
  const width = end - first;
  for (let i = first; i < n; i++) {
    for (let j = first; j < Math.min(i + 1, end); j++) {
      let sum = values[i * n + j]! - taken[(i - first) * width + j - first]!;
      for (let t = first; t < j; t++) sum -= l[i * n + t]! * l[j * n + t]!;
      if (j < i) {
        l[i * n + j] = sum / l[j * n + j]!;
      } else {
        const pivot = sum + ridge;
        if (Number.isNaN(pivot)) throw new EraError('not-finite', 'The matrix holds NaN or an infinity.');
        if (pivot <= 0) return false;
        l[i * n + i] = Math.sqrt(pivot);
      }
    }
  }
  return true;
}

/**
 * X with L·Lᵀ·X = B.
 * @param factor L of `cholesky` [n, n] @param b [n, m] @returns [n, m]
 * @throws EraError `dimension-mismatch`
 */
export function solveCholesky(factor: DenseMatrix, b: DenseMatrix): DenseMatrix {
  const n = factor.rows;
  if (b.rows !== n)
    throw new EraError('dimension-mismatch', `A right side of ${b.rows} rows does not fit a factor of ${n}.`);
  // Each right side is a row here, so that what is known of all of them is taken away by one product a block.
  const sides = transpose(b);
  const starts = Array.from({ length: Math.ceil(n / BLOCK) }, (_, i) => i * BLOCK);
  for (const first of starts) {
    const end = Math.min(first + BLOCK, n);
    takeKnown(sides, part(factor, first, end, 0, first), first, 0);
    const block = part(factor, first, end, first, end);
    forEachSide(sides, first, end, (side) => substituteForward(block, side));
  }
  const upper = transpose(factor);
  for (const first of starts.reverse()) {
    const end = Math.min(first + BLOCK, n);
    takeKnown(sides, part(upper, first, end, end, n), first, end);
    const block = part(upper, first, end, first, end);
    forEachSide(sides, first, end, (side) => substituteBackward(block, side));
  }
  return transpose(sides);
}

/** Numbers first … of every side −= known part of it, from `knownFirst` on, times `coefficients`ᵀ. */
function takeKnown(sides: DenseMatrix, coefficients: DenseMatrix, first: number, knownFirst: number): void {
  if (coefficients.cols === 0) return;
  const taken = multiplyTransposed(
    part(sides, 0, sides.rows, knownFirst, knownFirst + coefficients.cols),
    coefficients,
  );
  for (let i = 0; i < sides.rows; i++) {
    const from = i * taken.cols;
    const to = i * sides.cols + first;
    for (let t = 0; t < taken.cols; t++) sides.values[to + t]! -= taken.values[from + t]!;
  }
}

function forEachSide(sides: DenseMatrix, first: number, end: number, solve: (side: Float64Array) => void): void {
  for (let at = 0; at < sides.values.length; at += sides.cols) solve(sides.values.subarray(at + first, at + end));
}

function substituteForward({ rows: n, values }: DenseMatrix, side: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = side[i]!;
    for (let j = 0; j < i; j++) sum -= values[i * n + j]! * side[j]!;
    side[i] = sum / values[i * n + i]!;
  }
}

function substituteBackward({ rows: n, values }: DenseMatrix, side: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = side[i]!;
    for (let j = i + 1; j < n; j++) sum -= values[i * n + j]! * side[j]!;
    side[i] = sum / values[i * n + i]!;
  }
}

/** Rows and columns first … end of `a`, copied. */
function part(a: DenseMatrix, firstRow: number, endRow: number, firstCol: number, endCol: number): DenseMatrix {
  const out = zeros(endRow - firstRow, endCol - firstCol);
  for (let i = firstRow; i < endRow; i++)
    out.values.set(a.values.subarray(i * a.cols + firstCol, i * a.cols + endCol), (i - firstRow) * out.cols);
  return out;
}
