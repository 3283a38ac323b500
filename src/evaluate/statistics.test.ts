import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { holm, mean, pairedBootstrap, pairedBootstraps } from './statistics.ts';

const normals = (n: number, centre: number, seed: number): number[] => {
  const random = new Random(seed);
  return Array.from({ length: n }, () => centre + random.normal());
};

test('the mean of no values is NaN, so that it is not taken for a figure', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([])).toBeNaN();
});

test('averages over tasks, not over queries', () => {
  expect(pairedBootstrap([[1, 1, 1, 1, 1, 1], [0]]).mean).toBe(0.5);
});

test('the interval is about ± 1.96 standard errors and the p-value fits it', () => {
  // Two tasks of 400 and 100 standard normal differences: standard error ½ √(1/400 + 1/100) = 0.0559.
  const { mean: centre, low, high, p } = pairedBootstrap([normals(400, 0.2, 1), normals(100, 0.2, 2)]);
  expect(centre - low).toBeGreaterThan(1.96 * 0.0559 * 0.85);
  expect(high - centre).toBeLessThan(1.96 * 0.0559 * 1.15);
  expect(low > 0).toBe(p < 0.05);
});

test('covers the truth in about 95 of 100 repetitions', () => {
  let covered = 0;
  for (let i = 0; i < 200; i++) {
    const { low, high } = pairedBootstrap([normals(60, 1, 2 * i), normals(40, 1, 2 * i + 1)], { resamples: 400 });
    if (low <= 1 && high >= 1) covered++;
  }
  expect(covered).toBeGreaterThan(180);
  expect(covered).toBeLessThan(200);
});

test('no difference at all is an interval of zero width and p = 1', () => {
  expect(pairedBootstrap([[0, 0, 0], [0]])).toEqual({ mean: 0, low: 0, high: 0, p: 1 });
});

test('the seed decides the draw', () => {
  const tasks = [normals(30, 0, 5)];
  expect(pairedBootstrap(tasks, { seed: 1 })).toEqual(pairedBootstrap(tasks, { seed: 1 }));
  expect(pairedBootstrap(tasks, { seed: 1 }).low).not.toBe(pairedBootstrap(tasks, { seed: 2 }).low);
});

test('refuses a task without queries', () => {
  expect(() => pairedBootstrap([[1], []])).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  expect(() => pairedBootstrap([])).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
});

test('comparisons with shared draws get the same results as each alone', () => {
  const comparisons = [
    [normals(30, 0.1, 1), normals(20, 0, 2)],
    [normals(30, 0, 3), normals(20, 0.5, 4)],
  ];
  expect(pairedBootstraps(comparisons, { seed: 9 })).toEqual(
    comparisons.map((tasks) => pairedBootstrap(tasks, { seed: 9 })),
  );
  expect(pairedBootstraps([])).toEqual([]);
  expect(() => pairedBootstraps([[[1]], [[1, 2]]])).toThrow(
    expect.objectContaining({ code: 'invalid-input' }) as Error,
  );
});

test("Holm's correction, by hand", () => {
  // Sorted 0.01 · 4 = 0.04, 0.02 · 3 = 0.06, 0.03 · 2 = 0.06, 0.9 · 1
  const adjusted = holm([0.03, 0.01, 0.9, 0.02]);
  [0.06, 0.04, 0.9, 0.06].forEach((expected, i) => expect(adjusted[i]).toBeCloseTo(expected, 12));
  expect(holm([0.8, 0.7])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
