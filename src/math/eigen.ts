// Eigenvalues and eigenvectors of symmetric matrices: Householder reduction to tridiagonal form, then QL with implicit
// shifts. Source of the method: Wilkinson & Reinsch, Handbook for Automatic Computation II, 1971. 384 × 384 takes a
// fraction of a second.

import { EraError } from '../errors.ts';
import { type DenseMatrix, multiplyTransposed, transpose, zeros } from './matrix.ts';

export interface Eigen {
  /** [n], ascending. */
  readonly values: Float64Array<ArrayBuffer>;
  /** [n, n]: row i is the unit eigenvector of values[i]. */
  readonly vectors: DenseMatrix;
}

/** An eigenvalue takes two or three rounds; the bound only prevents an endless loop. */
const MAX_ROUNDS = 100;

/**
 * @param a [n, n], symmetric
 * @throws EraError `dimension-mismatch`, `not-finite`
 */
export function symmetricEigen(a: DenseMatrix): Eigen {
  if (a.rows !== a.cols) throw new EraError('dimension-mismatch', `A matrix of ${a.rows} × ${a.cols} is not square.`);
  if (!a.values.every(Number.isFinite)) throw new EraError('not-finite', 'The matrix holds NaN or an infinity.');
  const { diagonal, beside, basis } = tridiagonalize(a);
  diagonalize(diagonal, beside, basis);
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i]! - diagonal[j]!);
  const vectors = zeros(a.rows, a.rows);
  order.forEach((from, to) =>
    vectors.values.set(basis.values.subarray(from * a.rows, (from + 1) * a.rows), to * a.rows),
  );
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors };
}

/** Vᵀ·diag(f(value))·V, where V has the eigenvectors as rows: the function `f` of the matrix. */
export function matrixFunction(eigen: Eigen, f: (value: number) => number): DenseMatrix {
  const columns = transpose(eigen.vectors);
  const n = columns.rows;
  const scaled = { ...columns, values: columns.values.map((v, at) => v * f(eigen.values[at % n]!)) };
  return multiplyTransposed(scaled, columns);
}

interface Tridiagonal {
  /** [n] */
  readonly diagonal: Float64Array<ArrayBuffer>;
  /** [n]; beside[i] couples i and i + 1, the last is 0. */
  readonly beside: Float64Array<ArrayBuffer>;
  /** [n, n]: Qᵀ of A = Q·T·Qᵀ. */
  readonly basis: DenseMatrix;
}

function tridiagonalize(a: DenseMatrix): Tridiagonal {
  const n = a.rows;
  const w = a.values.slice();
  const beside = new Float64Array(n);
  const betas = new Float64Array(n);
  const p = new Float64Array(n);
  // What a row has below this is rounding noise of the matrix; the reflector of such a row would divide by nearly 0.
  const noise = (Number.EPSILON * a.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) ** 2;
  for (let k = 0; k + 2 < n; k++) {
    // The reflector v replaces row k right of the diagonal: I − β·v·vᵀ sends that row to (±length, 0, 0, …).
    const first = k * n + k + 1;
    let tail = 0;
    for (let t = first + 1; t < (k + 1) * n; t++) tail += w[t]! * w[t]!;
    const head = w[first]!;
    if (tail <= noise) {
      beside[k] = head;
      continue;
    }
    const length = head > 0 ? -Math.sqrt(head * head + tail) : Math.sqrt(head * head + tail);
    beside[k] = length;
    w[first] = head - length;
    const beta = 2 / (w[first] * w[first] + tail);
    betas[k] = beta;
    // p = β·B·v − (β/2)(vᵀ·βBv)·v for the block B below, then B −= v·pᵀ + p·vᵀ. Of B the upper triangle is kept.
    p.fill(0, k + 1);
    for (let i = k + 1; i < n; i++) {
      const vi = w[k * n + i]!;
      let sum = w[i * n + i]! * vi;
      for (let j = i + 1; j < n; j++) {
        const b = w[i * n + j]!;
        sum += b * w[k * n + j]!;
        p[j] = p[j]! + b * vi;
      }
      p[i] = p[i]! + sum;
    }
    let inner = 0;
    for (let i = k + 1; i < n; i++) {
      p[i] = beta * p[i]!;
      inner += p[i]! * w[k * n + i]!;
    }
    for (let i = k + 1; i < n; i++) p[i] = p[i]! - (beta / 2) * inner * w[k * n + i]!;
    for (let i = k + 1; i < n; i++) {
      const vi = w[k * n + i]!;
      const pi = p[i]!;
      for (let j = i; j < n; j++) w[i * n + j] = w[i * n + j]! - vi * p[j]! - pi * w[k * n + j]!;
    }
  }
  if (n > 1) beside[n - 2] = w[(n - 2) * n + n - 1]!;
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => w[i * n + i]!),
    beside,
    basis: accumulate(w, betas, n),
  };
}

