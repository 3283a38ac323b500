// The principal directions of passages, rotated at random: coordinates along them keep the passages' products as well as
// so few numbers can, and are nearly normal, as few-bit codes need it.

import { symmetricEigen } from '../../math/eigen.ts';
import {
  fromRows,
  gramOfColumns,
  multiply,
  multiplyTransposed,
  takeRows,
  type DenseMatrix,
} from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import { polarFactor, thinSvd } from '../../math/svd.ts';
import { row, stackRows } from '../../math/vector.ts';

/** Vectors that the directions are made of, chosen at random. */
const SAMPLE = 20_000;
const SEED = 5;

/**
 * @param vectors [n, dims], row-major
 * @param count at most dims
 * @returns [count, dims], orthonormal rows
 */
export function rotatedDirections(vectors: Float32Array, dims: number, count: number): DenseMatrix {
  const n = vectors.length / dims;
  const random = new Random(SEED);
  const ids = random.sample(
    Array.from({ length: n }, (_, i) => i),
    SAMPLE,
  );
  const seen = stackRows(
    ids.map((id) => row(vectors, id, dims)),
    dims,
  );
  const { vectors: all } = symmetricEigen(gramOfColumns(fromRows(seen, dims)));
  const best = Array.from({ length: count }, (_, i) => dims - 1 - i);
  return multiply(rotation(count, random), takeRows(all, best));
}

function rotation(size: number, random: Random): DenseMatrix {
  return polarFactor(
    thinSvd(
      fromRows(
        Float64Array.from({ length: size * size }, () => random.normal()),
        size,
      ),
    ),
  );
}

/** Vectors that are multiplied at once; as float64 they take 3 MB. */
const BLOCK = 1024;

/** Coordinates of vectors along directions: [n, directions.rows]. */
export function coordinates(vectors: Float32Array, directions: DenseMatrix): Float32Array<ArrayBuffer> {
  const { rows: count, cols: dims } = directions;
  const n = vectors.length / dims;
  const out = new Float32Array(n * count);
  for (let from = 0; from < n; from += BLOCK) {
    const block = fromRows(vectors.subarray(from * dims, Math.min(n, from + BLOCK) * dims), dims);
    out.set(multiplyTransposed(block, directions).values, from * count);
  }
  return out;
}
