import { expect, test } from 'vitest';
import { Random } from '../../math/random.ts';
import { quantizeRows } from '../../math/quantize.ts';
import type { LinearAdapter } from '../adapter.ts';
import { alignRidge, type AlignRidgeInput } from './ridge.ts';
import { whitenDocuments } from './whiten.ts';

const random = new Random(11);
const normal = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, () => random.normal());
const dIn = 4;
const dOut = 3;
const frame = { dIn, dOut, path: 'remote', from: ['large'], to: 'small' } as const;
const truth: LinearAdapter = {
  ...frame,
  weight: normal(dIn * dOut),
  bias: normal(dOut),
  provenance: { method: 'truth' },
};
const mapped = (x: Float32Array): Float32Array =>
  Float32Array.from({ length: (x.length / dIn) * dOut }, (_, at) => {
    const [i, o] = [Math.floor(at / dOut), at % dOut];
    return (
      truth.bias[o]! +
      Array.from({ length: dIn }, (_, j) => truth.weight[o * dIn + j]! * x[i * dIn + j]!).reduce((a, b) => a + b, 0)
    );
  });
const distance = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
const fit = (n: number, extra: Partial<AlignRidgeInput> = {}): LinearAdapter => {
  const x = normal(n * dIn);
  return alignRidge({ x, y: mapped(x), ...frame, lambda: 1e-9, ...extra });
};

test('recovers a map with its intercept from enough texts', () => {
  const adapter = fit(40);
  expect(distance(adapter.weight, truth.weight)).toBeLessThan(1e-5);
  expect(distance(adapter.bias, truth.bias)).toBeLessThan(1e-5);
  expect(adapter.provenance).toEqual({ method: 'ridge', lambda: '1e-9', texts: '40' });
});

test('one input number, by hand: slope Σxy / (Σx² + λ) about the means', () => {
  // x = 1, 3 and y = 2, 6: centred ±1 and ±2, so the slope is 4 / (2 + λ) = 1 at λ = 2, and the intercept 4 − 2 = 2.
  const adapter = alignRidge({
    x: Float32Array.of(1, 3),
    y: Float32Array.of(2, 6),
    ...frame,
    dIn: 1,
    dOut: 1,
    lambda: 2,
  });
  expect([adapter.weight[0], adapter.bias[0]]).toEqual([1, 2]);
});

test('stays at the base where the texts do not vary, moves to the texts as λ falls', () => {
  const base = { ...truth, weight: truth.weight.map((v) => v + 0.5) };
  const strong = fit(10, { base, lambda: 1e9 });
  expect(distance(strong.weight, base.weight)).toBeLessThan(1e-4);
  expect(strong.provenance['base.method']).toBe('truth');
  expect(distance(fit(10, { base }).weight, truth.weight)).toBeLessThan(1e-4);
  // One text leaves the weights as they are: the intercept absorbs the difference.
  expect(distance(fit(1, { base }).weight, base.weight)).toBe(0);
});

test('a weight of two equals a text given twice, a weight of zero a text left out', () => {
  const x = normal(3 * dIn);
  const y = normal(3 * dOut);
  const common = { ...frame, lambda: 0.5 };
  const twice = (a: Float32Array, d: number) => Float32Array.of(...a.subarray(0, 2 * d), ...a.subarray(d, 2 * d));
  const weighted = alignRidge({ x, y, weights: [1, 2, 0], ...common });
  const repeated = alignRidge({ x: twice(x, dIn), y: twice(y, dOut), ...common });
  expect(distance(weighted.weight, repeated.weight)).toBeLessThan(1e-6);
  expect(distance(weighted.bias, repeated.bias)).toBeLessThan(1e-6);
});

test.each<[string, Partial<AlignRidgeInput>]>([
  ['invalid-option', { lambda: 0 }],
  ['invalid-option', { lambda: Number.NaN }],
  ['invalid-input', { x: new Float32Array(0), y: new Float32Array(0) }],
  ['invalid-input', { y: normal(dOut) }],
  ['invalid-input', { weights: [1] }],
  ['invalid-input', { weights: [0, 0, 0, 0, 0] }],
  ['invalid-input', { weights: [1, 1, 1, 1, -1] }],
  ['dimension-mismatch', { y: normal(5 * dOut + 1) }],
  ['dimension-mismatch', { base: { ...truth, dIn: 5 } }],
  ['space-mismatch', { base: { ...truth, to: 'elsewhere' } }],
  ['not-finite', { x: new Float32Array(5 * dIn).fill(Number.NaN) }],
])('refuses with %s', (code, extra) => {
  expect(() => fit(5, extra)).toThrow(expect.objectContaining({ code }) as Error);
});

test('whitening by the full power evens out the variances of the documents, and none at power 0', () => {
  const documents = normal(400 * dOut).map((v, at) => v * [4, 1, 0.5][at % dOut]! + 2);
  const vectors = quantizeRows(documents, dOut);
  const identity: LinearAdapter = {
    ...truth,
    dIn: dOut,
    weight: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    bias: new Float32Array(dOut),
  };
  expect(distance(whitenDocuments(identity, vectors, 0).weight, identity.weight)).toBeLessThan(1e-6);
  const full = whitenDocuments(identity, vectors, 1);
  // Variances 16, 1, 0.25 over their mean 5.75, plus 0.05.
  [16, 1, 0.25].forEach((variance, i) => {
    const expected = 1 / (variance / 5.75 + 0.05);
    expect(Math.abs(full.weight[i * dOut + i]! / expected - 1)).toBeLessThan(0.25);
  });
  expect(full.provenance['whitening']).toBe('1');
});

test('whitening leaves the adapter alone where documents do not differ, and refuses what does not fit', () => {
  const alike = quantizeRows(Float32Array.of(1, 0, 0, 1, 0, 0), dOut);
  expect(whitenDocuments(truth, alike, 0.5)).toBe(truth);
  expect(() => whitenDocuments(truth, quantizeRows(normal(8), 4), 0.5)).toThrow(
    expect.objectContaining({ code: 'dimension-mismatch' }) as Error,
  );
  expect(() => whitenDocuments(truth, alike, -1)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
});
