// Products in plain JavaScript.

import type { Products } from './products.ts';

/**
 * Rows of A against rows of B that stay in the cache together; 36 rows of 384 numbers are 108 kB. A multiple of 3 and
 * of 4.
 */
const TILE = 36;

export const jsProducts: Products = {
  kind: 'js',
  addTransposed: (a, b, k, out, lower = false) => {
    const m = a.length / k;
    const n = b.length / k;
    for (let i = 0; i < m; i += TILE) {
      const columns = lower ? Math.min(n, i + TILE) : n;
      for (let j = 0; j < columns; j += TILE) {
        addTile(a, b, k, out, n, i, Math.min(i + TILE, m), j, Math.min(j + TILE, columns));
      }
    }
  },
};

/** Rows i … iEnd by columns j … jEnd. Twelve sums at a time share their reads. */
function addTile(
  x: Float64Array,
  y: Float64Array,
  k: number,
  to: Float64Array,
  n: number,
  iStart: number,
  iEnd: number,
  jStart: number,
  jEnd: number,
): void {
  const iWhole = iEnd - ((iEnd - iStart) % 3);
  const jWhole = jEnd - ((jEnd - jStart) % 4);
  for (let i = iStart; i < iWhole; i += 3) {
    const a0 = i * k;
    const a1 = a0 + k;
    const a2 = a1 + k;
    for (let j = jStart; j < jWhole; j += 4) {
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      const c0 = i * n + j;
      const c1 = c0 + n;
      const c2 = c1 + n;
      let [s00, s01, s02, s03] = [to[c0]!, to[c0 + 1]!, to[c0 + 2]!, to[c0 + 3]!];
      let [s10, s11, s12, s13] = [to[c1]!, to[c1 + 1]!, to[c1 + 2]!, to[c1 + 3]!];
      let [s20, s21, s22, s23] = [to[c2]!, to[c2 + 1]!, to[c2 + 2]!, to[c2 + 3]!];
      for (let t = 0; t < k; t++) {
        const u = x[a0 + t]!;
        const v = x[a1 + t]!;
        const w = x[a2 + t]!;
        const y0 = y[b0 + t]!;
        s00 += u * y0;
        s10 += v * y0;
        s20 += w * y0;
        const y1 = y[b1 + t]!;
        s01 += u * y1;
        s11 += v * y1;
        s21 += w * y1;
        const y2 = y[b2 + t]!;
        s02 += u * y2;
        s12 += v * y2;
        s22 += w * y2;
        const y3 = y[b3 + t]!;
        s03 += u * y3;
        s13 += v * y3;
        s23 += w * y3;
      }
      to[c0] = s00;
      to[c0 + 1] = s01;
      to[c0 + 2] = s02;
      to[c0 + 3] = s03;
      to[c1] = s10;
      to[c1 + 1] = s11;
      to[c1 + 2] = s12;
      to[c1 + 3] = s13;
      to[c2] = s20;
      to[c2 + 1] = s21;
      to[c2 + 2] = s22;
      to[c2 + 3] = s23;
    }
  }
  for (let i = iStart; i < iEnd; i++) {
    for (let j = i < iWhole ? jWhole : jStart; j < jEnd; j++) {
      let sum = to[i * n + j]!;
      for (let t = 0; t < k; t++) sum += x[i * k + t]! * y[j * k + t]!;
      to[i * n + j] = sum;
    }
  }
}
