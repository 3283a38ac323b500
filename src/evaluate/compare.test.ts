import { expect, test } from 'vitest';
import { compareRuns } from './compare.ts';

const scores = (values: readonly number[]): { ndcg10: number; recall100: number; reciprocalRank: number }[] =>
  values.map((ndcg10) => ({ ndcg10, recall100: 1, reciprocalRank: 0.5 }));

test('means, and the gain against the first run with its interval', () => {
  const [first, second] = compareRuns([scores([0, 0.5, 1, 0.1]), scores([0.1, 0.7, 1, 0.4])]);
  expect(first).toMatchObject({ ndcg10: 0.4, recall100: 1, mrr: 0.5, gain: null });
  expect(second!.gain!.mean).toBeCloseTo(0.15);
  expect(second!.gain!.low).toBeGreaterThanOrEqual(0);
  expect(second!.gain!.high).toBeLessThanOrEqual(0.3);
  expect(second!.perQuery).toEqual([0.1, 0.7, 1, 0.4]);
});

test('equal runs differ by nothing', () => {
  expect(compareRuns([scores([0.2, 0.3]), scores([0.2, 0.3])])[1]!.gain).toEqual({ mean: 0, low: 0, high: 0 });
});
