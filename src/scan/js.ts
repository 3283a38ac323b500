// The backend in plain JavaScript: runs everywhere and is the reference for the other two. A pure function of its
// input, without a cache.

import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertScannable } from './check-input.ts';
import type { Accepted, ScanBackend } from './scan.ts';
import { syncBackend } from './sync-backend.ts';
import { toHits } from './to-hits.ts';

/** @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite` */
export function openJs(vectors: QuantizedVectors): Promise<ScanBackend> {
  return Promise.resolve().then(() => {
    assertScannable(vectors);
    return syncBackend(vectors, {
      kind: 'js',
      bytes: 0,
      topK: (query, k, accepted) => {
        const best = new TopK(k);
        scoreRows(vectors, query, best, accepted);
        return toHits(best);
      },
    });
  });
}

function scoreRows({ codes, scales, dims }: QuantizedVectors, query: Int8Array, best: TopK, accepted?: Accepted): void {
  for (let row = 0; row < scales.length; row++) {
    if (accepted?.[row] === 0) continue;
    let dot = 0;
    for (let j = 0, at = row * dims; j < dims; j++, at++) dot = (dot + Math.imul(codes[at]!, query[j]!)) | 0;
    // Adding 0 turns −0 into 0.
    const score = Math.fround(Math.fround(dot) * scales[row]!) + 0;
    if (score > best.threshold) best.push(row, score);
  }
}