/** The product of the reflectors, last first, so that only the lower right block is ever full. */
function accumulate(reflectors: Float64Array, betas: Float64Array, n: number): DenseMatrix {
  const basis = zeros(n, n);
  const z = basis.values;
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const v = k * n;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += z[i * n + j]! * reflectors[v + j]!;
      sum *= betas[k]!;
      for (let j = k + 1; j < n; j++) z[i * n + j] = z[i * n + j]! - sum * reflectors[v + j]!;
    }
  }
  return basis;
}

/** Leaves the eigenvalues in `diagonal` and the eigenvectors in the rows of `basis`. */
function diagonalize(diagonal: Float64Array, beside: Float64Array, basis: DenseMatrix): void {
  const n = diagonal.length;
  // Relative to the whole matrix: noise in the null space of a singular matrix is never small relative to itself.
  const negligible =
    Number.EPSILON * diagonal.reduce((most, value, i) => Math.max(most, Math.abs(value) + Math.abs(beside[i]!)), 0);
  for (let low = 0; low < n; low++) {
    for (let round = 0; ; round++) {
      let high = low;
      while (high + 1 < n && Math.abs(beside[high]!) > negligible) high++;
      if (high === low) break;
      if (round === MAX_ROUNDS) throw new EraError('internal', 'The eigenvalue iteration does not converge.');
      sweep(diagonal, beside, basis, low, high);
    }
  }
}

/** One implicit QL sweep of the unreduced block low … high with Wilkinson's shift. */
function sweep(d: Float64Array, e: Float64Array, basis: DenseMatrix, low: number, high: number): void {
  const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const shift = d[low]! - e[low]! / (half + Math.sign(half || 1) * Math.hypot(half, 1));
  let bulge = d[high]! - shift;
  let sin = 1;
  let cos = 1;
  let carry = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sin * e[i]!;
    const b = cos * e[i]!;
    const length = Math.hypot(f, bulge);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] = d[i + 1]! - carry;
      e[high] = 0;
      return;
    }
    sin = f / length;
    cos = bulge / length;
    const rest = d[i + 1]! - carry;
    const turn = (d[i]! - rest) * sin + 2 * cos * b;
    carry = sin * turn;
    d[i + 1] = rest + carry;
    bulge = cos * turn - b;
    rotateRows(basis, i, cos, sin);
  }
  d[low] = d[low]! - carry;
  e[low] = bulge;
  e[high] = 0;
}

/** Rows i and i + 1, rotated by the angle of (cos, sin). */
function rotateRows(a: DenseMatrix, i: number, cos: number, sin: number): void {
  const n = a.cols;
  for (let t = i * n; t < (i + 1) * n; t++) {
    const upper = a.values[t]!;
    const lower = a.values[t + n]!;
    a.values[t] = cos * upper - sin * lower;
    a.values[t + n] = sin * upper + cos * lower;
  }
}
