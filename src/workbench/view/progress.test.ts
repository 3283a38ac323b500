import { expect, test } from 'vitest';
import type { Progress } from '../../index.ts';
import { follow, progressText } from './progress.ts';

const at = (change: Partial<Progress>): Progress => ({
  phase: 'embed',
  unit: 'texts',
  done: 64,
  total: 984,
  secondsLeft: null,
  ...change,
});

test.each<[Partial<Progress>, string]>([
  [{ model: 'local' }, 'Embedding by the small model: 64 of 984 texts'],
  [{ secondsLeft: 12.3 }, 'Embedding: 64 of 984 texts, 13 s left'],
  [{ secondsLeft: 200, done: 1200, total: 10_000 }, 'Embedding: 1,200 of 10,000 texts, 4 min left'],
  [{ secondsLeft: 0.2 }, 'Embedding: 64 of 984 texts'],
  [{ phase: 'download', unit: 'bytes', done: 1_500_000, total: 4_000_000 }, 'Loading the index: 1.5 MB of 4.0 MB'],
  [{ phase: 'pages', unit: 'pages', done: 7, total: null }, 'Reading pages: 7 pages'],
  [{ phase: 'fetch', unit: 'bytes', done: 0, total: 20_000_000 }, 'Loading the small model: 0.0 MB of 20.0 MB'],
  [{ phase: 'compile', unit: 'steps', done: 0, total: null }, 'Compiling the small model'],
  [{ phase: 'adapt', unit: 'steps', path: 'both', done: 3, total: 9 }, 'Learning, both path: 3 of 9 steps'],
])('%j is said in one line', (change, line) => {
  expect(progressText(at(change))).toBe(line);
});

test('a bar shows the share that is done, and is indeterminate where that is unknown', () => {
  const shown: (number | null)[] = [];
  const tell = follow((_, done) => shown.push(done));
  tell(at({ done: 492 }));
  tell(at({ total: null }));
  expect(shown).toEqual([0.5, null]);
});
