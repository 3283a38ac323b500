// Final ranking of candidates found with an int8 query: more candidates than requested are scored again with the float
// query, which removes the effect of the query's rounding on their order.

import { quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertVectors } from '../math/vector.ts';
import { EraError } from '../errors.ts';
import { MOST_OF_QUERY } from './check-input.ts';
import type { Dots, ScanHits } from './scan.ts';
import { toHits } from './to-hits.ts';

/**
 * Candidates fetched for `k` results: max(4k, k + 64), at most `count`. open-scanner.test.ts compares the result with a
 * full float search.
 */
export function overfetch(k: number, count: number): number {
  return k === 0 ? 0 : Math.min(count, Math.max(4 * k, k + 64));
}

/** The codes of a query. Its scale does not affect the order and is left out. @throws EraError `dimension-mismatch`, `not-finite` */
export function quantizeQuery(query: Float32Array, dims: number): Int8Array<ArrayBuffer> {
  if (query.length !== dims) {
    throw new EraError(
      'dimension-mismatch',
      `A query of ${String(query.length)} numbers cannot be compared with vectors of ${String(dims)}.`,
      {
        details: { length: query.length, dims },
      },
    );
  }
  assertVectors(query, dims, 'query');
  return quantizeRows(query, dims, MOST_OF_QUERY).codes;
}

/**
 * The k best of the candidates by the dot product of the float query with the dequantised rows, summed in float64 and
 * rounded to float32; ranked by the rounded score, ties to the smaller row.
 * @param query [dims]
 * @param candidates row numbers, in any order
 * @param dots with the rows, as `dotsWithRows`
 */
export function rescore(query: Float32Array, candidates: Int32Array, k: number, dots: Dots): ScanHits {
  const best = new TopK(k);
  if (k > 0) dots(query, candidates).forEach((score, i) => best.push(candidates[i]!, score));
  return toHits(best);
}

/**
 * The scores of `rescore` for rows that need no ranking: dot products with the numbers of `dequantizeRows`. Four rows
 * are summed at a time, each in its own order, because a single sum would wait for every addition, and this runs for
 * every candidate of every query.
 */
export function dotsWithRows(
  query: Float32Array,
  { codes, scales, dims }: QuantizedVectors,
  ids: Int32Array,
): Float32Array<ArrayBuffer> {
  const dots = new Float32Array(ids.length);
  for (let i = 0; i < ids.length; i += 4) {
    // Where fewer than four rows are left, the first row fills the missing places.
    const [r0, r1, r2, r3] = [ids[i]!, ids[i + 1] ?? ids[i]!, ids[i + 2] ?? ids[i]!, ids[i + 3] ?? ids[i]!];
    const [c0, c1, c2, c3] = [scales[r0]!, scales[r1]!, scales[r2]!, scales[r3]!];
    const [a0, a1, a2, a3] = [r0 * dims, r1 * dims, r2 * dims, r3 * dims];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0; j < dims; j++) {
      const v = query[j]!;
      s0 += v * Math.fround(codes[a0 + j]! * c0);
      s1 += v * Math.fround(codes[a1 + j]! * c1);
      s2 += v * Math.fround(codes[a2 + j]! * c2);
      s3 += v * Math.fround(codes[a3 + j]! * c3);
    }
    dots[i] = s0;
    dots[i + 1] = s1; // writes past the end of a typed array are ignored
    dots[i + 2] = s2;
    dots[i + 3] = s3;
  }
  return dots;
}
