import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { cholesky, solveCholesky } from './cholesky.ts';
import { matrixFunction, symmetricEigen } from './eigen.ts';
import {
  type DenseMatrix,
  fromRows,
  gram,
  gramOfColumns,
  multiply,
  multiplyColumns,
  multiplyTransposed,
  takeRows,
  transpose,
  zeros,
} from './matrix.ts';
import { Random } from './random.ts';
import { ridge } from './ridge.ts';

const random = new Random(7);
const normal = (rows: number, cols: number): DenseMatrix =>
  fromRows(
    Float64Array.from({ length: rows * cols }, () => random.normal()),
    cols,
  );
const difference = (a: DenseMatrix, b: DenseMatrix): number => {
  expect([a.rows, a.cols]).toEqual([b.rows, b.cols]);
  return a.values.reduce((max, v, i) => Math.max(max, Math.abs(v - b.values[i]!)), 0);
};
const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return isEraError(error) ? error.code : error;
  }
  return 'nothing thrown';
};
const identity = (n: number): DenseMatrix =>
  fromRows(
    Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
    n,
  );

test('multiplies as by hand', () => {
  const a = fromRows([1, 2, 3, 4, 5, 6], 3);
  const b = fromRows([7, 8, 9, 10, 11, 12], 2);
  expect([...multiply(a, b).values]).toEqual([58, 64, 139, 154]);
  expect([...multiplyTransposed(a, fromRows([1, 0, 1], 3)).values]).toEqual([4, 10]);
  expect([...gram(a).values]).toEqual([14, 32, 32, 77]);
  expect([...takeRows(a, [1, 1]).values]).toEqual([4, 5, 6, 4, 5, 6]);
});

test('products of sizes around the tile agree with the definition', () => {
  for (const [m, k, n] of [
    [1, 1, 1],
    [31, 5, 33],
    [32, 7, 32],
    [65, 3, 30],
    [3, 100, 70],
    [5, 513, 6],
    [20, 1100, 9],
  ] as const) {
    const a = normal(m, k);
    const b = normal(k, n);
    const plain = zeros(m, n);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++)
        for (let t = 0; t < k; t++) plain.values[i * n + j]! += a.values[i * k + t]! * b.values[t * n + j]!;
    expect(difference(multiply(a, b), plain)).toBeLessThan(1e-12);
    expect(difference(gram(a), multiply(a, transpose(a)))).toBeLessThan(1e-12);
    expect(multiplyColumns(transpose(a), b)).toEqual(multiply(a, b));
    expect(gramOfColumns(transpose(a))).toEqual(gram(a));
  }
});

test('refuses shapes that do not fit', () => {
  expect(codeOf(() => fromRows([1, 2, 3], 2))).toBe('dimension-mismatch');
  expect(codeOf(() => multiply(normal(2, 3), normal(2, 3)))).toBe('dimension-mismatch');
  expect(codeOf(() => multiplyColumns(normal(2, 3), normal(3, 2)))).toBe('dimension-mismatch');
  expect(codeOf(() => cholesky(normal(2, 3)))).toBe('dimension-mismatch');
  expect(codeOf(() => symmetricEigen(normal(2, 3)))).toBe('dimension-mismatch');
  expect(codeOf(() => solveCholesky(identity(3), normal(2, 1)))).toBe('dimension-mismatch');
});

test('factors as by hand', () => {
  expect([...cholesky(fromRows([4, 2, 2, 5], 2)).values]).toEqual([2, 0, 1, 2]);
});

test('solves systems of many sizes', () => {
  for (const n of [1, 2, 17, 80]) {
    const a = gram(normal(n, n + 3));
    const x = normal(n, 4);
    expect(difference(solveCholesky(cholesky(a), multiply(a, x)), x)).toBeLessThan(1e-5);
  }
});

test('a singular matrix is factored within rounding, an indefinite one is refused', () => {
  const a = gram(normal(6, 2));
  const l = cholesky(a);
  expect(difference(multiplyTransposed(l, l), a)).toBeLessThan(1e-6);
  expect(codeOf(() => cholesky(fromRows([1, 2, 2, 1], 2)))).toBe('invalid-input');
  expect(codeOf(() => cholesky(fromRows([0, 0, 0, 0], 2)))).toBe('invalid-input');
  expect(codeOf(() => cholesky(fromRows([1, 0, Number.NaN, 1], 2)))).toBe('not-finite');
  expect(codeOf(() => symmetricEigen(fromRows([1, 0, Number.NaN, 1], 2)))).toBe('not-finite');
});

test('finds the eigenvalues of matrices that are known', () => {
  expect([...symmetricEigen(fromRows([5], 1)).values]).toEqual([5]);
  const { values, vectors } = symmetricEigen(fromRows([2, 1, 1, 2], 2));
  expect(values[0]).toBeCloseTo(1, 12);
  expect(values[1]).toBeCloseTo(3, 12);
  expect(Math.abs(vectors.values[2]!)).toBeCloseTo(Math.SQRT1_2, 12);
  // The second-difference matrix: 2 − 2cos(iπ / (n + 1)).
  const n = 12;
  const chain = zeros(n, n);
  for (let i = 0; i < n; i++) {
    chain.values[i * n + i] = 2;
    if (i > 0) chain.values[i * n + i - 1] = chain.values[(i - 1) * n + i] = -1;
  }
  symmetricEigen(chain).values.forEach((value, i) =>
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1)), 10),
  );
});

test('eigenvectors are orthonormal and rebuild the matrix, also with repeated and zero eigenvalues', () => {
  const cases = [identity(5), zeros(4, 4), gram(normal(9, 3)), gram(normal(3, 3)), gram(normal(384, 200))];
  for (const a of cases) {
    const eigen = symmetricEigen(a);
    expect(difference(gram(eigen.vectors), identity(a.rows))).toBeLessThan(1e-10);
    expect(
      difference(
        matrixFunction(eigen, (value) => value),
        a,
      ),
    ).toBeLessThan(1e-9);
  }
});

test('a matrix function is correct: the inverse root of A, twice, inverts A', () => {
  const a = gram(normal(20, 30));
  const root = matrixFunction(symmetricEigen(a), (value) => value ** -0.5);
  expect(difference(multiply(multiply(root, root), a), identity(20))).toBeLessThan(1e-7);
});

test('ridge meets its normal equations in both forms, and they agree', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(0.01, 1, 100),
      (n, d, lambda) => {
        const x = normal(n, d);
        const t = normal(n, 3);
        const fit = ridge(x);
        const w = fit.weights(t, lambda);
        const left = gram(transpose(x));
        for (let i = 0; i < d; i++) left.values[i * d + i]! += lambda;
        expect(difference(multiply(left, w), multiply(transpose(x), t))).toBeLessThan(1e-9);
        const others = normal(4, d);
        expect(difference(multiply(fit.shares(others, lambda), t), multiply(others, w))).toBeLessThan(1e-9);
      },
    ),
    { seed: 42, numRuns: 200 },
  );
});
