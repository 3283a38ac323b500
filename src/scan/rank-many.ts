// Ranks many queries over one set of vectors in a single synchronous call: for evaluation and for the trainer's
// cross-validation. The results equal those of the scanner. It uses the best synchronous backend: WASM, else JS.

import type { QuantizedVectors } from '../math/quantize.ts';
import { row } from '../math/vector.ts';
import { cappedK } from './check-input.ts';
import { openJs } from './js.ts';
import { overfetch, quantizeQueries, rescore } from './rescore.ts';
import type { ScanKind } from './scan.ts';
import { selfTest } from './self-test.ts';
import type { SyncBackend } from './sync-backend.ts';
import { openWasm } from './wasm.ts';

export interface Rankings {
  /** [m, k] row numbers, best first, ties to the smaller row; −1 where there are fewer than k rows. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** [m, k]; 0 where the row is −1. */
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface Ranker {
  readonly kind: ScanKind;
  readonly bytesLive: number;
  /**
   * @param queries [m, dims] unit rows, row-major
   * @throws EraError `dimension-mismatch`, `not-finite`, `invalid-input` for a bad k, `closed`
   */
  rank: (queries: Float32Array, k: number) => Rankings;
  dispose: () => void;
}

/** @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite` for vectors that cannot be scanned */
export async function createRanker(vectors: QuantizedVectors): Promise<Ranker> {
  const { dims } = vectors;
  const backend = await openFastest(vectors);
  return {
    kind: backend.kind,
    get bytesLive() {
      return backend.bytesLive;
    },
    rank: (queries, k) => {
      const codes = quantizeQueries(queries, dims);
      const kept = cappedK(k, backend.count);
      const candidates = backend.rankMany(codes, overfetch(kept, backend.count));
      const rows = new Int32Array(candidates.length * k).fill(-1);
      const scores = new Float32Array(candidates.length * k);
      candidates.forEach((found, i) => {
        const hits = rescore(vectors, row(queries, i, dims), found.rows, kept);
        rows.set(hits.rows, i * k);
        scores.set(hits.scores, i * k);
      });
      return { rows, scores };
    },
    dispose: () => backend.dispose(),
  };
}

async function openFastest(vectors: QuantizedVectors): Promise<SyncBackend> {
  try {
    await selfTest(openWasm, vectors.dims);
    return await openWasm(vectors);
  } catch {
    // No SIMD, no memory, or a content policy without 'wasm-unsafe-eval'. Invalid vectors are refused again here.
    return openJs(vectors);
  }
}
