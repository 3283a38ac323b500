import { createRequire } from 'node:module';
import { memory, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { quantizeRows } from '../../../math/quantize.ts';
import { Random } from '../../../math/random.ts';
import { normalizeRows } from '../../../math/vector.ts';
import type { LinearAdapter } from '../../../adapter/adapter.ts';
import { openTrainingBackend, type TrainingBackend } from '../../../era/backend.ts';
import { expectGradients, valueAndSlopes, type TestInput } from '../../gradient/finite-differences.fixture.ts';
import type { LabelledQueries } from '../../../adapter/labelled-queries.ts';
import { plainRank } from '../../../adapter/plain-rank.fixture.ts';
import { anchoredLoss, NOT_A_NEGATIVE, type AnchoredBatch } from './loss.ts';
import { adaptAnchored, type Anchored, type AnchoredOptions } from './train.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);
let backend: TrainingBackend;
beforeAll(async () => {
  backend = await openTrainingBackend({ device: 'wasm', wasmFile });
});

describe('the loss', () => {
  const [B, M, D_IN, D_OUT, TAU, LAMBDA] = [3, 5, 4, 3, 0.2, 0.07];
  const random = new Random(2);
  const draw = (length: number): Float64Array => Float64Array.from({ length }, () => Math.fround(random.normal()));
  const [x, now, change, shift] = [draw(B * D_IN), draw(B * D_OUT), draw(D_IN * D_OUT), draw(D_OUT)];
  const passages = Float64Array.from(normalizeRows(Float32Array.from(draw(M * D_OUT)), D_OUT));
  // Grades 1 and 2, one negative judged, a query without negatives, one without others.
  const share = [
    [1 / 9, 2 / 9, 0, 0, 0],
    [0, 0, 1 / 3, 0, 0],
    [0, 0, 0, 1 / 3, 0],
  ];
  const negative = [
    [false, false, true, true, false],
    [true, true, false, true, true],
    [false, false, false, false, false],
  ];
  const inputs: TestInput[] = [
    { x: change, shape: [D_IN, D_OUT] },
    { x: shift, shape: [D_OUT] },
  ];
  const matrix = (values: ArrayLike<number>, width: number): Tensor2D =>
    tensor2d(Float32Array.from(values), [values.length / width, width]);
  const batch = (): AnchoredBatch => ({
    x: matrix(x, D_IN),
    now: matrix(now, D_OUT),
    passages: matrix(passages, D_OUT),
    share: matrix(share.flat(), M),
    offset: matrix(
      negative.flat().map((is) => (is ? 0 : NOT_A_NEGATIVE)),
      M,
    ),
  });
  const expected = (temperature: number) => (): number => {
    let loss = LAMBDA * [...change, ...shift].reduce((s, v) => s + v * v, 0);
    for (let i = 0; i < B; i++) {
      const z = [0, 1, 2].map((o) =>
        [0, 1, 2, 3].reduce((s, j) => s + x[i * D_IN + j]! * change[j * D_OUT + o]!, now[i * D_OUT + o]! + shift[o]!),
      );
      const score = (k: number): number =>
        z.reduce((s, v, o) => s + v * passages[k * D_OUT + o]!, 0) / Math.hypot(...z) / temperature;
      for (let j = 0; j < M; j++) {
        const others = [0, 1, 2, 3, 4].filter((k) => negative[i]![k]);
        loss += share[i]![j]! * Math.log(1 + others.reduce((s, k) => s + Math.exp(score(k) - score(j)), 0));
      }
    }
    return loss;
  };

  test('and its gradients equal float64', async () => {
    await expectGradients(inputs, (c, s) => anchoredLoss(c, s, batch(), TAU, LAMBDA), expected(TAU));
  });

  test('stays finite at a temperature of 0.005', async () => {
    const [value, slopes] = await valueAndSlopes((c, s) => anchoredLoss(c, s, batch(), 0.005, LAMBDA), inputs);
    expect(Math.abs(value / expected(0.005)() - 1)).toBeLessThan(1e-4);
    expect(slopes.every((slope) => slope.every(Number.isFinite))).toBe(true);
  });
});

const [DIMS, COUNT] = [16, 200];

/** Queries near their passage but for a change of basis; with `noise` the relevant passages are random. */
function task(noise: boolean): Pick<AnchoredOptions, 'start' | 'training' | 'validation' | 'vectors' | 'rank'> {
  const random = new Random(4);
  const draw = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, () => random.normal());
  const passages = draw(COUNT * DIMS);
  normalizeRows(passages, DIMS);
  const basis = draw(DIMS * DIMS).map((v, at) => 0.35 * v + (at % (DIMS + 1) === 0 ? 1 : 0));
  const part = (from: number, to: number): LabelledQueries => {
    const x = Float32Array.from({ length: (to - from) * DIMS }, (_, at) => {
      const [i, o] = [from + Math.floor(at / DIMS), at % DIMS];
      let sum = 0;
      for (let j = 0; j < DIMS; j++) sum += basis[o * DIMS + j]! * passages[i * DIMS + j]!;
      return sum;
    });
    normalizeRows(x, DIMS);
    return {
      x,
      relevant: Array.from({ length: to - from }, (_, i) => new Map([[noise ? random.below(COUNT) : from + i, 1]])),
    };
  };
  const weight = new Float32Array(DIMS * DIMS);
  for (let i = 0; i < DIMS; i++) weight[i * DIMS + i] = 1;
  const start: LinearAdapter = {
    path: 'local',
    from: ['small'],
    to: 'small',
    dIn: DIMS,
    dOut: DIMS,
    weight,
    bias: new Float32Array(DIMS),
    provenance: { method: 'identity' },
  };
  const vectors = quantizeRows(passages, DIMS);
  return { start, training: part(0, 80), validation: part(80, 120), vectors, rank: plainRank(vectors) };
}

