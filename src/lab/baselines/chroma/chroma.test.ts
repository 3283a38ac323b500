import { createRequire } from 'node:module';
import { memory, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ndcg } from '../../../evaluate/metrics.ts';
import { mean } from '../../../evaluate/statistics.ts';
import { quantizeRows } from '../../../math/quantize.ts';
import { Random } from '../../../math/random.ts';
import { normalizeRows } from '../../../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../../../adapter/adapter.ts';
import { openTrainingBackend, type TrainingBackend } from '../../../era/backend.ts';
import { expectGradients } from '../../gradient/finite-differences.fixture.ts';
import { plainRank } from '../../../adapter/plain-rank.fixture.ts';
import { cosineSquaredError, tripletLoss } from './losses.ts';
import { trainChroma, type ChromaOptions } from './train.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);
let backend: TrainingBackend;
beforeAll(async () => {
  backend = await openTrainingBackend({ device: 'wasm', wasmFile });
});

const [DIMS, COUNT] = [8, 60];
const random = new Random(3);
const draw = (length: number): Float64Array => Float64Array.from({ length }, () => Math.fround(random.normal()));
const rows = (x: Float64Array, width: number): Float64Array[] =>
  Array.from({ length: x.length / width }, (_, i) => x.subarray(i * width, (i + 1) * width));

describe('losses equal float64, and so do their gradients', () => {
  const [z, p, n] = [draw(6 * 4), draw(6 * 4), draw(6 * 4)];
  const matrix = (x: Float64Array, width: number): Tensor2D =>
    tensor2d(Float32Array.from(x), [x.length / width, width]);

  test('triplets', async () => {
    const distance = (a: Float64Array, b: Float64Array): number => Math.hypot(...a.map((v, j) => v - b[j]! + 1e-6));
    const [zs, ps, ns] = [rows(z, 4), rows(p, 4), rows(n, 4)];
    const terms = (): number[] => zs.map((row, i) => Math.max(0, distance(row, ps[i]!) - distance(row, ns[i]!) + 0.3));
    expect(terms().some((term) => term > 0)).toBe(true);
    expect(terms().some((term) => term === 0)).toBe(true);
    await expectGradients(
      [{ x: z, shape: [6, 4] }],
      (t) => tripletLoss(t as Tensor2D, matrix(p, 4), matrix(n, 4), 0.3),
      () => terms().reduce((a, b) => a + b),
    );
  });

  test('squared error of the cosine', async () => {
    const unit = Float64Array.from(normalizeRows(Float32Array.from(p), 4));
    const scores = Float64Array.of(1, 0, 1, 0, 0, 1);
    const value = (): number =>
      mean(
        rows(z, 4).map(
          (row, i) => (row.reduce((s, v, j) => s + v * unit[4 * i + j]!, 0) / Math.hypot(...row) - scores[i]!) ** 2,
        ),
      );
    await expectGradients(
      [{ x: z, shape: [6, 4] }],
      (t) => cosineSquaredError(t as Tensor2D, matrix(unit, 4), matrix(scores, 1)),
      value,
    );
  });
});

/** Queries equal to their passage's vector in another basis. */
function task(): Pick<ChromaOptions, 'queries' | 'vectors'> {
  const draws = new Random(9);
  const passages = normalizeRows(
    Float32Array.from({ length: COUNT * DIMS }, () => draws.normal()),
    DIMS,
  );
  const basis = Array.from({ length: DIMS * DIMS }, () => draws.normal());
  const x = Float32Array.from({ length: COUNT * DIMS }, (_, at) => {
    const [i, o] = [Math.floor(at / DIMS), at % DIMS];
    let sum = 0;
    for (let j = 0; j < DIMS; j++) sum += basis[o * DIMS + j]! * passages[i * DIMS + j]!;
    return sum;
  });
  normalizeRows(x, DIMS);
  return {
    queries: { x, relevant: Array.from({ length: COUNT }, (_, i) => new Map([[i, 1]])) },
    vectors: quantizeRows(passages, DIMS),
  };
}

const train = (overrides: Partial<ChromaOptions> = {}): Promise<LinearAdapter> =>
  trainChroma({
    backend,
    path: 'local',
    from: ['small'],
    to: 'small',
    dIn: DIMS,
    ...task(),
    loss: 'triplet',
    seed: 1,
    ...overrides,
  });

async function quality(adapter: LinearAdapter): Promise<number> {
  const { queries, vectors } = task();
  const { rows: ranked } = await plainRank(vectors)(applyAdapter(adapter, queries.x), 10);
  return mean(queries.relevant.map((grades, i) => ndcg(ranked.subarray(10 * i, 10 * i + 10), grades, 10)));
}

for (const loss of ['triplet', 'mse'] as const) {
  test(`${loss}: learns a change of basis, and leaves no tensor behind`, async () => {
    const before = memory().numTensors;
    const [untrained, trained] = [
      await train({ loss, epochs: 0 }),
      await train({ loss, epochs: 200, learningRate: 0.02, batchSize: 64 }),
    ];
    expect(memory().numTensors).toBe(before);
    expect(await quality(untrained)).toBeLessThan(0.3);
    expect(await quality(trained)).toBeGreaterThan(0.85);
    expect(trained).toMatchObject({
      path: 'local',
      dIn: DIMS,
      dOut: DIMS,
      provenance: { method: `chroma-${loss}`, trainingQueries: '60' },
    });
  });
}

test('the same seed gives the same map, another seed another', async () => {
  const first = await train();
  expect((await train()).weight).toEqual(first.weight);
  expect((await train({ seed: 2 })).weight).not.toEqual(first.weight);
});

test('ten epochs over every pair of a relevant passage and five others', async () => {
  const steps: number[] = [];
  await train({ onStep: ({ steps: planned }) => steps.push(planned), batchSize: 50 });
  expect(steps).toEqual(Array<number>(60).fill(60));
});

test('passages labelled as not relevant are the negatives, and a query that all passages are relevant to has none', async () => {
  const { vectors, queries } = task();
  const x = queries.x.slice(0, DIMS);
  const labels = (grade: (i: number) => number): ReadonlyMap<number, number>[] => [
    new Map(Array.from({ length: COUNT }, (_, i) => [i, grade(i)])),
  ];
  const steps: number[] = [];
  await train({
    vectors,
    queries: { x, relevant: labels((i) => (i < 2 ? 1 : 0)) },
    batchSize: 1,
    epochs: 1,
    onStep: ({ step }) => steps.push(step),
  });
  expect(steps).toHaveLength(2 * (COUNT - 2));
  await expect(train({ queries: { x, relevant: labels(() => 1) } })).rejects.toMatchObject({ code: 'no-labels' });
});

test('refuses labels of the wrong shape', async () => {
  const { queries } = task();
  await expect(
    train({ queries: { x: queries.x, relevant: queries.relevant.map(() => new Map([[0, 0]])) } }),
  ).rejects.toMatchObject({ code: 'no-labels' });
  await expect(
    train({ queries: { x: queries.x, relevant: queries.relevant.map(() => new Map([[COUNT, 1]])) } }),
  ).rejects.toMatchObject({ code: 'missing-id' });
  await expect(train({ queries: { x: queries.x, relevant: [] } })).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(
    train({ queries: { x: queries.x, relevant: queries.relevant.map(() => new Map([[0, NaN]])) } }),
  ).rejects.toMatchObject({ code: 'invalid-input' });
});

test('can be cancelled', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(train({ epochs: 1000, signal: controller.signal, onStep: () => controller.abort(reason) })).rejects.toBe(
    reason,
  );
});
