import { memory } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { multiply, fromRows } from '../../../math/matrix.ts';
import { Random } from '../../../math/random.ts';
import { dot, normalizeRows, row } from '../../../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../../../adapter/adapter.ts';
import { alignRidge } from '../../../adapter/align/ridge.ts';
import type { TextPairs } from '../../../adapter/align/text-pairs.ts';
import { openTrainingBackend, type TrainingBackend } from '../../../era/backend.ts';
import type { DriftOptions } from './fit-pairs.ts';
import { driftLowRank, type DriftLowRankOptions } from './low-rank.ts';
import { driftOrthogonal } from './orthogonal.ts';
import { driftMlp } from './residual-mlp.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);
const N = 320;

const normals = (random: Random, length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, () => random.normal());
const unit = (rows: Float32Array<ArrayBuffer>, dims: number): Float32Array<ArrayBuffer> => {
  normalizeRows(rows, dims);
  return rows;
};
const frame = (dIn: number, dOut: number) => ({ dIn, dOut, path: 'remote', from: ['large'], to: 'small' }) as const;
const pairsOf = (x: Float32Array<ArrayBuffer>, y: Float32Array<ArrayBuffer>, dIn: number, dOut: number): TextPairs => ({
  x,
  y,
  ...frame(dIn, dOut),
});

/** y = A x + b for an A of rank 3. */
function lowRankPairs(dIn: number, dOut: number): TextPairs {
  const random = new Random(31);
  const x = unit(normals(random, N * dIn), dIn);
  const map = multiply(fromRows(normals(random, dIn * 3), 3), fromRows(normals(random, 3 * dOut), dOut));
  const bias = normals(random, dOut).map((v) => 0.3 * v);
  const y = multiply(fromRows(x, dIn), map).values.map((v, at) => v / 3 + bias[at % dOut]!);
  return pairsOf(x, Float32Array.from(y), dIn, dOut);
}

/** y has products of adjacent numbers of x, which no affine map can give. */
function curvedPairs(dIn: number, dOut: number): TextPairs {
  const x = unit(normals(new Random(37), N * dIn), dIn);
  const y = Float32Array.from({ length: N * dOut }, (_, at) => {
    const values = row(x, Math.floor(at / dOut), dIn);
    const j = (at % dOut) % dIn;
    return values[j]! + 2 * values[j]! * values[(j + 1) % dIn]!;
  });
  return pairsOf(x, y, dIn, dOut);
}

/** Mean of 1 − cos(z, y), z unit rows. */
function cosineError(z: Float32Array, { y, dOut }: TextPairs): number {
  const units = unit(Float32Array.from(y), dOut);
  return (
    1 - Array.from({ length: N }, (_, i) => dot(row(z, i, dOut), row(units, i, dOut))).reduce((a, b) => a + b, 0) / N
  );
}

