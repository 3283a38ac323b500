// From candidates found with an int8 query to the final ranking: what the rounding of the query did to the order is undone here,
// by scoring more candidates than asked for again with the float query.

import { dequantizeRows, quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertVectors, dot, row } from '../math/vector.ts';
import { EraError } from '../errors.ts';
import type { ScanHits } from './scan.ts';
import { toHits } from './sync-backend.ts';

/** Candidates fetched for `k` results: max(4k, k + 64), at most `count`. open-scanner.test.ts holds the result against a full float search. */
export function overfetch(k: number, count: number): number {
  return k === 0 ? 0 : Math.min(count, Math.max(4 * k, k + 64));
}

/**
 * The codes of the queries. Their scales are left out: they change no order.
 * @param queries [m, dims], row-major
 * @throws EraError `dimension-mismatch`, `not-finite`
 */
export function quantizeQueries(queries: Float32Array, dims: number): Int8Array<ArrayBuffer> {
  assertVectors(queries, dims, 'query');
  return quantizeRows(queries, dims).codes;
}

/** One query, not none and not two. @throws EraError `dimension-mismatch`, `not-finite` */
export function quantizeQuery(query: Float32Array, dims: number): Int8Array<ArrayBuffer> {
  if (query.length !== dims) {
    throw new EraError('dimension-mismatch', `A query of ${String(query.length)} numbers cannot be compared with vectors of ${String(dims)}.`, {
      details: { length: query.length, dims },
    });
  }
  return quantizeQueries(query, dims);
}

/**
 * The k best of the candidates by the dot product of the float query with the dequantised rows, summed in float64 and given in
 * float32; ranked by the number given, ties to the smaller row.
 * @param query [dims]
 * @param candidates row numbers, in any order
 */
export function rescore(vectors: QuantizedVectors, query: Float32Array, candidates: Int32Array, k: number): ScanHits {
  const { dims } = vectors;
  const dequantized = dequantizeRows(vectors, candidates);
  const best = new TopK(k);
  if (k > 0) candidates.forEach((id, i) => best.push(id, Math.fround(dot(query, row(dequantized, i, dims)))));
  return toHits(best);
}
