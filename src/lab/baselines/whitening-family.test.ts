import { expect, test } from 'vitest';
import { type DenseMatrix, fromRows, gram, multiply, multiplyTransposed, transpose } from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import type { LinearAdapter } from '../../adapter/adapter.ts';
import { alignRidge } from '../../adapter/align/ridge.ts';
import type { TextPairs } from '../../adapter/align/text-pairs.ts';
import { alignTeacherScores, alignWhitened, whiteningFamily, type WhiteningPowers } from './whitening-family.ts';

const random = new Random(23);
const n = 60;
const dIn = 6;
const dOut = 4;
const normals = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, at) => random.normal() * (1 + (at % 5)) + 0.4);
const x = normals(n * dIn);
/** Half of y follows x, so that canonical correlations are between 0 and 1. */
const y = normals(n * dOut).map(
  (v, at) => v + x[Math.floor(at / dOut) * dIn + (at % dOut)]! - x[Math.floor(at / dOut) * dIn + 5]!,
);
const pairs = { x, y, dIn, dOut, path: 'remote', from: ['large'], to: 'small' } as const;
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (v, at) => Math.abs(v - b[at]!)));
const mapOf = (adapter: LinearAdapter): DenseMatrix => transpose(fromRows(adapter.weight, adapter.dIn));
const centred = (rows: Float32Array, dims: number): DenseMatrix => {
  const mean = Array.from(
    { length: dims },
    (_, j) => Array.from({ length: n }, (_, i) => rows[i * dims + j]!).reduce((a, b) => a + b, 0) / n,
  );
  return fromRows(
    Float64Array.from(rows, (v, at) => v - mean[at % dims]!),
    dims,
  );
};
const xs = centred(x, dIn);
const ys = centred(y, dOut);
const variance = (a: DenseMatrix): number => a.values.reduce((sum, v) => sum + v * v, 0) / a.values.length;

test.each([0.003, 0.1, 2])('(1, 0) is centred ridge at a ridge of %s', (xRidge) => {
  const weights = Array.from({ length: n }, (_, i) => 1 + (i % 3));
  // The weighted variance by ridge's own rule: λ on the scale of the weighted sum.
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = Array.from({ length: dIn }, (_, j) =>
    weights.reduce((sum, w, i) => sum + (w / total) * x[i * dIn + j]!, 0),
  );
  const spread = Array.from(x).reduce(
    (sum, v, at) => sum + weights[Math.floor(at / dIn)]! * (v - mean[at % dIn]!) ** 2,
    0,
  );
  const expected = alignRidge({ ...pairs, weights, lambda: (xRidge * spread) / dIn });
  const adapter = alignWhitened({ ...pairs, weights, alpha: 1, beta: 0, xRidge });
  expect(furthest(adapter.weight, expected.weight)).toBeLessThan(1e-6);
  expect(furthest(adapter.bias, expected.bias)).toBeLessThan(1e-6);
  expect(adapter.provenance).toEqual({
    method: 'whitened',
    alpha: '1',
    beta: '0',
    xRidge: String(xRidge),
    texts: '60',
  });
});

test.each([0.003, 0.1, 2])(
  'the teacher’s scores are the transpose of the ridge map back at a ridge of %s',
  (yRidge) => {
    const back = alignRidge({ ...pairs, x: y, y: x, dIn: dOut, dOut: dIn, lambda: yRidge * variance(ys) * n });
    const adapter = alignTeacherScores({ ...pairs, yRidge });
    expect(furthest(adapter.weight, transpose(fromRows(back.weight, dOut)).values)).toBeLessThan(1e-6);
    expect(adapter.provenance).toEqual({
      method: 'whitened',
      alpha: '0',
      beta: '1',
      yRidge: String(yRidge),
      texts: '60',
    });
  },
);

