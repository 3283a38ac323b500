// The contract of a training backend: one list of tests that CPU, WASM and WebGPU run, compared with float64
// (reference.ts).

import { getBackend, memory, tensor, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { dequantizeRows, quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { dot, normalizeRows, row } from '../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../adapter/adapter.ts';
import { AdamW } from './adam-w.ts';
import { adaptEra, type EraQueries, type EraTask } from './adapt.ts';
import { alignEra, type AlignEraOptions } from './align.ts';
import type { TrainingBackend } from './backend.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { backward, downloadWeights, forward, inputWidth, uploadWeights } from './linear-layer.ts';
import { contrastiveLoss, cosineLoss } from './losses.ts';
import { randomAdapter } from './random-adapter.ts';
import { referenceContrastive, referenceCosine, referenceStep } from './reference.ts';
import type { EpochProgress } from './train.ts';

/** Relative to the largest gradient. Measured: at most 4e-7 on CPU, WASM and SwiftShader, a few units of float32. */
const GRADIENT_TOLERANCE = 5e-6;

export function normals(random: Random, length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => random.normal());
}

export function unitRows(random: Random, n: number, dims: number): Float32Array<ArrayBuffer> {
  const rows = normals(random, n * dims);
  normalizeRows(rows, dims);
  return rows;
}

/** y = L2(A x) for a random A, which alignment must recover. */
export function linearTexts(
  n: number,
  dIn: number,
  dOut: number,
): Pick<AlignEraOptions, 'x' | 'y' | 'dIn' | 'dOut' | 'from' | 'to'> {
  const random = new Random(7);
  const truth: LinearAdapter = {
    path: 'remote',
    from: [],
    to: '',
    dIn,
    dOut,
    weight: normals(random, dOut * dIn),
    bias: new Float32Array(dOut),
    provenance: {},
  };
  const x = unitRows(random, n, dIn);
  return { x, y: applyAdapter(truth, x), dIn, dOut, from: ['large'], to: 'small' };
}

/** Queries near their positive by a hidden map that the start does not know; passages of one corpus. */
export function labelledTask(seed: number): EraTask {
  const random = new Random(seed);
  const [dIn, dOut, count] = [12, 8, 60];
  const passages = unitRows(random, count, dOut);
  const documents = quantizeRows(passages, dOut);
  const hidden = normals(new Random(99), dIn * dOut);
  const queries = (ids: readonly number[]): EraQueries => {
    const x = new Float32Array(ids.length * dIn);
    ids.forEach((id, i) => {
      for (let j = 0; j < dIn; j++) {
        x[i * dIn + j] = 0.05 * random.normal() + dot(row(passages, id, dOut), row(hidden, j, dOut));
      }
    });
    normalizeRows(x, dIn);
    return { x, positives: ids.map((id) => [id]) };
  };
  const ids = Array.from({ length: 40 }, (_, i) => i);
  return { documents, training: queries(ids.slice(0, 30)), validation: queries(ids.slice(30)) };
}

const start = (): LinearAdapter =>
  randomAdapter({ path: 'remote', from: ['large'], to: 'small', dIn: 12, dOut: 8 }, new Random(5));

export function trainingContract(open: () => Promise<TrainingBackend>): void {
  describe('gradients', () => {
    for (const [n, dIn, dOut] of [
      [5, 7, 3],
      [40, 66, 20],
      [64, 128, 96],
    ] as const) {
      for (const name of ['cosine', 'contrastive'] as const) {
        test(`${name} loss, ${n} rows, ${dIn} to ${dOut}: equal to float64`, async () => {
          const backend = await open();
          expect(getBackend()).toBe(backend.kind);
          const random = new Random(n);
          const layer = randomAdapter({ path: 'remote', from: [], to: '', dIn, dOut }, random);
          const x = unitRows(random, n, dIn);
          const k = name === 'cosine' ? 1 : 6;
          const targets = unitRows(random, n * k, dOut);
          const expected = referenceStep(
            layer,
            x,
            targets,
            name === 'cosine' ? referenceCosine : referenceContrastive(0.05),
          );

          // Three rows more than examples, as in the last batch of an epoch.
          const batch = n + 3;
          const width = inputWidth(dIn);
          const padded = new Float32Array(batch * width);
          for (let i = 0; i < n; i++) {
            padded.set(row(x, i, dIn), i * width);
            padded[i * width + dIn] = 1;
          }
          const paddedTargets = new Float32Array(batch * k * dOut);
          paddedTargets.set(targets);
          const weights = uploadWeights(layer);
          const [loss, gradient] = tidy(() => {
            const inputs = tensor2d(padded, [batch, width]);
            const output = forward(weights, inputs);
            const share = tensor2d(new Float32Array(batch).fill(1 / n, 0, n), [batch, 1]);
            const target = tensor(paddedTargets, name === 'cosine' ? [batch, dOut] : [batch, k, dOut]);
            const measured = (name === 'cosine' ? cosineLoss : contrastiveLoss(0.05))(output.unit, target, share);
            return [measured.loss, backward(inputs, output, measured.gradient)];
          });
          const actual = await downloadWeights(gradient, dIn);
          const [lossValue = NaN] = await loss.data<'float32'>();
          for (const used of [weights, loss, gradient]) used.dispose();
          const error = Math.max(
            relativeError(actual.weight, expected.weight),
            relativeError(actual.bias, expected.bias),
          );
          expect(error).toBeLessThan(GRADIENT_TOLERANCE);
          expect(Math.abs(lossValue - expected.loss) / expected.loss).toBeLessThan(GRADIENT_TOLERANCE);
        });
      }
    }
  });

  test('AdamW follows its formula in float64 over steps of changing rate', async () => {
    await open();
    const random = new Random(3);
    const p = Float64Array.from(normals(random, 12));
    const [m, v] = [new Float64Array(12), new Float64Array(12)];
    const optimizer = new AdamW(tensor2d(Float32Array.from(p), [3, 4]), 0.1);
    for (const [i, rate] of [0, 0.1, 0.05, 0.2, 0.01].entries()) {
      const gradient = normals(random, 12);
      const uploaded: Tensor2D = tensor2d(gradient.slice(), [3, 4]);
      optimizer.step(uploaded, rate);
      uploaded.dispose();
      for (const [j, g] of gradient.entries()) {
        m[j] = 0.9 * m[j]! + 0.1 * g;
        v[j] = 0.999 * v[j]! + 0.001 * g * g;
        const direction = m[j] / (1 - 0.9 ** (i + 1)) / (Math.sqrt(v[j] / (1 - 0.999 ** (i + 1))) + 1e-8);
        p[j] = p[j]! * (1 - rate * 0.1) - rate * direction;
      }
      expect(relativeError(await optimizer.weights.data<'float32'>(), p)).toBeLessThan(1e-5);
    }
    optimizer.dispose();
  });

  test('alignment finds a linear map again, reports every epoch, and leaves no tensor behind', async () => {
    const backend = await open();
    const texts = linearTexts(400, 16, 8);
    const seen: EpochProgress[] = [];
    const before = memory().numTensors;
    const adapter = await alignEra({
      backend,
      ...texts,
      epochs: 40,
      learningRate: 0.02,
      batchSize: 64,
      onEpoch: (progress) => seen.push(progress),
    });
    expect(memory().numTensors).toBe(before);
    expect(seen.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(seen.every(({ epochs }) => epochs === 40)).toBe(true);
    expect(seen.at(-1)!.validationLoss).toBeLessThan(0.01);
    expect(seen.at(-1)!.loss).toBeLessThan(seen[0]!.loss);
    const mapped = applyAdapter(adapter, texts.x);
    expect(dot(mapped, texts.y) / 400).toBeGreaterThan(0.99);
    expect(adapter).toMatchObject({
      path: 'remote',
      from: ['large'],
      to: 'small',
      dIn: 16,
      dOut: 8,
      provenance: { method: 'era-align', seed: '42' },
    });
  });

  test('the same seed gives the same map, another seed another', async () => {
    const backend = await open();
    const run = (seed: number): Promise<LinearAdapter> =>
      alignEra({ backend, ...linearTexts(50, 6, 4), epochs: 2, batchSize: 16, seed });
    const first = await run(1);
    expect((await run(1)).weight).toEqual(first.weight);
    expect((await run(2)).weight).not.toEqual(first.weight);
  });

  test('adaptation over two tasks lowers the validation loss and keeps the best epoch', async () => {
    const backend = await open();
    const seen: EpochProgress[] = [];
    const before = memory().numTensors;
    const tasks = [labelledTask(1), labelledTask(2)];
    const adapter = await adaptEra({
      backend,
      tasks,
      start: start(),
      epochs: 20,
      learningRate: 0.1,
      batchSize: 64,
      patience: 5,
      onEpoch: (progress) => seen.push(progress),
    });
    expect(memory().numTensors).toBe(before);
    const losses = seen.map(({ validationLoss }) => validationLoss!);
    const best = Math.min(...losses);
    expect(best).toBeLessThan(0.7 * losses[0]!);
    expect(adapter.provenance).toMatchObject({
      bestEpoch: String(losses.indexOf(best) + 1),
      epochsRun: String(losses.length),
      trainingQueries: '60',
      validationQueries: '20',
    });
  });

  test('early stopping ends after `patience` epochs without gain and gives back the weights of the best', async () => {
    const backend = await open();
    const losses: number[] = [];
    // Validation uses other passages than training, so it soon gets worse. Negatives are mined with separate vectors,
    // so that both runs below have the same ones.
    const { documents, training, validation } = labelledTask(1);
    const astray = validation.positives.map(([id]) => [id! + 10]);
    const options = {
      backend,
      tasks: [
        {
          documents,
          training: withLocal(training, documents),
          validation: withLocal({ ...validation, positives: astray }, documents),
        },
      ],
      mineWith: 'local' as const,
      learningRate: 0.1,
      batchSize: 32,
      warmUpShare: 0,
    };
    const adapter = await adaptEra({
      ...options,
      start: start(),
      epochs: 40,
      patience: 3,
      onEpoch: ({ validationLoss }) => losses.push(validationLoss!),
    });
    const best = Math.min(...losses);
    expect(losses.length).toBeLessThan(40);
    expect(losses.length).toBe(losses.indexOf(best) + 1 + 3);
    expect(losses.at(-1)).toBeGreaterThan(best);
    const again: number[] = [];
    await adaptEra({
      ...options,
      start: adapter,
      learningRate: 0,
      epochs: 1,
      onEpoch: ({ validationLoss }) => again.push(validationLoss!),
    });
    expect(again[0]).toBeCloseTo(best, 5);
  });

  test('a run that goes on from any checkpoint ends with the same weights, to the bit', async () => {
    const backend = await open();
    const before = memory().numTensors;
    const texts = { ...linearTexts(50, 6, 4), epochs: 3, batchSize: 32 };
    const task = labelledTask(1);
    const labels = {
      tasks: [task],
      start: start(),
      epochs: 5,
      learningRate: 0.1,
      batchSize: 32,
      patience: 3,
      warmUpShare: 0,
    };
    const runs = [
      (extra: Resuming) => alignEra({ backend, ...texts, ...extra }),
      (extra: Resuming) => adaptEra({ backend, ...labels, ...extra }),
    ];
    const files: Uint8Array<ArrayBuffer>[] = [];
    for (const run of runs) {
      files.length = 0;
      const unbroken = await run({ checkpointMs: 0, onCheckpoint: (state) => files.push(writeCheckpoint(state)) });
      expect(files.length).toBeGreaterThanOrEqual(2);
      for (const file of [files[0]!, files.at(-1)!]) {
        const seen: number[] = [];
        const { state } = readCheckpoint(file);
        const resumed = await run({ resume: state, onEpoch: ({ epoch }) => seen.push(epoch) });
        expect(seen[0]).toBe(state.epoch + 1);
        expect(resumed).toEqual(unbroken);
      }
    }
    const { state } = readCheckpoint(files[0]!);
    await expect(runs[0]!({ resume: state })).rejects.toMatchObject({ code: 'dimension-mismatch' });
    await expect(runs[1]!({ resume: { ...state, epoch: 6 } })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(memory().numTensors).toBe(before);
  });

  test('cancelling rejects with the reason of the signal and leaves no tensor behind', async () => {
    const backend = await open();
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const before = memory().numTensors;
    const run = alignEra({
      backend,
      ...linearTexts(100, 6, 4),
      epochs: 1000,
      signal: controller.signal,
      onEpoch: ({ epoch }) => {
        seen.push(epoch);
        if (epoch === 3) controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(seen).toEqual([1, 2, 3]);
    expect(memory().numTensors).toBe(before);
  });

  test('a timer can cancel a run that never waits for anything else', async () => {
    const backend = await open();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await expect(
      alignEra({ backend, ...linearTexts(100, 6, 4), epochs: 1_000_000, signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a loss that is not a number is an error and leaves the start as it was', async () => {
    const backend = await open();
    const adapter = start();
    const weight = adapter.weight.slice();
    const before = memory().numTensors;
    await expect(
      adaptEra({ backend, tasks: [labelledTask(1)], start: adapter, learningRate: Infinity, epochs: 30 }),
    ).rejects.toMatchObject({ code: 'not-finite' });
    expect(adapter.weight).toEqual(weight);
    expect(memory().numTensors).toBe(before);
  });
}

type Resuming = Pick<AlignEraOptions, 'resume' | 'onCheckpoint' | 'checkpointMs' | 'onEpoch'>;

/** Adds query vectors in the document space, equal to the positives. */
function withLocal(queries: EraQueries, documents: QuantizedVectors): EraQueries {
  const local = dequantizeRows(
    documents,
    queries.positives.map(([id]) => id!),
  );
  normalizeRows(local, documents.dims);
  return { ...queries, local };
}

/** Largest difference, relative to the largest expected number. */
function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [error, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return error / largest;
}
