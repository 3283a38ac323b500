// The best rows of a set of vectors for many queries at once, by exact scores: a product of matrices (products/).

import { meanOfRows } from './matrix.ts';
import { openProducts } from './products/open-products.ts';
import type { QuantizedVectors } from './quantize.ts';
import { TopK } from './top-k.ts';

/** Queries as they are ranked: (query − share · mean of all queries) · its factor. */
export interface QueriesView {
  /** 0 for the queries themselves. */
  readonly share: number;
  /** [m]; they change how far scores are rounded, but not the order: 1 / length for cosines. */
  readonly factors: Float64Array;
}

/** Rows of vectors that are scored at once; in float64, 3 MB at 384 dimensions. */
const BLOCK_ROWS = 1024;

/** As `bestRowsByBlock`, in one piece. */
export function bestRows(...input: Parameters<typeof bestRowsByBlock>): TopK[][] {
  const blocks = bestRowsByBlock(...input);
  for (;;) {
    const { done, value } = blocks.next();
    if (done === true) return value;
  }
}

/**
 * One product serves all views. Yields after each block of rows, so that a caller can look whether it is still wanted.
 * @param queries [m, dims], row-major
 * @param k in [1, rows]
 * @returns for each view, for each query its k best rows by score in float32, ties to the smaller row
 */
export function* bestRowsByBlock(
  vectors: QuantizedVectors,
  queries: Float64Array,
  k: number,
  views: readonly QueriesView[],
): Generator<undefined, TopK[][]> {
  const { dims } = vectors;
  const { products } = openProducts();
  const count = vectors.scales.length;
  const m = queries.length / dims;
  const best = views.map(() => Array.from({ length: m }, () => new TopK(k)));
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const block = numbersOf(vectors, first, Math.min(first + BLOCK_ROWS, count));
    const rows = block.length / dims;
    const dots = new Float64Array(m * rows);
    products.addTransposed(queries, block, dims, dots);
    const isPlain = views.every(({ share }) => share === 0);
    const mean = isPlain ? new Float64Array(rows) : meanOfRows({ rows: m, cols: rows, values: dots });
    views.forEach(({ share, factors }, view) => {
      for (let query = 0, at = 0; query < m; query++) {
        const top = best[view]![query]!;
        const factor = factors[query]!;
        let { threshold } = top;
        for (let row = 0; row < rows; row++, at++) {
          const score = Math.fround((dots[at]! - share * mean[row]!) * factor);
          if (!(score > threshold)) continue;
          top.push(first + row, score);
          threshold = top.threshold;
        }
      }
    });
    yield;
  }
  return best;
}

/** Of vectors that are one block, as those of most sites are that are trained in a page. */
const known = new WeakMap<QuantizedVectors, Float64Array>();

/** Rows first … end of `dequantizeRows`, in float64. */
function numbersOf(vectors: QuantizedVectors, first: number, end: number): Float64Array {
  const numbers = known.get(vectors) ?? numbersIn(vectors, first, end);
  if (end - first === vectors.scales.length) known.set(vectors, numbers);
  return numbers;
}

function numbersIn({ codes, scales, dims }: QuantizedVectors, first: number, end: number): Float64Array {
  const out = new Float64Array((end - first) * dims);
  for (let row = first, at = 0; row < end; row++) {
    const scale = scales[row]!;
    for (let j = row * dims; j < (row + 1) * dims; j++) out[at++] = Math.fround(codes[j]! * scale);
  }
  return out;
}
