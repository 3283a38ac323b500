// Vectors as rows of a flat Float32Array. Sums run in float64, so that results do not depend on a device's order of
// summation.

import { EraError } from '../errors.ts';

/** Vectors in messages: row-major float32. */
export type Matrix = Float32Array<ArrayBuffer>;

/** Row `i` of a row-major [n, dims] matrix, as a view (no copy). */
export function row(matrix: Float32Array, i: number, dims: number): Float32Array {
  return matrix.subarray(i * dims, (i + 1) * dims);
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}

/** Scales every row of `matrix` [n, dims] to unit length, in place; a zero row stays zero. Returns its argument. */
export function normalizeRows(matrix: Float32Array, dims: number): Float32Array {
  for (let start = 0; start < matrix.length; start += dims) {
    let sum = 0;
    for (let i = start; i < start + dims; i++) sum += matrix[i]! * matrix[i]!;
    if (sum === 0) continue;
    const scale = 1 / Math.sqrt(sum);
    for (let i = start; i < start + dims; i++) matrix[i] = matrix[i]! * scale;
  }
  return matrix;
}

/**
 * Checks every vector that comes from outside: right length, finite, not zero.
 * @param matrix [n, dims], row-major
 * @throws EraError `dimension-mismatch`, `not-finite`
 */
export function assertVectors(matrix: Float32Array, dims: number, what: string): void {
  if (!Number.isInteger(dims) || dims < 1 || matrix.length % dims !== 0) {
    throw new EraError(
      'dimension-mismatch',
      `${what}: ${String(matrix.length)} numbers are not whole vectors of ${String(dims)}.`,
      {
        details: { length: matrix.length, dims },
      },
    );
  }
  for (let start = 0; start < matrix.length; start += dims) {
    let sum = 0;
    for (let i = start; i < start + dims; i++) sum += matrix[i]! * matrix[i]!;
    if (!(sum > 0 && sum < Infinity)) {
      throw new EraError('not-finite', `${what}: vector ${String(start / dims)} is not a finite, non-zero vector.`, {
        details: { vector: start / dims },
      });
    }
  }
}

/** Copies `vectors`, all of the same length, into one row-major [n, dims] matrix. */
export function stackRows(vectors: readonly Float32Array[], dims: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(vectors.length * dims);
  vectors.forEach((vector, i) => {
    if (vector.length !== dims) {
      throw new EraError(
        'dimension-mismatch',
        `Vector ${String(i)} has ${String(vector.length)} numbers, not ${String(dims)}.`,
        {
          details: { vector: i, length: vector.length, dims },
        },
      );
    }
    out.set(vector, i * dims);
  });
  return out;
}

/** Stacks matrices of the same width. */
export function concatRows(...matrices: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const out = new Float32Array(matrices.reduce((sum, matrix) => sum + matrix.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    out.set(matrix, at);
    at += matrix.length;
  }
  return out;
}
