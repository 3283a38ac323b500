import { expect, test } from 'vitest';
import { type DenseMatrix, fromRows } from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import { relatedness } from './label-noise.ts';

const normals = (random: Random, n: number, dims: number): DenseMatrix =>
  fromRows(
    Float64Array.from({ length: n * dims }, () => random.normal()),
    dims,
  );

test('as by hand: the share of other passages below the own one, ties by half', () => {
  // Shares 1, 1/2 and 3/4, the last by a tie.
  const now = fromRows([1, 0, 0, 1, 1, 1], 2);
  const positive = fromRows([2, 0, 1, 0.5, 1, 1], 2);
  expect(relatedness({ now, positive })).toBeCloseTo((2.25 / 3 - 0.5) * Math.sqrt(36), 12);
  expect(relatedness({ now: fromRows([1, 0], 2), positive: fromRows([1, 0], 2) })).toBe(0);
  expect(relatedness({ now, positive: fromRows([1, 1, 1, 1, 1, 1], 2) })).toBeCloseTo(0, 12);
});

test('of noise it is a z value: mean 0, seldom above 2, also where some passages are near to every query', () => {
  const random = new Random(42);
  const values = Array.from({ length: 1000 }, () => {
    const now = normals(random, 20, 8);
    const positive = normals(random, 20, 8);
    now.values.forEach((v, at) => (now.values[at] = v + 1));
    positive.values.forEach((v, at) => (positive.values[at] = v + (at % 16 < 8 ? 0.5 : 0)));
    return relatedness({ now, positive });
  });
  expect(Math.abs(values.reduce((sum, z) => sum + z / 1000, 0))).toBeLessThan(0.1);
  expect(values.filter((z) => z > 2).length / 1000).toBeLessThan(0.04);
});

test('labels that agree with the start are recognised at once', () => {
  const random = new Random(42);
  const positive = normals(random, 6, 8);
  const now = { ...positive, values: positive.values.map((v) => v + 0.5 * random.normal()) };
  expect(relatedness({ now, positive })).toBeGreaterThan(2);
});
