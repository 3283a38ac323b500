// Labelled queries with their vectors, divided into the parts that the trainer worker receives.

import { queryInput, type QueryPath, type QueryVectors } from '../adapter/adapter.ts';
import type { LabelledVectors, RelevantRows } from '../rpc/protocol.ts';

export interface QueriesWithVectors {
  readonly vectors: QueryVectors;
  readonly relevant: readonly RelevantRows[];
}

/** Queries [from, to), possibly none, in the input order of `path`. */
export function partOf(
  { vectors, relevant }: QueriesWithVectors,
  path: QueryPath,
  from: number,
  to: number,
): LabelledVectors {
  const n = relevant.length;
  const cut = (matrix: Float32Array): Float32Array<ArrayBuffer> =>
    new Float32Array(matrix.subarray((from * matrix.length) / n, (to * matrix.length) / n));
  return { x: cut(queryInput(vectors, path, n)), relevant: relevant.slice(from, to) };
}
