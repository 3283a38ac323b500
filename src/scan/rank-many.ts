// Ranks many queries over one set of vectors in a single synchronous call: for evaluation and for the trainer's
// cross-validation. It is a product of matrices (math/products/), with the exact scores that `rescore` gives to
// candidates, so nothing has to be found twice.

import { openProducts } from '../math/products/open-products.ts';
import type { Products, ProductsKind } from '../math/products/products.ts';
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
  readonly kind: ProductsKind;
  /**
   * The rows and scores that the scanner gives for each query, its candidates being all rows.
   * @param queries [m, dims] unit rows, row-major
   * @throws EraError `dimension-mismatch`, `not-finite`, `invalid-input` for a bad k
   */
  readonly rank: (queries: Float32Array, k: number) => Rankings;
}

/** Rows of vectors that are scored at once; in float64, 3 MB at 384 dimensions. */
const BLOCK_ROWS = 1024;
/** Queries that are scored at once. */
const BLOCK_QUERIES = 256;
/** Below this a product of matrices is not worth the numbers in float64 that it needs. The scores are the same bits. */
const FEW_QUERIES = 4;

/** @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite` for vectors that cannot be scanned */
export function createRanker(vectors: QuantizedVectors): Ranker {
  assertScannable(vectors);
  const { dims } = vectors;
  const count = vectors.scales.length;
  const { products } = openProducts();
  return {
    kind: products.kind,
    rank: (queries, k) => {
      assertVectors(queries, dims, 'query');
      const kept = cappedK(k, count);
      const m = queries.length / dims;
      const rows = new Int32Array(m * k).fill(-1);
      const scores = new Float32Array(m * k);
      if (kept === 0) return { rows, scores };
      for (let first = 0; first < m; first += BLOCK_QUERIES) {
        const block = queries.subarray(first * dims, (first + BLOCK_QUERIES) * dims);
        bestRows(products, block, vectors, kept).forEach((best, i) => {
          const sorted = best.sorted();
          rows.set(sorted.ids, (first + i) * k);
          scores.set(sorted.scores, (first + i) * k);
        });
      }
      return { rows, scores };
    },
  };
}

/** @param queries [m, dims] @returns of each query its k best rows */
function bestRows(products: Products, queries: Float32Array, vectors: QuantizedVectors, k: number): TopK[] {
  const { dims } = vectors;
  const count = vectors.scales.length;
  const m = queries.length / dims;
  const numbers = m < FEW_QUERIES ? null : Float64Array.from(queries);
  const best = Array.from({ length: m }, () => new TopK(k));
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const end = Math.min(first + BLOCK_ROWS, count);
    const ids = Int32Array.from({ length: end - first }, (_, i) => first + i);
    const dots = numbers && dotsOf(products, numbers, vectors, first, end);
    best.forEach((top, i) => {
      const own = dots
        ? dots.subarray(i * ids.length, (i + 1) * ids.length)
        : dotsWithRows(row(queries, i, dims), vectors, ids);
      ids.forEach((id, at) => {
        const score = Math.fround(own[at]!);
        if (score > top.threshold) top.push(id, score);
      });
    });
  }
  return best;
}

/** @returns [m, end − first] */
function dotsOf(
  products: Products,
  queries: Float64Array,
  vectors: QuantizedVectors,
  first: number,
  end: number,
): Float64Array {
  const { dims } = vectors;
  const dots = new Float64Array((queries.length / dims) * (end - first));
  products.addTransposed(queries, numbersOf(vectors, first, end), dims, dots);
  return dots;
}

/** Rows first … end of `dequantizeRows`, in float64. */
function numbersOf({ codes, scales, dims }: QuantizedVectors, first: number, end: number): Float64Array {
  const out = new Float64Array((end - first) * dims);
  for (let row = first, at = 0; row < end; row++) {
    const scale = scales[row]!;
    for (let j = row * dims; j < (row + 1) * dims; j++) out[at++] = Math.fround(codes[j]! * scale);
  }
  return out;
}
