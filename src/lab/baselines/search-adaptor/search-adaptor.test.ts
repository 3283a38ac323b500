import { createRequire } from 'node:module';
import { memory, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { quantizeRows } from '../../../math/quantize.ts';
import { Random } from '../../../math/random.ts';
import { normalizeRows } from '../../../math/vector.ts';
import { openTrainingBackend, type TrainingBackend } from '../../../era/backend.ts';
import { expectGradients, relativeError, type TestInput } from '../../gradient/finite-differences.fixture.ts';
import type { LabelledQueries } from '../../../adapter/labelled-queries.ts';
import { drawBatch, POSITIVES_PER_STEP } from './batch.ts';
import { rankingLoss, searchAdaptorLoss, type SearchAdaptorBatch } from './losses.ts';
import { mapToUnit, type Perceptron } from './residual-map.ts';
import {
  applySearchAdaptor,
  GRID,
  trainSearchAdaptor,
  type SearchAdaptor,
  type SearchAdaptorOptions,
} from './train.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);
let backend: TrainingBackend;
beforeAll(async () => {
  backend = await openTrainingBackend({ device: 'wasm', wasmFile });
});

const random = new Random(6);
const draw = (length: number): Float64Array => Float64Array.from({ length }, () => Math.fround(random.normal()));
const rowsOf = (x: Float64Array, width: number): number[][] =>
  Array.from({ length: x.length / width }, (_, i) => [...x.subarray(i * width, (i + 1) * width)]);
const matrix = (values: ArrayLike<number>, width: number): Tensor2D =>
  tensor2d(Float32Array.from(values), [values.length / width, width]);

/** x W + b, ReLU, times W', + b'. */
function reference(x: number[], [w, b, w2, b2]: readonly Float64Array[]): number[] {
  const d = x.length;
  const linear = (v: number[], weight: Float64Array, bias: Float64Array): number[] =>
    Array.from({ length: d }, (_, o) => v.reduce((s, vj, j) => s + vj * weight[j * d + o]!, bias[o]!));
  return linear(
    linear(x, w!, b!).map((v) => Math.max(0, v)),
    w2!,
    b2!,
  );
}

describe('losses equal float64, and so do their gradients', () => {
  const [D, B, M] = [4, 3, 5];
  const [queries, documents] = [draw(B * D), draw(M * D)];
  const grades = [
    new Map([
      [0, 2],
      [1, 1],
    ]),
    new Map([[2, 1]]),
    new Map([[3, 3]]),
  ];
  // Compared documents: not all, as where negatives are sampled.
  const candidates = [
    [0, 1, 3, 4],
    [2, 0, 1],
    [3, 4],
  ];
  const inputs: TestInput[] = ['f', 'p'].flatMap(() => [
    { x: draw(D * D), shape: [D, D] },
    { x: draw(D), shape: [D] },
    { x: draw(D * D), shape: [D, D] },
    { x: draw(D), shape: [D] },
  ]);
  const pairs = grades.flatMap((own, i) => [...own].map(([j, grade]) => ({ i, j, grade })));
  const total = pairs.reduce((s, { grade }) => s + grade, 0);

  const slots = [0, 1].map((slot) => {
    const [positive, weight] = [new Float32Array(B * M), new Float32Array(B * M)];
    grades.forEach((own, i) => {
      const entry = [...own][slot];
      if (!entry) return;
      positive[i * M + entry[0]] = 1;
      for (const k of candidates[i]!) weight[i * M + k] = Math.max(0, entry[1] - (own.get(k) ?? 0));
    });
    return { positive, weight };
  });
  const batch = (): SearchAdaptorBatch => ({
    queries: matrix(queries, D),
    documents: matrix(documents, D),
    slots: slots.map(({ positive, weight }) => ({ positive: matrix(positive, M), weight: matrix(weight, M) })),
    pairQuery: matrix(
      pairs.flatMap(({ i }) => Array.from({ length: B }, (_, at) => (at === i ? 1 : 0))),
      B,
    ),
    pairDocument: matrix(
      pairs.flatMap(({ j }) => Array.from({ length: M }, (_, at) => (at === j ? 1 : 0))),
      M,
    ),
    pairShare: matrix(
      pairs.map(({ grade }) => grade / total),
      1,
    ),
  });
  const expected = (alpha: number, beta: number) => (): number => {
    const [f, p] = [inputs.slice(0, 4).map(({ x }) => x), inputs.slice(4).map(({ x }) => x)];
    const mapped = (x: Float64Array): number[][] =>
      rowsOf(x, D).map((row) => reference(row, f).map((v, o) => v + row[o]!));
    const [q, d] = [mapped(queries), mapped(documents)];
    const cosine = (i: number, j: number): number =>
      q[i]!.reduce((s, v, o) => s + v * d[j]![o]!, 0) / Math.hypot(...q[i]!) / Math.hypot(...d[j]!);
    let ranking = 0;
    for (let i = 0; i < B; i++) {
      for (const j of candidates[i]!) {
        for (const k of candidates[i]!) {
          const [yj, yk] = [grades[i]!.get(j) ?? 0, grades[i]!.get(k) ?? 0];
          if (yj > yk) ranking += (yj - yk) * Math.log(1 + Math.exp(cosine(i, k) - cosine(i, j)));
        }
      }
    }
    const l1 = (a: number[], b: ArrayLike<number>): number => a.reduce((s, v, o) => s + Math.abs(v - b[o]!), 0);
    const moved = (rows: number[][], x: Float64Array): number =>
      rows.reduce((s, row, i) => s + l1(row, x.subarray(i * D, (i + 1) * D)), 0) / rows.length;
    const prediction = pairs.reduce((s, { i, j, grade }) => s + (grade / total) * l1(q[i]!, reference(d[j]!, p)), 0);
    return ranking + alpha * (moved(q, queries) + moved(d, documents)) + beta * prediction;
  };

  test('all three', async () => {
    await expectGradients(
      inputs,
      (a, b, c, d, e, f, g, h) => searchAdaptorLoss([a, b, c, d], [e, f, g, h], batch(), 0.3, 0.7),
      expected(0.3, 0.7),
    );
  });

  test('ranking alone', async () => {
    await expectGradients(
      inputs.slice(0, 4),
      (a, b, c, d) => searchAdaptorLoss([a, b, c, d], null, batch(), 0, 0),
      expected(0, 0),
    );
  });

  test('equal scores cost log 2 a pair and grade', async () => {
    const loss = rankingLoss(matrix(new Float32Array(B * M), M), batch().slots);
    // Query 0: (2−1) + 2·2 + 2·1; query 1: 2·1; query 2: 3.
    expect((await loss.data())[0]).toBeCloseTo(12 * Math.log(2), 5);
  });
});

test('a batch compares each positive with ten times as many others, none of them relevant, and with lower grades', () => {
  const draws = new Random(8);
  const relevant = Array.from({ length: 30 }, (_, i) =>
    new Map(Array.from({ length: 1 + (i % 6) }, (_, j) => [3 * i + j, 1 + (j % 3)] as const)).set(199, 0),
  );
  for (let round = 0; round < 20; round++) {
    const queries = draws.sample([...relevant.keys()], 12);
    const { documents, slots, pairs } = drawBatch(queries, relevant, 200, 10, draws);
    const m = documents.length;
    expect(new Set(documents).size).toBe(m);
    expect(pairs.reduce((s, { share }) => s + share, 0)).toBeCloseTo(1, 10);
    queries.forEach((query, i) => {
      const own = pairs.filter((pair) => pair.query === i).map((pair) => documents[pair.document]!);
      const positives = [...relevant[query]!].filter(([, grade]) => grade > 0);
      expect(own).toHaveLength(Math.min(POSITIVES_PER_STEP, positives.length));
      const others = own.map((document, slot) => {
        const grade = relevant[query]!.get(document)!;
        const { positive, weight } = slots[slot]!;
        expect([...positive.subarray(i * m, (i + 1) * m)]).toEqual(
          documents.map((each) => (each === document ? 1 : 0)),
        );
        const compared = documents.map((each, k) => [each, weight[i * m + k]!] as const).filter(([, w]) => w > 0);
        for (const [each, w] of compared) expect(w).toBe(grade - (relevant[query]!.get(each) ?? 0));
        return compared.map(([each]) => each).filter((each) => !own.includes(each));
      });
      for (const list of others) {
        expect(list).toHaveLength(10 * own.length);
        expect(list.every((each) => !positives.some(([document]) => document === each))).toBe(true);
      }
    });
  }
});

const [DIMS, COUNT] = [16, 150];

/** Queries are passages whose coordinates are scaled unevenly; with `noise` the relevant passages are random. */
function task(noise: boolean): Pick<SearchAdaptorOptions, 'training' | 'validation' | 'vectors'> {
  const draws = new Random(12);
  const passages = normalizeRows(
    Float32Array.from({ length: COUNT * DIMS }, () => draws.normal()),
    DIMS,
  );
  const part = (from: number, to: number): LabelledQueries => {
    const x = passages
      .slice(from * DIMS, to * DIMS)
      .map((v, at) => v * (at % DIMS < 8 ? 0.2 : 1) + (at % DIMS === 0 ? 1 : 0));
    normalizeRows(x, DIMS);
    return {
      x,
      relevant: Array.from({ length: to - from }, (_, i) => new Map([[noise ? draws.below(COUNT) : from + i, 1]])),
    };
  };
  return { training: part(0, 80), validation: part(80, 120), vectors: quantizeRows(passages, DIMS) };
}

const train = (overrides: Partial<SearchAdaptorOptions> = {}): Promise<SearchAdaptor> =>
  trainSearchAdaptor({
    backend,
    ...task(false),
    grid: [{ alpha: 0, beta: 0 }],
    steps: 400,
    learningRate: 3e-3,
    seed: 1,
    ...overrides,
  });

test('mapping equals float64', async () => {
  const f = [draw(DIMS * DIMS), draw(DIMS), draw(DIMS * DIMS), draw(DIMS)] as const;
  const x = draw(5 * DIMS);
  const expected = rowsOf(x, DIMS).flatMap((row) => {
    const mapped = reference(row, f).map((v, o) => v + row[o]!);
    return mapped.map((v) => v / Math.hypot(...mapped));
  });
  const narrow = f.map((part) => Float32Array.from(part)) as unknown as Perceptron<Float32Array>;
  expect(
    relativeError(await mapToUnit(Float32Array.from(x), DIMS, narrow, () => Promise.resolve()), expected),
  ).toBeLessThan(1e-5);
});

test('learns what sets queries apart from passages, on queries it has not seen, and leaves no tensor behind', async () => {
  const before = memory().numTensors;
  const [unchanged, trained] = [await train({ steps: 0 }), await train()];
  expect(memory().numTensors).toBe(before);
  expect(trained.validationNdcg).toBeGreaterThan(unchanged.validationNdcg + 0.1);
  expect(trained.steps).toBeGreaterThan(0);
  const { x } = task(false).validation;
  expect(relativeError(await applySearchAdaptor(unchanged, x, backend), x)).toBeLessThan(1e-6);
  expect(relativeError(await applySearchAdaptor(trained, x, backend), x)).toBeGreaterThan(0.05);
});

test('the grid is the paper’s nine points, and the best on validation is kept', async () => {
  expect(GRID).toHaveLength(9);
  const grid = [
    { alpha: 1e6, beta: 0 },
    { alpha: 0, beta: 0.01 },
  ];
  const each = [await train({ grid: [grid[0]!] }), await train({ grid: [grid[1]!] })];
  const both = await train({ grid });
  expect(both).toMatchObject({
    ...grid[1],
    validationNdcg: each[1]!.validationNdcg,
    stepsRun: each[0]!.stepsRun + each[1]!.stepsRun,
  });
  await expect(train({ grid: [] })).rejects.toMatchObject({ code: 'invalid-option' });
});

test('ends 125 steps after the last better validation', async () => {
  const { steps, stepsRun } = await train({ steps: 2000, ...task(true) });
  expect(stepsRun).toBe(steps + 125);
});

test('the same seed gives the same map, another seed another', async () => {
  const short = { steps: 30, checkEvery: 10, grid: [{ alpha: 0.1, beta: 0.01 }] };
  const first = await train(short);
  expect((await train(short)).f).toEqual(first.f);
  expect((await train({ ...short, seed: 2 })).f).not.toEqual(first.f);
});

test('needs labels to train on and to choose by', async () => {
  const none = { x: new Float32Array(0), relevant: [] };
  await expect(train({ training: none })).rejects.toMatchObject({ code: 'no-labels' });
  await expect(train({ validation: none })).rejects.toMatchObject({ code: 'no-labels' });
});

test('can be cancelled', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(train({ signal: controller.signal, onProgress: () => controller.abort(reason) })).rejects.toBe(reason);
});