test('orthogonal: a rotation about the origin, as published', () => {
  const x = normals(new Random(41), 50 * 3);
  // (a, b, c) → (c, a, b), shifted: the shift is not removed, so the map is a rotation, but not this one.
  const turned = x.map((_, at) => x[at - (at % 3) + (((at % 3) + 2) % 3)]!);
  const adapter = driftOrthogonal(pairsOf(x, turned, 3, 3));
  [0, 0, 1, 1, 0, 0, 0, 1, 0].forEach((v, at) => expect(adapter.weight[at]).toBeCloseTo(v, 6));
  expect([...adapter.bias]).toEqual([0, 0, 0]);
  expect(adapter.provenance).toEqual({ method: 'drift-procrustes', centred: 'false', texts: '50' });
  expect(
    driftOrthogonal(
      pairsOf(
        x,
        turned.map((v) => v + 2),
        3,
        3,
      ),
    ).weight[2],
  ).toBeLessThan(0.97);
});

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  let backend: TrainingBackend;
  beforeAll(async () => {
    backend = await openTrainingBackend(device === 'wasm' ? { device, wasmFile } : { device });
  });
  const train = (pairs: TextPairs, extra: Partial<DriftLowRankOptions> = {}): DriftLowRankOptions => ({
    ...pairs,
    backend,
    learningRate: 0.02,
    batchSize: 64,
    epochs: 100,
    rank: 4,
    ...extra,
  });
  const applied = (adapter: LinearAdapter, { x }: TextPairs): Float32Array => applyAdapter(adapter, x);

  test.each([
    [10, 6],
    [6, 6],
  ])('low rank finds a map of rank 3 from %s to %s; one of lower rank cannot', async (dIn, dOut) => {
    const pairs = lowRankPairs(dIn, dOut);
    const adapter = await driftLowRank(train(pairs));
    expect(cosineError(applied(adapter, pairs), pairs)).toBeLessThan(1e-4);
    expect(adapter.provenance).toMatchObject({
      method: 'drift-low-rank',
      rank: '4',
      scaling: 'true',
      texts: '320',
      heldOut: '64',
      seed: '42',
      device,
    });
    const narrow = await driftLowRank(train(pairs, { rank: 1 }));
    expect(cosineError(applied(narrow, pairs), pairs)).toBeGreaterThan(0.01);
    const unscaled = await driftLowRank(train(pairs, { scaling: false }));
    expect(cosineError(applied(unscaled, pairs), pairs)).toBeLessThan(1e-4);
  });

  test.each([
    [8, 8],
    [8, 5],
    [5, 8],
  ])('the MLP learns what no affine map can, from %s to %s', async (dIn, dOut) => {
    const pairs = curvedPairs(dIn, dOut);
    const affine = cosineError(applied(alignRidge({ ...pairs, lambda: 1e-6 }), pairs), pairs);
    const { map, parameters, provenance } = await driftMlp({ ...train(pairs), hidden: 64 });
    expect(affine).toBeGreaterThan(0.05);
    expect(cosineError(map(pairs.x), pairs)).toBeLessThan(affine / 5);
    expect(parameters.reduce((sum, { length }) => sum + length, 0)).toBe(
      dIn * 64 + 64 + 64 * dOut + dOut + (dIn === dOut ? 0 : dIn * dOut) + dOut,
    );
    expect(provenance).toMatchObject({ method: 'drift-mlp', hidden: '64', scaling: 'true' });
  });

  test('same seed, same numbers; another seed, others; no tensor is left behind', async () => {
    const pairs = curvedPairs(6, 4);
    const few = { epochs: 3 };
    const before = memory().numTensors;
    const first = await driftLowRank(train(pairs, few));
    expect((await driftLowRank(train(pairs, few))).weight).toEqual(first.weight);
    expect((await driftLowRank(train(pairs, { ...few, seed: 7 }))).weight).not.toEqual(first.weight);
    const mlp = await driftMlp(train(pairs, few));
    expect((await driftMlp(train(pairs, few))).map(pairs.x)).toEqual(mlp.map(pairs.x));
    expect(memory().numTensors).toBe(before);
  });

  test('cancelling rejects with the signal’s reason and leaves no tensor behind', async () => {
    const before = memory().numTensors;
    for (const form of [driftLowRank, driftMlp]) {
      const cancel = new AbortController();
      const reason = new Error('enough');
      const onStep: DriftOptions['onStep'] = ({ step }) => {
        if (step === 12) cancel.abort(reason);
      };
      const run = form({ ...train(curvedPairs(6, 4)), signal: cancel.signal, onStep });
      await expect(run).rejects.toBe(reason);
    }
    expect(memory().numTensors).toBe(before);
  });

  test('texts of weight 0 have no effect', async () => {
    const pairs = lowRankPairs(6, 4);
    const wrong = {
      x: Float32Array.of(...pairs.x, ...pairs.x),
      y: Float32Array.of(...pairs.y, ...pairs.y.map((v) => -v)),
    };
    const weights = Array.from({ length: 2 * N }, (_, i) => (i < N ? 2 : 0));
    const adapter = await driftLowRank(train({ ...pairs, ...wrong, weights }));
    expect(cosineError(applied(adapter, pairs), pairs)).toBeLessThan(1e-4);
    expect(adapter.provenance['texts']).toBe('320');
  });
});

test('the same map on every backend', async () => {
  const pairs = lowRankPairs(10, 6);
  const weights: Float32Array[] = [];
  for (const device of ['cpu', 'wasm'] as const) {
    const backend = await openTrainingBackend({ device, wasmFile });
    weights.push((await driftLowRank({ ...pairs, backend, rank: 4, epochs: 5 })).weight);
  }
  expect(Math.max(...weights[0]!.map((v, at) => Math.abs(v - weights[1]![at]!)))).toBeLessThan(1e-5);
});

test.each<[string, Partial<DriftOptions & { rank: number }>]>([
  ['invalid-input', { x: new Float32Array(3).fill(1), y: new Float32Array(2).fill(1) }],
  ['invalid-input', { weights: [1, 0] }],
  ['invalid-option', { heldOutShare: 0 }],
  ['invalid-option', { heldOutShare: 1 }],
  ['invalid-option', { rank: 0.5 }],
  ['dimension-mismatch', { dIn: 4 }],
  ['not-finite', { y: new Float32Array(4).fill(Number.NaN) }],
])('refuses with %s', async (code, extra) => {
  const backend = await openTrainingBackend({ device: 'cpu' });
  const pairs = pairsOf(Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 2, 3, 4), 3, 2);
  await expect(driftLowRank({ ...pairs, backend, ...extra })).rejects.toMatchObject({ code });
});

test('the MLP refuses a hidden layer of no size', async () => {
  const backend = await openTrainingBackend({ device: 'cpu' });
  await expect(driftMlp({ ...lowRankPairs(3, 2), backend, hidden: 0 })).rejects.toMatchObject({
    code: 'invalid-option',
  });
});
