// Common part of the JS and the WASM backend, which both compute synchronously.

import { EraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { assertAccepted, assertQuery, cappedK } from './check-input.ts';
import type { Accepted, Dots, ScanBackend, ScanHits, ScanKind } from './scan.ts';

/** The part of a backend that differs. */
export interface RowScan {
  readonly kind: ScanKind;
  /** Bytes outside the JavaScript heap. */
  readonly bytes: number;
  readonly dots?: Dots;
  /** @param query [dims], checked @param k in [1, count] */
  readonly topK: (query: Int8Array, k: number, accepted?: Accepted) => ScanHits;
}

/** @param scan is released on dispose, with its memory */
export function syncBackend({ scales, dims }: QuantizedVectors, scan: RowScan): ScanBackend {
  const { kind } = scan;
  const count = scales.length;
  let live: RowScan | undefined = scan;
  return {
    kind,
    count,
    dims,
    get bytesLive() {
      return live?.bytes ?? 0;
    },
    topK: (query, k, accepted) =>
      Promise.resolve().then(() => {
        assertQuery(query, dims);
        assertAccepted(accepted, count);
        if (!live) throw new EraError('closed', 'The scan backend is closed.');
        const kept = cappedK(k, count);
        return kept > 0 ? live.topK(query, kept, accepted) : { rows: new Int32Array(0), scores: new Float32Array(0) };
      }),
    get dots() {
      return live?.dots;
    },
    dispose: () => {
      live = undefined;
    },
  };
}
