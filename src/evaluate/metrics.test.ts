import { expect, test } from 'vitest';
import { ndcg, recall, reciprocalRank } from './metrics.ts';

// log2(2) = 1, log2(3) = 1.584963, log2(4) = 2, log2(5) = 2.321928
const GRADES = new Map([
  [7, 3],
  [2, 2],
  [5, 1],
  [9, 0],
]);

test('a perfect ranking has nDCG 1, whatever follows', () => {
  expect(ndcg([7, 2, 5, 9, 1], GRADES, 10)).toBe(1);
  expect(ndcg([7], GRADES, 1)).toBe(1);
});

test('nDCG has linear gain and a log2 discount', () => {
  // (2/1 + 0/1.584963 + 3/2 + 1/2.321928) / (3/1 + 2/1.584963 + 1/2) = 3.930677 / 4.761860
  expect(ndcg([2, 9, 7, 5], GRADES, 10)).toBeCloseTo(0.82545, 6);
});

test('the cut holds for the ranking and for the ideal', () => {
  // (0 + 1/1.584963) / (3 + 2/1.584963) = 0.630930 / 4.261860
  expect(ndcg([1, 5, 7], GRADES, 2)).toBeCloseTo(0.148041, 6);
});

test('the ideal counts relevant rows that the ranking has not found', () => {
  // 1 / (1 + 1/1.584963)
  expect(
    ndcg(
      [4],
      new Map([
        [4, 1],
        [6, 1],
      ]),
      10,
    ),
  ).toBeCloseTo(0.613147, 6);
});

test('padding takes a rank and matches nothing', () => {
  expect(ndcg(Int32Array.of(-1, -1, 4), new Map([[4, 1]]), 10)).toBe(0.5);
  expect(recall(Int32Array.of(-1, -1), new Map([[4, 1]]), 10)).toBe(0);
});

test('nothing relevant, or nothing ranked, is 0 and never NaN', () => {
  for (const grades of [new Map<number, number>(), new Map([[1, 0]])]) {
    expect(ndcg([1, 2], grades, 10)).toBe(0);
    expect(recall([1, 2], grades, 10)).toBe(0);
    expect(reciprocalRank([1, 2], grades)).toBe(0);
  }
  expect(ndcg([], GRADES, 10)).toBe(0);
  expect(ndcg([7], GRADES, 0)).toBe(0);
});

test('grades near the largest number do not overflow', () => {
  const huge = new Map([
    [1, Number.MAX_VALUE],
    [2, Number.MAX_VALUE],
    [3, -Number.MAX_VALUE],
  ]);
  expect(ndcg([1, 2], huge, 10)).toBe(1);
  expect(ndcg([3, 2], huge, 10)).toBeCloseTo(
    ndcg(
      [3, 2],
      new Map([
        [1, 1],
        [2, 1],
      ]),
      10,
    ),
    12,
  );
});

test('recall is the share of the relevant rows, grade 0 not being one', () => {
  expect(recall([2, 9, 1, 7], GRADES, 2)).toBeCloseTo(1 / 3, 12);
  expect(recall([2, 9, 1, 7], GRADES, 10)).toBeCloseTo(2 / 3, 12);
});

test('reciprocal rank looks at the first relevant row', () => {
  expect(reciprocalRank([1, 9, 5, 7], GRADES)).toBeCloseTo(1 / 3, 12);
});
