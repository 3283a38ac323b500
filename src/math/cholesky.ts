// Cholesky: the lower triangular L with L·Lᵀ = A, for symmetric positive definite A, and solutions of A·X = B by it.

import { EraError } from '../errors.ts';
import { type DenseMatrix, zeros } from './matrix.ts';

/**
 * Added to the diagonal, as a share of its mean, when rounding has made a matrix slightly indefinite; tried in this
 * order.
 */
const JITTERS = [0, 1e-12, 1e-10, 1e-8];

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
  const l = factor.values;
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n;
      let sum = a.values[rowI + j]!;
      for (let t = 0; t < j; t++) sum -= l[rowI + t]! * l[rowJ + t]!;
      if (j < i) {
        l[rowI + j] = sum / l[rowJ + j]!;
      } else {
        const pivot = sum + ridge;
        if (Number.isNaN(pivot)) throw new EraError('not-finite', 'The matrix holds NaN or an infinity.');
        if (pivot <= 0) return null;
        l[rowI + i] = Math.sqrt(pivot);
      }
    }
  }
  return factor;
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
  const out = { ...b, values: b.values.slice() };
  const l = factor.values;
  for (let i = 0; i < n; i++) {
    subtractRows(out, i, 0, i, 1, (j) => l[i * n + j]!);
    divideRow(out, i, l[i * n + i]!);
  }
  for (let i = n - 1; i >= 0; i--) {
    subtractRows(out, i, n - 1, n - 1 - i, -1, (j) => l[j * n + i]!);
    divideRow(out, i, l[i * n + i]!);
  }
  return out;
}

/**
 * row `to` −= Σ factor(j) · row j over `count` rows from `first` on; four at a time, because reading row `to` costs as
 * much as the sum.
 */
function subtractRows(
  a: DenseMatrix,
  to: number,
  first: number,
  count: number,
  step: 1 | -1,
  factor: (row: number) => number,
): void {
  const m = a.cols;
  const v = a.values;
  const whole = count - (count % 4);
  for (let done = 0; done < whole; done += 4) {
    const j = first + step * done;
    const [f0, f1, f2, f3] = [factor(j), factor(j + step), factor(j + 2 * step), factor(j + 3 * step)];
    let y0 = j * m;
    let y1 = y0 + step * m;
    let y2 = y1 + step * m;
    let y3 = y2 + step * m;
    for (let x = to * m; x < (to + 1) * m; x++)
      v[x] = v[x]! - f0 * v[y0++]! - f1 * v[y1++]! - f2 * v[y2++]! - f3 * v[y3++]!;
  }
  for (let done = whole; done < count; done++) {
    const j = first + step * done;
    const f = factor(j);
    for (let x = to * m, y = j * m; x < (to + 1) * m; x++, y++) v[x] = v[x]! - f * v[y]!;
  }
}

function divideRow(a: DenseMatrix, i: number, divisor: number): void {
  for (let t = i * a.cols; t < (i + 1) * a.cols; t++) a.values[t] = a.values[t]! / divisor;
}
