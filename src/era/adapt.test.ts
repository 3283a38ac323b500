// Errors and random draws of adaptation and alignment, and the order of devices in Node. era.contract.ts tests the
// learning itself.

import { expect, test } from 'vitest';
import type { Rank } from '../adapter/rank.ts';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { adaptEra, type EraTask } from './adapt.ts';
import { alignEra } from './align.ts';
import { openTrainingBackend } from './backend.ts';
import { labelledTask, linearTexts } from './era.contract.ts';
import { randomAdapter } from './random-adapter.ts';
import type { EpochProgress } from './train.ts';

const start = randomAdapter({ path: 'remote', from: ['large'], to: 'small', dIn: 12, dOut: 8 }, new Random(5));
const cpu = (): ReturnType<typeof openTrainingBackend> => openTrainingBackend({ device: 'cpu' });
const withTraining = (change: Partial<EraTask['training']>): EraTask => {
  const task = labelledTask(1);
  return { ...task, training: { ...task.training, ...change } };
};

test('Node without a WASM file: both faster devices are refused with a reason', async () => {
  const backend = await openTrainingBackend();
  expect(backend.kind).toBe('cpu');
  expect(backend.refused.map(({ device }) => device)).toEqual(['webgpu', 'wasm']);
});

test('a missing WASM file is refused, and the CPU is used', async () => {
  const backend = await openTrainingBackend({ device: 'wasm', wasmFile: '/nowhere/tfjs-backend-wasm-simd.wasm' });
  expect(backend).toMatchObject({ kind: 'cpu', refused: [{ device: 'wasm' }] });
});

test('a random adapter is uniform in ±1/√dIn', () => {
  const { weight, bias } = randomAdapter({ path: 'remote', from: [], to: '', dIn: 100, dOut: 500 }, new Random(1));
  const bound = 0.1 * (1 + 1e-7);
  expect([...weight, ...bias].every((v) => Math.abs(v) <= bound)).toBe(true);
  expect(Math.max(...weight)).toBeGreaterThan(0.099);
  expect(Math.min(...weight)).toBeLessThan(-0.099);
  // variance of a uniform: bound² / 3
  expect(weight.reduce((sum, v) => sum + v * v, 0) / weight.length).toBeCloseTo(0.01 / 3, 4);
});

test('vectors of wrong size, NaN and single texts are refused', async () => {
  const backend = await cpu();
  const texts = linearTexts(10, 6, 4);
  await expect(alignEra({ backend, ...texts, dIn: 7 })).rejects.toMatchObject({ code: 'dimension-mismatch' });
  await expect(alignEra({ backend, ...texts, y: texts.y.slice(4) })).rejects.toMatchObject({
    code: 'dimension-mismatch',
  });
  await expect(alignEra({ backend, ...texts, x: texts.x.map(() => NaN) })).rejects.toMatchObject({
    code: 'not-finite',
  });
  await expect(alignEra({ backend, ...texts, x: texts.x.slice(0, 6), y: texts.y.slice(0, 4) })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('labels that cannot be used are refused', async () => {
  const backend = await cpu();
  const run = (task: EraTask, mineWith?: 'local'): Promise<unknown> =>
    adaptEra({ backend, tasks: [task], start, mineWith, epochs: 1 });
  await expect(run(withTraining({ positives: Array.from({ length: 30 }, () => []) }))).rejects.toMatchObject({
    code: 'too-few-labels',
  });
  await expect(run(withTraining({ positives: Array.from({ length: 30 }, () => [60]) }))).rejects.toMatchObject({
    code: 'missing-id',
  });
  await expect(run(withTraining({ x: new Float32Array(12) }))).rejects.toMatchObject({ code: 'dimension-mismatch' });
  await expect(run({ ...labelledTask(1), documents: quantizeRows(new Float32Array(60), 6) })).rejects.toMatchObject({
    code: 'dimension-mismatch',
  });
  await expect(run(labelledTask(1), 'local')).rejects.toMatchObject({ code: 'dimension-mismatch' });
});

test('queries without a positive are left out, and without validation the last epoch counts', async () => {
  const task = labelledTask(1);
  const positives = task.training.positives.map((own, i) => (i < 10 ? [] : own));
  const none = { x: new Float32Array(0), positives: [] };
  const seen: EpochProgress[] = [];
  const tasks = [{ ...task, training: { ...task.training, positives }, validation: none }];
  const adapter = await adaptEra({
    backend: await cpu(),
    tasks,
    start,
    epochs: 8,
    onEpoch: (progress) => seen.push(progress),
  });
  expect(adapter.provenance).toMatchObject({
    trainingQueries: '20',
    validationQueries: '0',
    epochsRun: '8',
    bestEpoch: '8',
    start: 'random',
  });
  expect(seen.map(({ validationLoss }) => validationLoss)).toEqual(Array.from({ length: 8 }, () => null));
});

test('the warm-up begins at rate 0: the first step of the recipe changes nothing, the second does', async () => {
  const losses = async (learningRate: number): Promise<(number | null)[]> => {
    const seen: (number | null)[] = [];
    // One batch per epoch, so ten steps, the first of which warms up.
    await adaptEra({
      backend: await cpu(),
      tasks: [labelledTask(1)],
      start,
      epochs: 10,
      patience: 10,
      learningRate,
      onEpoch: ({ validationLoss }) => seen.push(validationLoss),
    });
    return seen;
  };
  const [still, moved] = [await losses(0), await losses(0.01)];
  expect(new Set(still).size).toBe(1);
  expect(moved[0]).toBe(still[0]);
  expect(moved[1]).not.toBe(still[0]);
});

test('a given ranking is called with the mapped query and for 2000 unjudged ranks', async () => {
  const asked: [number, number][] = [];
  const rank: Rank = (queries, k) => {
    asked.push([queries.length, k]);
    return Promise.resolve({ rows: Int32Array.from({ length: k }, (_, i) => (i < 60 ? i : -1)) });
  };
  await adaptEra({ backend: await cpu(), tasks: [{ ...labelledTask(1), rank }], start, epochs: 1 });
  expect(asked).toHaveLength(40);
  expect(new Set(asked.map(String))).toEqual(new Set(['8,2001']));
});

test('inputs of the joint path are trained as they are', async () => {
  const texts = linearTexts(40, 10, 4);
  const adapter = await alignEra({ backend: await cpu(), ...texts, path: 'both', from: ['small', 'large'], epochs: 1 });
  expect(adapter).toMatchObject({ path: 'both', from: ['small', 'large'], dIn: 10 });
});
