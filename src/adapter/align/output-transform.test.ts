import { expect, test } from 'vitest';
import { quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { normalizeRows } from '../../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../adapter.ts';
import { meanRow, viewed } from './output-transform.ts';
import { documentWhitening, whitenDocuments } from './whiten.ts';

const random = new Random(11);
const adapter: LinearAdapter = {
  path: 'remote',
  from: ['from'],
  to: 'to',
  dIn: 3,
  dOut: 2,
  provenance: {},
  weight: Float32Array.of(1, 0, 2, 0, 3, 0),
  bias: Float32Array.of(0.5, -0.5),
};
const documents = Float32Array.from({ length: 80 }, () => random.normal());
normalizeRows(documents, 2);
const vectors = quantizeRows(documents, 2);
const whitened = documentWhitening(vectors);

test('subtracts the share of the mean output, computed by hand', () => {
  // W x̄ + b = [1 + 2 + 0.5, 6 − 0.5] = [3.5, 5.5]; half of it is subtracted from the bias.
  const { weight, bias, provenance } = viewed(adapter, { whitening: 0, centring: 0.5 }, [1, 2, 1], vectors, whitened);
  expect(weight).toEqual(adapter.weight);
  expect([...bias]).toEqual([0.5 - 1.75, -0.5 - 2.75]);
  expect(provenance).toEqual({ centring: '0.5' });
});

test('the outputs of the queries that make the mean have a mean of (1 − c) times theirs before', () => {
  const x = Float32Array.from({ length: 30 }, () => random.normal());
  const { weight, bias } = viewed(adapter, { whitening: 0, centring: 0.25 }, meanRow(x, 3), vectors, whitened);
  const meanOutput = (b: Float32Array, o: number): number =>
    Array.from({ length: 10 }, (_, i) =>
      [0, 1, 2].reduce((sum, j) => sum + weight[o * 3 + j]! * x[i * 3 + j]!, b[o]!),
    ).reduce((sum, v) => sum + v / 10, 0);
  for (const o of [0, 1]) expect(meanOutput(bias, o)).toBeCloseTo(0.75 * meanOutput(adapter.bias, o), 6);
});

test('centred first, whitened afterwards; without a known query only whitened; plain is the adapter itself', () => {
  const view = { whitening: 0.5, centring: 0.5 };
  const centred = viewed(adapter, { ...view, whitening: 0 }, [1, 2, 1], vectors, whitened);
  const x = Float32Array.of(0.2, -0.4, 0.7);
  expect(applyAdapter(viewed(adapter, view, [1, 2, 1], vectors, whitened), x)).toEqual(
    applyAdapter(whitenDocuments(centred, vectors, 0.5), x),
  );
  expect(viewed(adapter, view, null, vectors, whitened)).toEqual(whitenDocuments(adapter, vectors, 0.5));
  expect(viewed(adapter, { whitening: 0, centring: 0 }, [1, 2, 1], vectors, whitened)).toBe(adapter);
});

test('the mean of no rows is none', () => {
  expect(meanRow(new Float32Array(), 3)).toBeNull();
  expect(meanRow(Float32Array.of(1, 2, 3, 6), 2)).toEqual(Float64Array.of(2, 4));
});

test.each([
  ['invalid-option', { whitening: 0, centring: 1 }, [1, 2, 1]],
  ['invalid-option', { whitening: 2, centring: 0 }, [1, 2, 1]],
  ['dimension-mismatch', { whitening: 0, centring: 0.5 }, [1, 2]],
])('refuses with %s', (code, view, mean) => {
  expect(() => viewed(adapter, view, mean, vectors, whitened)).toThrow(expect.objectContaining({ code }));
});
