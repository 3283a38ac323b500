import { expect, test } from 'vitest';
import { ProgressMeter, type Progress } from '../../progress.ts';
import { roughTokens, sharesOfWork } from './text-cost.ts';

/** Milliseconds of a model that reads a text of so many tokens, as MiniLM was measured. */
const MS: Readonly<Record<number, number>> = { 3: 1.44, 18: 2.07, 34: 2.88, 66: 4.99, 130: 11.2, 194: 20, 252: 26.9 };
const textOf = (tokens: number): string => 'abcd'.repeat(tokens);

test('shares go from 0 to 1, and a text that is longer than the model reads costs no more', () => {
  const shares = sharesOfWork(['a', textOf(300), textOf(256)], 256);
  expect(shares[0]).toBe(0);
  expect(shares[3]).toBe(1);
  expect(shares[2]! - shares[1]!).toBeCloseTo(1 - shares[2]!, 12);
  expect([...sharesOfWork([], 256)]).toEqual([0]);
});

test('letters of spaceless scripts are tokens, of others four are one', () => {
  expect(['', 'word', 'words', '東京', '東京 ab'].map(roughTokens)).toEqual([0, 1, 2, 2, 3]);
});

test.each([
  [
    'long passages, then words',
    [...Array.from({ length: 300 }, (_, i) => [130, 194, 252][i % 3]!), ...Array<number>(400).fill(3)],
  ],
  ['words, then long passages', [...Array<number>(400).fill(3), ...Array<number>(300).fill(194)]],
  [
    'sentences, then passages of all lengths',
    [...Array<number>(300).fill(18), ...Array.from({ length: 300 }, (_, i) => [34, 66, 130, 252][i % 4]!)],
  ],
])('of %s the time left is within a fifth from the first tenth on', (_, lengths) => {
  const clock = { ms: 0 };
  const told: Progress[] = [];
  const meter = new ProgressMeter(
    (progress) => told.push(progress),
    { phase: 'embed', unit: 'texts' },
    () => clock.ms,
  );
  const shares = sharesOfWork(lengths.map(textOf), 256);
  const times = lengths.map((length) => MS[length]!);
  const all = times.reduce((sum, ms) => sum + ms, 0);
  expect(all).toBeGreaterThan(0);
  times.forEach((ms, i) => {
    clock.ms += ms;
    meter.at(shares[i + 1]!, 1, { done: i + 1, total: lengths.length });
    const left = (all - clock.ms) / 1000;
    const { secondsLeft } = told.at(-1)!;
    const isFirstTenth = clock.ms < Math.max(1000, all / 10);
    const isLastTenth = clock.ms > 0.9 * all;
    if (isFirstTenth || isLastTenth) return;
    expect(Math.abs(secondsLeft! - left), `after ${String(i + 1)} texts`).toBeLessThanOrEqual(0.2 * left);
  });
  expect(told.at(-1)).toMatchObject({ done: lengths.length, secondsLeft: 0 });
});
