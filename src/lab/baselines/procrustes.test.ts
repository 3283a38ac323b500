import { expect, test } from 'vitest';
import { type DenseMatrix, fromRows, gram, multiply, transpose } from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import { polarFactor, thinSvd } from '../../math/svd.ts';
import type { LinearAdapter } from '../../adapter/adapter.ts';
import { alignProcrustes, type ProcrustesInput } from './procrustes.ts';

const random = new Random(17);
const normal = (length: number): Float64Array<ArrayBuffer> => Float64Array.from({ length }, () => random.normal());
const rotation = (rows: number, cols: number): DenseMatrix => polarFactor(thinSvd(fromRows(normal(rows * cols), cols)));
const single = (a: DenseMatrix): Float32Array<ArrayBuffer> => Float32Array.from(a.values);
const frame = (dIn: number, dOut: number) => ({ dIn, dOut, path: 'remote', from: ['large'], to: 'small' }) as const;
/** A [dIn, dOut] of x ↦ x A + b. */
const mapOf = (adapter: LinearAdapter): DenseMatrix => transpose(fromRows(adapter.weight, adapter.dIn));
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (v, at) => Math.abs(v - b[at]!)));

test.each([
  [6, 6],
  [9, 4],
  [4, 9],
])('recovers a rotation from %s to %s dimensions with its shift', (dIn, dOut) => {
  const truth = rotation(dIn, dOut);
  // Where dimensions are lost, texts that vary in the kept ones alone show the rotation as a whole.
  const x =
    dIn > dOut ? multiply(fromRows(normal(50 * dOut), dOut), transpose(truth)) : fromRows(normal(50 * dIn), dIn);
  const shift = normal(dOut);
  const y = multiply(x, truth).values.map((v, at) => v + shift[at % dOut]!);
  const adapter = alignProcrustes({ x: single(x), y: Float32Array.from(y), ...frame(dIn, dOut) });
  expect(furthest(mapOf(adapter).values, truth.values)).toBeLessThan(1e-6);
  expect(furthest(adapter.bias, shift)).toBeLessThan(1e-6);
  expect(adapter.provenance).toEqual({ method: 'procrustes', centred: 'true', texts: '50' });
});

test('uncentred, it has no bias and does not remove a shift', () => {
  const truth = rotation(5, 5);
  const x = fromRows(normal(40 * 5), 5);
  const y = multiply(x, truth);
  const plain = alignProcrustes({ x: single(x), y: single(y), ...frame(5, 5), centred: false });
  expect(furthest(mapOf(plain).values, truth.values)).toBeLessThan(1e-6);
  expect(plain.bias.every((v) => v === 0)).toBe(true);
  const shifted = { x: single(x), y: Float32Array.from(y.values, (v) => v + 3), ...frame(5, 5) };
  expect(furthest(mapOf(alignProcrustes({ ...shifted, centred: false })).values, truth.values)).toBeGreaterThan(0.1);
  expect(furthest(mapOf(alignProcrustes(shifted)).values, truth.values)).toBeLessThan(1e-6);
});

test.each([
  [7, 7],
  [10, 4],
  [4, 10],
])('no other orthonormal map from %s to %s agrees more with the texts', (dIn, dOut) => {
  const x = fromRows(normal(30 * dIn), dIn);
  const y = fromRows(normal(30 * dOut), dOut);
  const map = mapOf(alignProcrustes({ x: single(x), y: single(y), ...frame(dIn, dOut), centred: false }));
  const smaller = dIn >= dOut ? transpose(map) : map;
  expect(
    furthest(
      gram(smaller).values,
      Float64Array.from({ length: smaller.rows ** 2 }, (_, at) => (at % (smaller.rows + 1) === 0 ? 1 : 0)),
    ),
  ).toBeLessThan(1e-6);
  const agreement = (a: DenseMatrix): number =>
    multiply(x, a).values.reduce((sum, v, at) => sum + v * y.values[at]!, 0);
  for (const step of [1e-3, 1e-2, 0.1, 1, 10]) {
    for (let trial = 0; trial < 20; trial++) {
      const moved = polarFactor(thinSvd({ ...map, values: map.values.map((v) => v + step * random.normal()) }));
      expect(agreement(moved)).toBeLessThan(agreement(map));
    }
  }
});

test('fewer texts than dimensions still give an orthonormal map, which maps these texts', () => {
  const truth = rotation(8, 8);
  const x = fromRows(normal(3 * 8), 8);
  const adapter = alignProcrustes({ x: single(x), y: single(multiply(x, truth)), ...frame(8, 8), centred: false });
  const map = mapOf(adapter);
  expect(
    furthest(
      gram(map).values,
      Float64Array.from({ length: 64 }, (_, at) => (at % 9 === 0 ? 1 : 0)),
    ),
  ).toBeLessThan(1e-6);
  expect(furthest(multiply(x, map).values, multiply(x, truth).values)).toBeLessThan(1e-5);
});

test('a weight of two equals a text given twice, a weight of zero a text left out', () => {
  const [x, y] = [Float32Array.from(normal(4 * 3)), Float32Array.from(normal(4 * 2))];
  const twice = (a: Float32Array, d: number) => Float32Array.of(...a.subarray(0, 3 * d), ...a.subarray(2 * d, 3 * d));
  const weighted = alignProcrustes({ x, y, weights: [1, 1, 2, 0], ...frame(3, 2) });
  const repeated = alignProcrustes({ x: twice(x, 3), y: twice(y, 2), ...frame(3, 2) });
  expect(furthest(weighted.weight, repeated.weight)).toBeLessThan(1e-6);
  expect(furthest(weighted.bias, repeated.bias)).toBeLessThan(1e-6);
});

test.each<[string, Partial<ProcrustesInput>]>([
  ['invalid-input', { x: new Float32Array(0), y: new Float32Array(0) }],
  ['invalid-input', { y: Float32Array.of(1, 2) }],
  ['invalid-input', { weights: [1, 1] }],
  ['invalid-input', { weights: [0, 0, 0] }],
  ['invalid-input', { weights: [1, 1, -1] }],
  ['invalid-input', { x: new Float32Array(9).fill(0.1) }],
  ['invalid-input', { weights: [0, 1, 0] }],
  ['dimension-mismatch', { y: Float32Array.of(1, 2, 3) }],
  ['not-finite', { x: new Float32Array(9).fill(Number.NaN) }],
])('refuses with %s', (code, extra) => {
  const good = { x: Float32Array.from(normal(9)), y: Float32Array.from(normal(6)), ...frame(3, 2) };
  expect(() => alignProcrustes({ ...good, ...extra })).toThrow(expect.objectContaining({ code }) as Error);
});
