import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldsByPassage, foldsByQuery, groupsByPassage } from './folds.ts';

const labels = fc.array(fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 30 });
const ascending = (a: number, b: number): number => a - b;

test('groups queries that share a passage directly or through others', () => {
  const groups = groupsByPassage([[1], [2], [1, 3], [4], [3, 5], [5]]);
  expect(groups.map((group) => group.toSorted(ascending)).toSorted((a, b) => a[0]! - b[0]!)).toEqual([
    [0, 2, 4, 5],
    [1],
    [3],
  ]);
});

test('every query is held out once, in parts of about equal size, and not learned from in its fold', () => {
  fc.assert(
    fc.property(labels, fc.integer({ min: 2, max: 6 }), fc.nat(1000), (positives, count, seed) => {
      const n = positives.length;
      for (const folds of [foldsByQuery(n, count, seed), foldsByPassage(positives, count, seed)]) {
        expect(folds.flatMap((fold) => fold.held).toSorted(ascending)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(folds.length).toBeLessThanOrEqual(count);
        for (const { train, held } of folds) {
          expect(held.length).toBeGreaterThan(0);
          expect(held.length).toBeLessThanOrEqual(2 * Math.ceil(n / count));
          expect(train.some((query) => held.includes(query))).toBe(false);
        }
      }
    }),
    { seed: 42, numRuns: 1000 },
  );
});

test('by passage, no held-out query shares a relevant passage with training', () => {
  fc.assert(
    fc.property(labels, fc.integer({ min: 2, max: 6 }), fc.nat(1000), (positives, count, seed) => {
      for (const { train, held } of foldsByPassage(positives, count, seed)) {
        const shown = new Set(train.flatMap((query) => positives[query]!));
        expect(held.flatMap((query) => positives[query]!).some((passage) => shown.has(passage))).toBe(false);
      }
    }),
    { seed: 42, numRuns: 1000 },
  );
});

test('without shared passages nothing is left out of training', () => {
  const folds = foldsByPassage(
    Array.from({ length: 11 }, (_, i) => [i]),
    5,
    1,
  );
  expect(folds.map((fold) => fold.train.length + fold.held.length)).toEqual([11, 11, 11, 11, 11]);
  expect(folds.map((fold) => fold.held.length).toSorted(ascending)).toEqual([2, 2, 2, 2, 3]);
});

test('the seed decides, and few queries are held out one by one', () => {
  expect(foldsByQuery(20, 5, 1)).toEqual(foldsByQuery(20, 5, 1));
  expect(foldsByQuery(20, 5, 1)).not.toEqual(foldsByQuery(20, 5, 2));
  expect(foldsByQuery(3, 5, 1).map((fold) => fold.held.length)).toEqual([1, 1, 1]);
});
