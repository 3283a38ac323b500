import { expect, test } from 'vitest';
import { warmUpThenDecay } from './schedule.ts';

test('rises from 0 over the warm-up, then falls to 0 at the last step', () => {
  const shares = [0, 1, 5, 10, 55, 99, 100, 200].map((step) => warmUpThenDecay(step, 100, 10));
  expect(shares).toEqual([0, 0.1, 0.5, 1, 0.5, 1 / 90, 0, 0]);
});

test('without warm-up it starts at the peak', () => {
  expect(warmUpThenDecay(0, 4, 0)).toBe(1);
  expect(warmUpThenDecay(2, 4, 0)).toBe(0.5);
});
