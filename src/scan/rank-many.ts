// Ranks many queries over one set of vectors in a single call: for evaluation and for the trainer's cross-validation.
// Its scores are exact wherever products are computed (math/best-rows.ts), and those that `rescore` gives to candidates.

import { bestRows } from '../math/best-rows.ts';
import { type DotsKind, exactDots, type RowDots } from '../math/row-dots.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertVectors, row } from '../math/vector.ts';
import { assertScannable, cappedK } from './check-input.ts';
import { dotsWithRows } from './rescore.ts';

export interface Rankings {
  /** [m, k] row numbers, best first, ties to the smaller row; −1 where there are fewer than k rows. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** [m, k]; 0 where the row is −1. */
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface Ranker {
  readonly kind: DotsKind;
  /**
   * The rows and scores that the scanner gives for each query, its candidates being all rows.
   * @param queries [m, dims] unit rows, row-major
   * @throws EraError `dimension-mismatch`, `not-finite`, `invalid-input` for a bad k
   */
  readonly rank: (queries: Float32Array, k: number) => Promise<Rankings>;
}

/** Queries that are scored at once. */
const BLOCK_QUERIES = 256;
/** Below this a product of matrices is not worth the numbers in float64 that it needs. The scores are the same bits. */
const FEW_QUERIES = 4;

/**
 * Over exact products.
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite` for vectors that cannot be scanned
 */
export function createRanker(vectors: QuantizedVectors): Ranker {
  assertScannable(vectors);
  const dots = exactDots(vectors);
  return { kind: dots.kind, rank: (queries, k) => rankMany(vectors, queries, k, dots) };
}

/** `Ranker.rank` over given products with the vectors. */
export async function rankMany(
  vectors: QuantizedVectors,
  queries: Float32Array,
  k: number,
  dots: RowDots,
): Promise<Rankings> {
  const { dims } = vectors;
  assertVectors(queries, dims, 'query');
  const kept = cappedK(k, vectors.scales.length);
  const m = queries.length / dims;
  const rows = new Int32Array(m * k).fill(-1);
  const scores = new Float32Array(m * k);
  if (kept === 0) return { rows, scores };
  for (let first = 0; first < m; first += BLOCK_QUERIES) {
    const block = queries.subarray(first * dims, (first + BLOCK_QUERIES) * dims);
    (await ranked(vectors, block, kept, dots)).forEach((best, i) => {
      const sorted = best.sorted();
      rows.set(sorted.ids, (first + i) * k);
      scores.set(sorted.scores, (first + i) * k);
    });
  }
  return { rows, scores };
}

/** @param queries [m, dims] @returns of each query its k best rows */
async function ranked(vectors: QuantizedVectors, queries: Float32Array, k: number, dots: RowDots): Promise<TopK[]> {
  const { dims } = vectors;
  const m = queries.length / dims;
  if (m >= FEW_QUERIES) {
    const asTheyAre = { share: 0, factors: new Float64Array(m).fill(1) };
    return (await bestRows(vectors, Float64Array.from(queries), k, [asTheyAre], { dots }))[0]!;
  }
  const ids = Int32Array.from(vectors.scales.keys());
  return Array.from({ length: m }, (_, i) => {
    const best = new TopK(k);
    dotsWithRows(row(queries, i, dims), vectors, ids).forEach((score, id) => best.push(id, score));
    return best;
  });
}
