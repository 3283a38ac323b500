import { expect, test } from 'vitest';
import { duration, Rate } from './rate.ts';

test('a line has the count, the speed and the remaining time', () => {
  const rate = new Rate(1000, 0);
  expect(rate.line(1, 100)).toBeNull();
  expect(rate.line(200, 5000)).toBe('  200 of 1000 texts, 40 a second, 20 s left');
  expect(rate.line(201, 5100)).toBeNull();
  expect(rate.line(1000, 5200)).toBe('  1000 of 1000 texts, 192 a second, took 5 s');
});

test('a slow run keeps a digit, and a run that took no time has no rate', () => {
  expect(new Rate(10, 0).line(2, 4000)).toBe('  2 of 10 texts, 0.5 a second, 16 s left');
  expect(new Rate(1, 0).line(1, 0)).toBe('  1 of 1 texts, 0.0 a second, took 0 s');
});

test('durations', () => {
  expect([0.4, 59.4, 59.6, 200].map(duration)).toEqual(['0 s', '59 s', '1 min 0 s', '3 min 20 s']);
});
