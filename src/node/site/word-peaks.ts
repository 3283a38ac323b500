// How near each word of a static query encoder comes to the passages, by the scanner.

import type { Peaks } from '../../encode/static/fit-static.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { row, stackRows } from '../../math/vector.ts';
import { createRanker } from '../../scan/rank-many.ts';

/** Passages that words are compared with at most: every n-th of a larger collection. */
const SAMPLE = 4096;
const NEAREST = 3;
/** Words between two pauses. */
const BLOCK = 1024;

/** @param pause awaited between blocks of words; rejects to stop */
export function wordPeaks(pause: () => Promise<void>): Peaks {
  return async (rows, points, dims) => {
    const passages = points.length / dims;
    const step = Math.ceil(passages / SAMPLE);
    const sample = Array.from({ length: Math.ceil(passages / step) }, (_, i) => row(points, i * step, dims));
    const ranker = createRanker(quantizeRows(stackRows(sample, dims), dims));
    const k = Math.min(NEAREST, sample.length);
    const peaks = new Float32Array(rows.length / dims);
    for (let from = 0; from < peaks.length; from += BLOCK) {
      await pause();
      const { scores } = await ranker.rank(rows.subarray(from * dims, (from + BLOCK) * dims), k);
      scores.forEach((score, i) => (peaks[from + Math.floor(i / k)]! += score / k));
    }
    return peaks;
  };
}
