import { expect, test } from 'vitest';
import { fromRows, multiply, multiplyTransposed, transpose } from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import { alignChoosingRidge } from './choose-ridge.ts';
import type { TextPairs } from '../../adapter/align/text-pairs.ts';
import { alignWhitened } from './whitening-family.ts';

const [n, dIn, dOut] = [60, 20, 6];

/** y = A x + noise, where the variances of x fall from 1 to 1/20. */
function noisyPairs(noise: number): TextPairs {
  const random = new Random(5);
  const normals = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, () => random.normal());
  const x = normals(n * dIn).map((v, at) => v / Math.sqrt(1 + (at % dIn)));
  const map = normals(dIn * dOut);
  const y = normals(n * dOut).map((v, at) => {
    const [i, o] = [Math.floor(at / dOut), at % dOut];
    return (
      noise * v + Array.from({ length: dIn }, (_, j) => map[j * dOut + o]! * x[i * dIn + j]!).reduce((a, b) => a + b, 0)
    );
  });
  return { x, y, dIn, dOut, path: 'remote', from: ['large'], to: 'small' };
}

test.each([
  [1, 0],
  [0.5, 0.5],
  [0, 1],
])('at powers %s and %s: a ridge from the held-out texts, a fit on all', (alpha, beta) => {
  const pairs = noisyPairs(0.3);
  const adapter = alignChoosingRidge(pairs, { alpha, beta });
  expect(adapter.provenance).toMatchObject({ texts: '60', heldOut: '6', ridgeBy: 'cosine', seed: '42' });
  const ridge = Number(adapter.provenance['xRidge'] ?? adapter.provenance['yRidge']);
  expect(adapter.weight).toEqual(alignWhitened({ ...pairs, alpha, beta, xRidge: ridge, yRidge: ridge }).weight);
  expect(alignChoosingRidge(pairs, { alpha, beta })).toEqual(adapter);
});

test('noise asks for more ridge', () => {
  const ridgeAt = (noise: number): number =>
    Number(alignChoosingRidge(noisyPairs(noise), { alpha: 1, beta: 0 }, { heldOutShare: 0.3 }).provenance['xRidge']);
  expect(ridgeAt(0)).toBe(0.003);
  expect(ridgeAt(3)).toBeGreaterThan(0.3);
});

test('by scores: the explained variance of held-out scores, and the ridge that explains most of it', () => {
  const pairs = noisyPairs(0.5);
  const { provenance } = alignChoosingRidge(pairs, { alpha: 0, beta: 1 }, { by: 'scores', heldOutShare: 0.3 });
  const order = new Random(42).shuffle(Array.from({ length: n }, (_, i) => i));
  const take = (matrix: Float32Array, dims: number, ids: readonly number[]) =>
    Float32Array.from(ids.flatMap((i) => [...matrix.subarray(i * dims, (i + 1) * dims)]));
  const centred = (matrix: Float32Array, dims: number) => {
    const rows = matrix.length / dims;
    const mean = Array.from(
      { length: dims },
      (_, j) => Array.from({ length: rows }, (_, i) => matrix[i * dims + j]!).reduce((a, b) => a + b, 0) / rows,
    );
    return fromRows(
      Float64Array.from(matrix, (v, at) => v - mean[at % dims]!),
      dims,
    );
  };
  const [heldOut, kept] = [order.slice(0, 18), order.slice(18)];
  const xs = centred(take(pairs.x, dIn, heldOut), dIn);
  const ys = centred(take(pairs.y, dOut, heldOut), dOut);
  const target = multiplyTransposed(xs, xs).values;
  const met = (yRidge: number): number => {
    const { weight } = alignWhitened({
      ...pairs,
      x: take(pairs.x, dIn, kept),
      y: take(pairs.y, dOut, kept),
      alpha: 0,
      beta: 1,
      yRidge,
    });
    const scores = multiplyTransposed(multiply(xs, transpose(fromRows(weight, dIn))), ys).values;
    return (
      1 - scores.reduce((sum, v, at) => sum + (v - target[at]!) ** 2, 0) / target.reduce((sum, v) => sum + v * v, 0)
    );
  };
  const chosen = Number(provenance['yRidge']);
  expect(Number(provenance['heldOutValue'])).toBeCloseTo(met(chosen), 4);
  for (const other of [0.003, 0.03, 0.3, 3]) expect(met(other)).toBeLessThanOrEqual(met(chosen) + 1e-9);
});

test('texts of weight 0 neither decide nor count', () => {
  const pairs = noisyPairs(0);
  const random = new Random(6);
  const other = {
    x: Float32Array.of(...pairs.x, ...pairs.x),
    y: Float32Array.of(...pairs.y, ...pairs.y.map(() => random.normal())),
  };
  const weights = Array.from({ length: 2 * n }, (_, i) => (i < n ? 1 : 0));
  const { provenance } = alignChoosingRidge({ ...pairs, ...other, weights }, { alpha: 1, beta: 0 });
  expect(provenance['xRidge']).toBe('0.003');
  expect(Number(provenance['heldOutValue'])).toBeGreaterThan(0.99);
});

test.each<[string, Partial<TextPairs>]>([
  ['invalid-input', { x: new Float32Array(dIn).fill(1), y: new Float32Array(dOut).fill(1) }],
  ['invalid-input', { weights: Array.from({ length: n }, (_, i) => (i < 3 ? 1 : 0)) }],
  ['invalid-input', { x: new Float32Array(0), y: new Float32Array(0) }],
  ['dimension-mismatch', { dOut: 7 }],
])('refuses with %s', (code, extra) => {
  expect(() => alignChoosingRidge({ ...noisyPairs(1), ...extra }, { alpha: 1, beta: 0 })).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});
