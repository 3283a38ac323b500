// Dot products of many queries with the rows of one set of vectors, which is what ranking many queries is made of. This
// file computes them exactly, by a product of matrices in float64; scan/webgpu/row-dots.ts computes them on a GPU.

import { openProducts } from './products/open-products.ts';
import type { QuantizedVectors } from './quantize.ts';

/** Where products of queries and rows are computed. */
export type DotsKind = 'js' | 'wasm' | 'webgpu';

/** Dot products of queries with the rows of one set of vectors. */
export interface RowDots {
  readonly kind: DotsKind;
  /** What was tried before, and why it is not used. */
  readonly refused: readonly { readonly device: DotsKind; readonly reason: string }[];
  /** Rows that are asked for at a time. */
  readonly blockRows: number;
  /** Largest error of a product, as a share of the query's length; 0 where products are exact: float64, in order. */
  readonly error: number;
  /**
   * Asks for the products of some queries, which are closed when they are no longer needed.
   * @param queries [m, dims], row-major
   */
  readonly ask: (queries: Float64Array) => AskedDots;
}

/** The products of some queries. */
export interface AskedDots {
  /**
   * @returns products with the rows [first, end) of `dequantizeRows`: [m, end − first]
   * @throws EraError `gpu-lost`
   */
  readonly block: (first: number, end: number) => Promise<Float64Array | Float32Array>;
  /** Releases what they hold. */
  readonly close: () => void;
}

/** In float64, 3 MB at 384 dimensions. */
const BLOCK_ROWS = 1024;

export function exactDots(vectors: QuantizedVectors): RowDots {
  const { products, refused } = openProducts();
  const { dims } = vectors;
  return {
    kind: products.kind,
    refused,
    blockRows: BLOCK_ROWS,
    error: 0,
    ask: (queries) => ({
      block: (first, end) => {
        const dots = new Float64Array((queries.length / dims) * (end - first));
        products.addTransposed(queries, numbersOf(vectors, first, end), dims, dots);
        return Promise.resolve(dots);
      },
      close: () => undefined,
    }),
  };
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