test('the teacher’s scores are reproduced better than by any nearby map, and than by ridge', () => {
  const target = gram(xs);
  const misfit = (a: DenseMatrix): number =>
    multiplyTransposed(multiply(xs, a), ys).values.reduce((sum, v, at) => sum + (v - target.values[at]!) ** 2, 0);
  const map = mapOf(alignTeacherScores({ ...pairs, yRidge: 1e-9 }));
  for (const step of [1e-4, 1e-2, 1]) {
    for (let trial = 0; trial < 20; trial++)
      expect(misfit({ ...map, values: map.values.map((v) => v + step * random.normal()) })).toBeGreaterThan(
        misfit(map),
      );
  }
  expect(misfit(mapOf(alignWhitened({ ...pairs, alpha: 1, beta: 0, xRidge: 1e-9 })))).toBeGreaterThan(
    1.5 * misfit(map),
  );
});

test('(½, ½) has the canonical correlations as singular values: those of C_xx⁻¹ C_xy C_yy⁻¹ C_yx are their squares', () => {
  const half = mapOf(alignWhitened({ ...pairs, alpha: 0.5, beta: 0.5, xRidge: 1e-9, yRidge: 1e-9 }));
  const there = mapOf(alignWhitened({ ...pairs, alpha: 1, beta: 0, xRidge: 1e-9 }));
  const back = mapOf(alignWhitened({ ...pairs, x: y, y: x, dIn: dOut, dOut: dIn, alpha: 1, beta: 0, xRidge: 1e-9 }));
  const traceOf = (a: DenseMatrix): number =>
    Array.from({ length: a.rows }, (_, i) => a.values[i * a.cols + i]!).reduce((p, q) => p + q, 0);
  const squares = multiply(there, back);
  expect(traceOf(gram(half))).toBeCloseTo(traceOf(squares), 4);
  expect(traceOf(gram(gram(half)))).toBeCloseTo(traceOf(multiply(squares, squares)), 4);
  expect(traceOf(gram(half))).toBeLessThan(dOut);
});

test('(0, 0) is the covariance itself; the mean of one side goes to the mean of the other', () => {
  const adapter = alignWhitened({ ...pairs, alpha: 0, beta: 0 });
  const covariance = multiply(transpose(xs), ys).values.map((v) => v / n);
  expect(furthest(mapOf(adapter).values, covariance)).toBeLessThan(1e-5);
  const means = (rows: Float32Array, dims: number) =>
    Float64Array.from(
      { length: dims },
      (_, j) => Array.from({ length: n }, (_, i) => rows[i * dims + j]!).reduce((a, b) => a + b, 0) / n,
    );
  const atMean = multiply(fromRows(means(x, dIn), dIn), mapOf(adapter)).values.map((v, o) => v + adapter.bias[o]!);
  expect(furthest(atMean, means(y, dOut))).toBeLessThan(1e-5);
});

test('a family gives what each member gives by itself', () => {
  const family = whiteningFamily(pairs);
  for (const powers of [
    { alpha: 0.5, beta: 0.5 },
    { alpha: 1, beta: 0, xRidge: 0.5 },
    { alpha: 0.25, beta: 1, yRidge: 2 },
  ]) {
    expect(family(powers)).toEqual(alignWhitened({ ...pairs, ...powers }));
  }
});

test.each<[string, Partial<TextPairs & WhiteningPowers>]>([
  ['invalid-option', { alpha: -0.1 }],
  ['invalid-option', { beta: 1.1 }],
  ['invalid-option', { alpha: Number.NaN }],
  ['invalid-option', { xRidge: 0 }],
  ['invalid-option', { yRidge: Number.NaN }],
  ['invalid-input', { x: new Float32Array(n * dIn).fill(0.1) }],
  ['invalid-input', { y: y.subarray(0, dOut) }],
  ['dimension-mismatch', { dIn: 7 }],
])('refuses with %s', (code, extra) => {
  expect(() => alignWhitened({ ...pairs, alpha: 0.5, beta: 0.5, ...extra })).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});
