import { expect, test } from 'vitest';
import type { LoadProgress } from '../encode/encoder.ts';
import type { Progress } from '../progress.ts';
import { loadMeter } from './load-meter.ts';

const fetching = (file: string, loadedBytes: number, totalBytes: number): LoadProgress => ({
  phase: 'fetch',
  file,
  loadedBytes,
  totalBytes,
});
const beginning = (phase: 'compile' | 'check'): LoadProgress => ({ phase, file: '', loadedBytes: 0, totalBytes: 0 });

function told(...loads: readonly LoadProgress[]): Pick<Progress, 'phase' | 'unit' | 'done' | 'total'>[] {
  const seen: Progress[] = [];
  loads.forEach(loadMeter((progress) => seen.push(progress)));
  return seen.map(({ phase, unit, done, total }) => ({ phase, unit, done, total }));
}

test('files that arrive side by side are one count', () => {
  const seen = told(
    fetching('tokenizer', 5, 5),
    fetching('weights', 10, 100),
    fetching('runtime', 20, 40),
    fetching('weights', 100, 100),
  );
  expect(seen.map(({ done, total }) => [done, total])).toEqual([
    [5, 5],
    [15, 105],
    [35, 145],
    [125, 145],
  ]);
});

test('the total is unknown while the size of one file is', () => {
  expect(told(fetching('weights', 10, 100), fetching('runtime', 20, 0)).at(-1)).toMatchObject({
    done: 30,
    total: null,
  });
});

test('phases follow each other, and begin again for another device', () => {
  expect(
    told(
      fetching('large', 9, 9),
      beginning('compile'),
      beginning('check'),
      fetching('small', 1, 3),
      beginning('compile'),
    ),
  ).toEqual([
    { phase: 'fetch', unit: 'bytes', done: 9, total: 9 },
    { phase: 'compile', unit: 'steps', done: 0, total: null },
    { phase: 'check', unit: 'steps', done: 0, total: null },
    { phase: 'fetch', unit: 'bytes', done: 1, total: 3 },
    { phase: 'compile', unit: 'steps', done: 0, total: null },
  ]);
});
