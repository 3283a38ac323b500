import { expect, test } from 'vitest';
import { type DenseMatrix, fromRows, gram, multiply, transpose } from './matrix.ts';
import { Random } from './random.ts';
import { polarFactor, thinSvd } from './svd.ts';

const random = new Random(3);
const normal = (rows: number, cols: number): DenseMatrix =>
  fromRows(
    Float64Array.from({ length: rows * cols }, () => random.normal()),
    cols,
  );
const furthest = (a: DenseMatrix, b: DenseMatrix): number =>
  Math.max(...a.values.map((v, at) => Math.abs(v - b.values[at]!)));
const identity = (n: number): DenseMatrix =>
  fromRows(
    Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
    n,
  );
const rebuilt = (a: DenseMatrix): DenseMatrix => {
  const { values, left, right } = thinSvd(a);
  return multiply(
    { ...transpose(left), values: transpose(left).values.map((v, at) => v * values[at % values.length]!) },
    right,
  );
};

test('by hand: [[3, 0], [4, 5]] has the singular values √45 and √5', () => {
  const { values } = thinSvd(fromRows([3, 0, 4, 5], 2));
  expect(values[0]).toBeCloseTo(Math.sqrt(45), 12);
  expect(values[1]).toBeCloseTo(Math.sqrt(5), 12);
});

test.each([
  [1, 1],
  [7, 3],
  [3, 7],
  [40, 40],
])('a product of its parts, orthonormal on both sides: %s × %s', (rows, cols) => {
  const a = normal(rows, cols);
  const { values, left, right } = thinSvd(a);
  const k = Math.min(rows, cols);
  expect([left.rows, left.cols, right.rows, right.cols]).toEqual([k, rows, k, cols]);
  expect(furthest(gram(left), identity(k))).toBeLessThan(1e-12);
  expect(furthest(gram(right), identity(k))).toBeLessThan(1e-12);
  expect([...values]).toEqual([...values].sort((a, b) => b - a));
  expect(furthest(rebuilt(a), a)).toBeLessThan(1e-12);
});

test.each([
  [9, 6, 2],
  [6, 9, 2],
  [5, 5, 0],
])('orthonormal also where the rank is too low: %s × %s of rank %s', (rows, cols, rank) => {
  const a =
    rank === 0 ? fromRows(new Float64Array(rows * cols), cols) : multiply(normal(rows, rank), normal(rank, cols));
  const { values, left, right } = thinSvd(a);
  expect(Array.from(values, (v) => v > 0)).toEqual(Array.from(values, (_, i) => i < rank));
  expect(furthest(gram(left), identity(left.rows))).toBeLessThan(1e-12);
  expect(furthest(gram(right), identity(right.rows))).toBeLessThan(1e-12);
  expect(furthest(rebuilt(a), a)).toBeLessThan(1e-12);
});

test('orthonormal with singular values from 1 to 1e-9', () => {
  const basis = polarFactor(thinSvd(normal(8, 8)));
  const a = multiply(
    { ...basis, values: basis.values.map((v, at) => v * 10 ** -((at % 8) + (at % 8) / 7)) },
    polarFactor(thinSvd(normal(8, 8))),
  );
  const { left } = thinSvd(a);
  expect(furthest(gram(left), identity(8))).toBeLessThan(1e-12);
  expect(furthest(rebuilt(a), a)).toBeLessThan(1e-9);
});

test('refuses what is not finite', () => {
  expect(() => thinSvd(fromRows([1, Number.NaN], 1))).toThrow(expect.objectContaining({ code: 'not-finite' }) as Error);
});
