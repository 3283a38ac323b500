import { expect, test } from 'vitest';
import { quantizeRows } from '../../math/quantize.ts';
import type { Rank } from '../rank.ts';
import { hardNegatives } from './hard-negatives.ts';

// Passages at these cosines to the query (1, 0); the rank function sorts by them.
const cosines = [1, 0.98, 0.9, 0.8, 0.7, 0.1];
const vectors = quantizeRows(Float32Array.from(cosines.flatMap((c) => [c, Math.sqrt(1 - c * c)])), 2);
const rank: Rank = (queries, k) =>
  Promise.resolve({
    rows: Int32Array.from({ length: (queries.length / 2) * k }, (_, at) => (at % k < cosines.length ? at % k : -1)),
  });
const mine = async (positives: number[], judged: number[], top: number, count: number) => {
  const [mined] = await hardNegatives({
    queries: Float32Array.of(1, 0),
    positives: [positives],
    judged: [new Set(judged)],
    vectors,
    rank,
    top,
    count,
    maxRelativeSimilarity: 0.95,
  });
  return mined;
};

test('takes the hardest that are clearly below the positive, in order', async () => {
  expect(await mine([0], [0], 6, 2)).toEqual([2, 3]);
  expect(await mine([2], [2], 6, 5)).toEqual([3, 4, 5]);
});

test('the most similar positive is the reference, and a judged passage is never a negative', async () => {
  expect(await mine([5, 0], [0, 3, 5], 6, 5)).toEqual([2, 4]);
});

test('gives fewer, or none, where no more qualify', async () => {
  expect(await mine([0], [0], 3, 5)).toEqual([2]);
  expect(await mine([5], [5], 6, 5)).toEqual([]);
  expect(await mine([0], [0], 50, 50)).toEqual([2, 3, 4, 5]);
});
