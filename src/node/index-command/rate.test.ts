import { expect, test } from 'vitest';
import { duration, Rate } from './rate.ts';

test('a line has the count, the speed and the remaining time', () => {
  const rate = new Rate(1000, 0);
  expect(rate.line({ done: 1, tokens: 40, secondsLeft: null }, 100)).toBeNull();
  expect(rate.line({ done: 200, tokens: 9000, secondsLeft: 20.4 }, 5000)).toBe(
    '  200 of 1000 texts, 40 texts and 1800 tokens a second, 20 s left',
  );
  expect(rate.line({ done: 201, tokens: 9040, secondsLeft: 20.3 }, 5100)).toBeNull();
  expect(rate.line({ done: 1000, tokens: 26_000, secondsLeft: 0 }, 5200)).toBe(
    '  1000 of 1000 texts, 192 texts and 5000 tokens a second, took 5 s',
  );
});

test('a slow run keeps a digit, tokens that are not counted are left out, and no time has no speed', () => {
  expect(new Rate(10, 0).line({ done: 2, tokens: undefined, secondsLeft: 16 }, 4000)).toBe(
    '  2 of 10 texts, 0.5 texts a second, 16 s left',
  );
  expect(new Rate(10, 0).line({ done: 0, tokens: 0, secondsLeft: null }, 4000)).toBe(
    '  0 of 10 texts, 0.0 texts and 0.0 tokens a second, starting',
  );
  expect(new Rate(1, 0).line({ done: 1, tokens: 8, secondsLeft: 0 }, 0)).toBe(
    '  1 of 1 texts, 0.0 texts and 0.0 tokens a second, took 0 s',
  );
});

test('durations', () => {
  expect([0.4, 59.4, 59.6, 200].map(duration)).toEqual(['0 s', '59 s', '1 min 0 s', '3 min 20 s']);
});
