// Common part of the JS and the WASM backend: both compute synchronously, so they can also rank many queries in one
// call.

import { EraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import type { TopK } from '../math/top-k.ts';
import { assertQueries, assertQuery, cappedK } from './check-input.ts';
import type { ScanBackend, ScanHits, ScanKind } from './scan.ts';

export interface SyncBackend extends ScanBackend {
  /**
   * `topK` for every query in one call: it passes over the rows in blocks that stay in the processor's cache.
   * @param queries int8 codes [m, dims], row-major
   * @returns m results, in the order of the queries
   * @throws EraError `dimension-mismatch`, `invalid-input`, `closed`
   */
  rankMany: (queries: Int8Array, k: number) => ScanHits[];
}

/** The part of a backend that differs. */
export interface RowScan {
  readonly kind: ScanKind;
  /** Bytes outside the JavaScript heap. */
  readonly bytes: number;
  /** @param queries [m, dims], checked @param k in [1, count] */
  readonly rank: (queries: Int8Array, k: number) => ScanHits[];
}

/** @param scan is released on dispose, with its memory */
export function syncBackend({ scales, dims }: QuantizedVectors, scan: RowScan): SyncBackend {
  const { kind } = scan;
  const count = scales.length;
  let live: RowScan | undefined = scan;

  const rankMany = (queries: Int8Array, k: number): ScanHits[] => {
    if (!live) throw new EraError('closed', 'The scan backend is closed.');
    assertQueries(queries, dims);
    const kept = cappedK(k, count);
    if (kept > 0) return live.rank(queries, kept);
    return Array.from({ length: queries.length / dims }, () => ({
      rows: new Int32Array(0),
      scores: new Float32Array(0),
    }));
  };

  return {
    kind,
    count,
    dims,
    get bytesLive() {
      return live?.bytes ?? 0;
    },
    rankMany,
    topK: (query, k) =>
      Promise.resolve().then(() => {
        assertQuery(query, dims);
        return rankMany(query, k)[0]!;
      }),
    dispose: () => {
      live = undefined;
    },
  };
}

/** The kept entries, best first. */
export function toHits(best: TopK): ScanHits {
  const { ids, scores } = best.sorted();
  return { rows: ids, scores: Float32Array.from(scores) };
}
