// Labelled queries for methods that learn by gradient: vectors, and grades by row number. Queries without a relevant
// passage have nothing to learn from and are left out.

import { EraError } from '../errors.ts';
import type { Grades } from '../evaluate/metrics.ts';
import { dequantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { assertVectors, concatRows, normalizeRows } from '../math/vector.ts';

/** Vectors of queries with the passages that are relevant to them. */
export interface LabelledQueries {
  /** [n, dims], row-major. */
  readonly x: Float32Array;
  /** Per query. */
  readonly relevant: readonly Grades[];
}

/** @throws EraError `dimension-mismatch`, `not-finite`, `invalid-input`, `missing-id` */
export function usableQueries(
  { x, relevant }: LabelledQueries,
  dims: number,
  passages: number,
): LabelledQueries & { readonly x: Float32Array<ArrayBuffer> } {
  assertVectors(x, dims, 'labelled queries');
  if (relevant.length * dims !== x.length)
    throw new EraError('invalid-input', `${x.length / dims} query vectors and labels of ${relevant.length} queries.`);
  relevant.forEach((grades, query) => {
    for (const [passage, grade] of grades) {
      if (!(Number.isInteger(passage) && passage >= 0 && passage < passages)) {
        throw new EraError('missing-id', `A label of query ${query} names passage ${passage} of ${passages}.`, {
          details: { query, passage },
        });
      }
      if (!Number.isFinite(grade))
        throw new EraError('invalid-input', `A label of query ${query} has the grade ${grade}.`);
    }
  });
  const kept = relevant.map((_, i) => i).filter((i) => positivesOf(relevant[i]!).length > 0);
  return { x: takeRows(x, kept, dims), relevant: kept.map((i) => relevant[i]!) };
}

/** Rows with a grade above 0. */
export function positivesOf(grades: Grades): number[] {
  return [...grades].filter(([, grade]) => grade > 0).map(([passage]) => passage);
}

/** Both parts as one set. */
export function joinQueries(a: LabelledQueries, b: LabelledQueries): LabelledQueries {
  return { x: concatRows(a.x, b.x), relevant: [...a.relevant, ...b.relevant] };
}

/** Rows `ids` of `matrix` [n, dims] as a copy, in that order. */
export function takeRows(matrix: Float32Array, ids: readonly number[], dims: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(ids.length * dims);
  ids.forEach((id, i) => out.set(matrix.subarray(id * dims, (id + 1) * dims), i * dims));
  return out;
}

/** Passages at unit length [ids.length, dims]; their decoded codes are not exactly of unit length. */
export function unitPassages(vectors: QuantizedVectors, ids?: readonly number[]): Float32Array<ArrayBuffer> {
  const rows = dequantizeRows(vectors, ids);
  normalizeRows(rows, vectors.dims);
  return rows;
}
