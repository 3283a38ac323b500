import { expect, test } from 'vitest';
import { eraSplit, splitOrder } from './split.ts';

const ids = (n: number): string[] => Array.from({ length: n }, (_, i) => `q${String(i)}`);

// CPython 3.11: random.Random(42).shuffle(list(range(20))) = 19 5 14 4 9 13 15 18 6 12 17 10 1 11 2 16 7 8 0 3
test('cuts the order that CPython shuffles', () => {
  expect(eraSplit(ids(20), 0.2)).toEqual({
    train: ['q19', 'q5', 'q14', 'q4'],
    validation: ['q6', 'q12'],
    evaluation: ['q17', 'q10', 'q1', 'q11', 'q2', 'q16', 'q7', 'q8', 'q0', 'q3'],
  });
});

test('without training there are no validation labels either, and the evaluation half stays the same', () => {
  expect(eraSplit(ids(20), 0)).toEqual({ train: [], validation: [], evaluation: eraSplit(ids(20), 0.4).evaluation });
});

test('trains on at least one query, and parts never meet', () => {
  for (let n = 1; n <= 60; n++) {
    for (const ratio of [0.001, 0.05, 0.1, 0.2, 0.4]) {
      const { train, validation, evaluation } = eraSplit(ids(n), ratio, n);
      const all = [...train, ...validation, ...evaluation];
      expect(new Set(all).size, `${n} queries at ${ratio}`).toBe(all.length);
      expect(train.length).toBe(Math.max(1, Math.trunc(n * ratio)));
      expect(evaluation.length).toBe(Math.trunc(n / 2));
    }
  }
});

test('another seed gives another split, and the same seed the same', () => {
  expect(eraSplit(ids(50), 0.1, 7)).toEqual(eraSplit(ids(50), 0.1, 7));
  expect(eraSplit(ids(50), 0.1, 7)).not.toEqual(eraSplit(ids(50), 0.1, 8));
});

test.each([-0.1, 0.41, 1, NaN])('refuses the ratio %s', (ratio) => {
  expect(() => splitOrder(ids(10), ratio)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
});
