import { expect, test } from 'vitest';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { cosineWithRow, drawNegatives, plainRank, ranksNeeded, type MiningInput } from './mine.ts';

/**
 * A corpus of 40 whose row i scores 1 − i / 100: the ranking is 0, 1, 2, … The positive is row 3, so the limit is 0.95
 * × 0.97 = 0.9215.
 */
function input(change: Partial<MiningInput> = {}): MiningInput {
  return {
    ranked: Int32Array.from({ length: 40 }, (_, i) => i),
    cosine: (row) => 1 - row / 100,
    positive: 3,
    judged: new Set([3]),
    count: 40,
    random: new Random(42),
    ...change,
  };
}

test('takes the hardest row under 95 % of the positive and four of the next nine', () => {
  for (let seed = 0; seed < 20; seed++) {
    const [hardest, ...others] = drawNegatives(input({ random: new Random(seed) }))!;
    expect(hardest).toBe(8); // 0.92; row 7 has 0.93
    expect(others).toHaveLength(4);
    expect(new Set(others).size).toBe(4);
    expect(others.every((row) => row >= 9 && row <= 17)).toBe(true);
  }
});

test('never takes a judged row, and does not count it among the ten', () => {
  const judged = new Set([3, 8, 9, 10, 12]);
  for (let seed = 0; seed < 20; seed++) {
    const [hardest, ...others] = drawNegatives(input({ judged, random: new Random(seed) }))!;
    expect(hardest).toBe(11);
    expect(others.every((row) => row >= 13 && row <= 21)).toBe(true);
  }
});

test('fills up with random unjudged rows where the ranking is short', () => {
  const ranked = [3, 0, 1, 20, 21, -1, -1];
  const [first, second, ...filled] = drawNegatives(input({ ranked, judged: new Set([3, 30]) }))!;
  expect([first, second]).toEqual([20, 21]);
  expect(new Set([20, 21, 3, 30, ...filled]).size).toBe(7);
  expect(drawNegatives(input({ ranked: [], judged: new Set([3]) }))).toHaveLength(5);
});

test('gives null where fewer than five rows are unjudged', () => {
  expect(drawNegatives(input({ count: 6, judged: new Set([3, 4]) }))).toBeNull();
  expect(drawNegatives(input({ count: 6, judged: new Set([3]), ranked: [] }))?.sort()).toEqual([0, 1, 2, 4, 5]);
});

test('looks at 2000 unjudged ranks and no further', () => {
  const judged = new Set([3, 5]);
  expect(ranksNeeded(judged)).toBe(2002);
  const cosine = (row: number): number => (row === 3 ? 1 : row < 2002 ? 0.99 : 0.5);
  const ranked = Int32Array.from({ length: 2100 }, (_, i) => i);
  // Rows 0 to 2001 without the two judged are 2000 ranks, all above the limit: all negatives are drawn at random.
  const drawn = drawNegatives(input({ ranked, cosine, judged, count: 2100, random: new Random(1) }))!;
  const byChance = new Random(1).sample(
    Array.from({ length: 2100 }, (_, i) => i).filter((i) => !judged.has(i)),
    5,
  );
  expect(drawn).toEqual(byChance);
});

test('draws as CPython does, so that ERA’s published picks come out', () => {
  // random.Random(42).sample([9, ..., 17], 4), sorted: printed by CPython 3.11
  expect(drawNegatives(input())).toEqual([8, 9, 10, 11, 14]);
});

test('the plain ranking orders by cosine, whatever the lengths, and pads', async () => {
  const documents = quantizeRows(Float32Array.from([1, 0, 10, 10, 0, 3, -1, 0]), 2);
  const query = Float32Array.from([1, 0]);
  expect([...(await plainRank(documents)(query, 6)).rows]).toEqual([0, 1, 2, 3, -1, -1]);
  expect(cosineWithRow(documents, 1, query)).toBeCloseTo(Math.SQRT1_2, 5);
  expect(cosineWithRow(quantizeRows(new Float32Array(2), 2), 0, query)).toBe(0);
});
