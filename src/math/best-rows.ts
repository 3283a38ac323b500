// The best rows of a set of vectors for many queries at once, by exact scores: products of queries and rows
// (row-dots.ts). Where these are not exact, as on a GPU, they only choose candidates, whose scores are then exact, and a
// query whose best rows cannot be told from them is ranked anew: the result is the same on every device.

import { isEraError } from '../errors.ts';
import { type DenseMatrix, meanOfRows, takeRows } from './matrix.ts';
import type { QuantizedVectors } from './quantize.ts';
import { exactDots, type RowDots } from './row-dots.ts';
import { TopK } from './top-k.ts';

/** Queries as they are ranked: (query − share · mean of all queries) · its factor. */
export interface QueriesView {
  /** 0 for the queries themselves. */
  readonly share: number;
  /** [m]; they change how far scores are rounded, but not the order: 1 / length for cosines. */
  readonly factors: Float64Array;
}

export interface BestRowsOptions {
  /** @default exact ones */
  readonly dots?: RowDots | undefined;
  /** Awaited between blocks of rows; rejects to stop. @default without a stop */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** Candidates beyond k where products are not exact. */
const SPARE = 22;
/** Most that rounding an exact and an inexact score to float32 moves them apart, as a share of the score. */
const ROUNDING = 2 ** -22;

/** The ranking that is asked for. */
interface Asked {
  readonly vectors: QuantizedVectors;
  /** [m, dims] */
  readonly queries: DenseMatrix;
  /** [dims]; null where no view takes a share of it. */
  readonly mean: Float64Array | null;
  readonly views: readonly QueriesView[];
  readonly k: number;
}

/**
 * One product serves all views. A GPU that is lost is replaced by exact products here.
 * @param queries [m, dims], row-major
 * @param k in [1, rows]
 * @returns for each view, for each query its k best rows by score in float32, ties to the smaller row
 */
export async function bestRows(
  vectors: QuantizedVectors,
  queries: Float64Array<ArrayBuffer>,
  k: number,
  views: readonly QueriesView[],
  { dots = exactDots(vectors), pause }: BestRowsOptions = {},
): Promise<TopK[][]> {
  const { dims } = vectors;
  const matrix = { rows: queries.length / dims, cols: dims, values: queries };
  const mean = views.some(({ share }) => share !== 0) ? meanOfRows(matrix) : null;
  const asked = { vectors, queries: matrix, mean, views, k };
  // Read before: these may be other products once a GPU is lost.
  const { error } = dots;
  if (error === 0) return bestByDots(asked, k, dots, pause);
  const candidates = Math.min(k + SPARE, vectors.scales.length);
  try {
    return await settled(asked, await bestByDots(asked, candidates, dots, pause), error);
  } catch (cause) {
    if (!isEraError(cause, 'gpu-lost')) throw cause;
    return bestByDots(asked, k, exactDots(vectors), pause);
  }
}

/** The k best rows by the scores that these products give. */
async function bestByDots(
  { vectors, queries, mean, views }: Asked,
  k: number,
  dots: RowDots,
  pause?: () => Promise<void>,
): Promise<TopK[][]> {
  const { rows: m, cols: dims, values } = queries;
  const count = vectors.scales.length;
  const best = views.map(() => Array.from({ length: m }, () => new TopK(k)));
  // The mean is one more query.
  const all = new Float64Array((m + (mean ? 1 : 0)) * dims);
  all.set(values);
  if (mean) all.set(mean, m * dims);
  const { blockRows } = dots;
  const products = dots.ask(all);
  try {
    for (let first = 0; first < count; first += blockRows) {
      const end = Math.min(first + blockRows, count);
      const block = await products.block(first, end);
      const rows = end - first;
      const ofMean = mean ? block.subarray(m * rows) : new Float64Array(rows);
      views.forEach(({ share, factors }, view) => {
        for (let query = 0, at = 0; query < m; query++) {
          const top = best[view]![query]!;
          const factor = factors[query]!;
          let { threshold } = top;
          for (let row = 0; row < rows; row++, at++) {
            const score = Math.fround((block[at]! - share * ofMean[row]!) * factor);
            if (!(score > threshold)) continue;
            top.push(first + row, score);
            threshold = top.threshold;
          }
        }
      });
      await pause?.();
    }
  } finally {
    products.close();
  }
  return best;
}

/**
 * The k best of the candidates by exact scores. Where a row that is no candidate could be one of them, the query is
 * ranked by exact products.
 * @param error of the products that chose the candidates, see `RowDots`
 */
async function settled(asked: Asked, candidates: readonly (readonly TopK[])[], error: number): Promise<TopK[][]> {
  const { vectors, queries, mean, views, k } = asked;
  const count = vectors.scales.length;
  const product = exactProduct(vectors);
  const ofMean = new Float64Array(mean ? count : 0).fill(NaN);
  const meanLength = mean ? lengthOf(mean) : 0;
  const settledViews: TopK[][] = [];
  for (const [view, { share, factors }] of views.entries()) {
    const unsure: number[] = [];
    const best = candidates[view]!.map((found, i) => {
      const query = rowOf(queries, i);
      const factor = factors[i]!;
      const { ids, scores } = found.sorted();
      const top = new TopK(k);
      for (const row of ids) {
        if (mean && Number.isNaN(ofMean[row]!)) ofMean[row] = product(mean, row);
        top.push(row, Math.fround((product(query, row) - (mean ? share * ofMean[row]! : 0)) * factor));
      }
      const last = scores.at(-1)!;
      const reach = error * Math.abs(factor) * (lengthOf(query) + share * meanLength) + ROUNDING * Math.abs(last);
      if (ids.length < count && !(top.threshold > last + reach)) unsure.push(i);
      return top;
    });
    if (unsure.length > 0) {
      const exact = await bestByDots(
        {
          ...asked,
          queries: takeRows(queries, unsure),
          views: [{ share, factors: factors.filter((_, i) => unsure.includes(i)) }],
        },
        k,
        exactDots(vectors),
      );
      unsure.forEach((query, i) => (best[query] = exact[0]![i]!));
    }
    settledViews.push(best);
  }
  return settledViews;
}

/** The product of a query with a row, as `exactDots` sums it. */
function exactProduct({ codes, scales, dims }: QuantizedVectors): (query: Float64Array, row: number) => number {
  return (query, row) => {
    const scale = scales[row]!;
    let sum = 0;
    for (let j = 0, at = row * dims; j < dims; j++, at++) sum += query[j]! * Math.fround(codes[at]! * scale);
    return sum;
  };
}

function rowOf({ cols, values }: DenseMatrix, row: number): Float64Array {
  return values.subarray(row * cols, (row + 1) * cols);
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
}
