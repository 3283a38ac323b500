import { expect, test } from 'vitest';
import { symmetricEigen } from './eigen.ts';
import { fromRows, multiplyTransposed } from './matrix.ts';
import { Random } from './random.ts';

test('a matrix of low rank, most of which is noise below the smallest numbers, has finite, orthonormal eigenvectors', () => {
  for (const seed of [1, 2, 3]) {
    const random = new Random(seed);
    const n = 300;
    const rows = Array.from({ length: 3 }, () =>
      Float64Array.from({ length: n }, () => (random.below(8) === 0 ? Math.sqrt(1 + random.below(3)) : 0)),
    );
    const a = Float64Array.from({ length: n * n }, (_, at) =>
      rows.reduce((sum, row) => sum + row[Math.floor(at / n)]! * row[at % n]!, 0),
    );
    const { values, vectors } = symmetricEigen(fromRows(a, n));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values.filter((value) => value > 1e-9 * values.at(-1)!)).toHaveLength(3);
    const products = multiplyTransposed(vectors, vectors).values;
    expect(products.every((product, at) => Math.abs(product - Number(at % (n + 1) === 0)) < 1e-10)).toBe(true);
  }
});