const adapt = (overrides: Partial<AnchoredOptions> = {}): Promise<Anchored> =>
  adaptAnchored({ backend, ...task(false), learningRate: 0.01, seed: 1, ...overrides });

/** ‖W − W0‖ */
function distance({ adapter: { weight } }: Anchored): number {
  return Math.hypot(...weight.map((w, at) => w - (at % (DIMS + 1) === 0 ? 1 : 0)));
}

test('learns a change of basis, applies it, and leaves no tensor behind', async () => {
  const before = memory().numTensors;
  const result = await adapt();
  expect(memory().numTensors).toBe(before);
  expect(result.applied).toBe(true);
  expect(result.after).toBeGreaterThan(result.before + 0.1);
  expect(result.epoch).toBeGreaterThan(0);
  expect(result.adapter.provenance).toMatchObject({
    method: 'anchored-infonce',
    epoch: String(result.epoch),
    'start.method': 'identity',
  });
});

test('labels that are noise change nothing', async () => {
  for (const seed of [1, 2, 3]) {
    const options = { ...task(true), seed };
    const result = await adapt(options);
    expect(result.applied).toBe(false);
    expect(result.adapter).toBe(options.start);
  }
});

test('the penalty keeps the map near the start', async () => {
  const [loose, tight] = [await adapt({ anchor: 0, refit: false }), await adapt({ anchor: 100, refit: false })];
  expect(loose.applied && tight.applied).toBe(true);
  expect(distance(tight)).toBeLessThan(distance(loose) / 2);
});

test('refitting uses the validation labels too', async () => {
  const [chosen, refitted] = [await adapt({ refit: false }), await adapt()];
  expect(refitted.epoch).toBe(chosen.epoch);
  expect(refitted.adapter.weight).not.toEqual(chosen.adapter.weight);
});

test('the same seed gives the same map, another seed another', async () => {
  const { adapter } = await adapt({ batchSize: 32 });
  expect((await adapt({ batchSize: 32 })).adapter.weight).toEqual(adapter.weight);
  expect((await adapt({ batchSize: 32, seed: 2 })).adapter.weight).not.toEqual(adapter.weight);
});

test('without validation labels nothing is changed; without training labels it is an error', async () => {
  const none = { x: new Float32Array(0), relevant: [] };
  expect(await adapt({ validation: none })).toMatchObject({ applied: false, epoch: 0 });
  await expect(adapt({ training: none })).rejects.toMatchObject({ code: 'no-labels' });
});

test('refuses vectors of another length than the start’s', async () => {
  const vectors = quantizeRows(new Float32Array(8).fill(1), 4);
  await expect(adapt({ vectors })).rejects.toMatchObject({ code: 'dimension-mismatch' });
});

test('can be cancelled', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(
    adapt({ epochs: 10_000, signal: controller.signal, onStep: () => controller.abort(reason) }),
  ).rejects.toBe(reason);
});
