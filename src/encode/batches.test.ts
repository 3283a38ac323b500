import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBatches } from './batches.ts';

test('batches texts of similar length, longest first, and an outlier alone', () => {
  expect(planBatches([10, 200, 12, 190, 60])).toEqual([[1, 3], [4], [2, 0]]);
});

test('no texts make no batches', () => {
  expect(planBatches([])).toEqual([]);
});

test('every text is in exactly one batch, within the token limit and the padding share', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 2, max: 512 }), { maxLength: 200 }),
      fc.integer({ min: 2, max: 4096 }),
      (lengths, maxTokens) => {
        const batches = planBatches(lengths, maxTokens);
        expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const batch of batches) {
          const longest = Math.max(...batch.map((i) => lengths[i]!));
          const shortest = Math.min(...batch.map((i) => lengths[i]!));
          expect(batch.length === 1 || batch.length * longest <= maxTokens).toBe(true);
          expect(longest - shortest).toBeLessThanOrEqual(Math.max(8, longest / 4));
        }
      },
    ),
  );
});
