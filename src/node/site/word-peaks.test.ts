import { expect, test } from 'vitest';
import { plainPeaks, readByWords, MODEL_DIMS, textsOfWords } from '../../encode/static/word-vectors.fixture.ts';
import { wordPeaks } from './word-peaks.ts';

const pause = (): Promise<void> => Promise.resolve();
const points = readByWords(textsOfWords(200));
const rows = readByWords(['open', 'rebase', 'elephant']);

test('finds how near words come to passages, as comparing all of them does', async () => {
  const found = await wordPeaks(pause)(rows, points, MODEL_DIMS);
  const plain = await plainPeaks(rows, points, MODEL_DIMS);
  for (const [i, peak] of found.entries()) expect(peak).toBeCloseTo(plain[i]!, 2);
});

test('takes the mean of fewer where there are fewer passages', async () => {
  const one = points.subarray(0, MODEL_DIMS);
  expect((await wordPeaks(pause)(rows, one, MODEL_DIMS))[0]).toBeCloseTo(
    (await plainPeaks(rows, one, MODEL_DIMS))[0]!,
    2,
  );
});

test('stops where the pause rejects', async () => {
  const stop = (): Promise<void> => Promise.reject(new Error('stopped'));
  await expect(wordPeaks(stop)(rows, points, MODEL_DIMS)).rejects.toThrow('stopped');
});
