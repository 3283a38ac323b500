// All backends learn the same map: the same two trainings on the plain CPU and on another backend, and twice on that
// one.

import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { applyAdapter, type LinearAdapter } from '../adapter/adapter.ts';
import { adaptEra } from './adapt.ts';
import { alignEra } from './align.ts';
import { openTrainingBackend, type TrainingBackend } from './backend.ts';
import { labelledTask, linearTexts } from './era.contract.ts';
import { randomAdapter } from './random-adapter.ts';

/**
 * Largest difference of any number of the unit vectors that two backends' maps give for the same queries, after about
 * 40 steps of AdamW in each stage. Each backend adds in its own order in float32, and Adam's division by |g| enlarges
 * the difference where a gradient is near zero. Measured against the CPU: 3e-7 with WASM and with WebGPU on
 * SwiftShader.
 */
const TOLERANCE = 1e-5;

const texts = linearTexts(600, 40, 24);
const tasks = [labelledTask(1), labelledTask(2)];
const start = randomAdapter({ path: 'remote', from: ['large'], to: 'small', dIn: 12, dOut: 8 }, new Random(5));

type Learned = Record<'aligned' | 'adapted', LinearAdapter>;

async function learn(
  backend: TrainingBackend,
  watch: { readonly signal?: AbortSignal; readonly onEpoch?: () => void } = {},
): Promise<Learned> {
  const aligned = await alignEra({ backend, ...texts, epochs: 4, learningRate: 0.01, batchSize: 64, ...watch });
  const adapted = await adaptEra({
    backend,
    tasks,
    start,
    epochs: 20,
    learningRate: 0.02,
    batchSize: 32,
    patience: 30,
    ...watch,
  });
  return { aligned, adapted };
}

function largestDifference(a: Learned, b: Learned): number {
  const outputs = ({ aligned, adapted }: Learned): number[] => [
    ...applyAdapter(aligned, texts.x),
    ...applyAdapter(adapted, tasks[0]!.training.x),
  ];
  const other = outputs(b);
  return outputs(a).reduce((most, v, at) => Math.max(most, Math.abs(v - other[at]!)), 0);
}

export function sameMapContract(open: () => Promise<TrainingBackend>): void {
  test('learns the same map as the CPU within the tolerance, and twice the same bits', async () => {
    const expected = await learn(await openTrainingBackend({ device: 'cpu' }));
    const backend = await open();
    const before = memory().numTensors;
    const first = await learn(backend);
    const second = await learn(backend);
    expect(memory().numTensors).toBe(before);
    expect(second).toEqual(first);
    expect(largestDifference(first, expected)).toBeLessThan(TOLERANCE);
  });

  test('cancelled after any epoch of both stages it rejects with the reason before another one ends, and leaves no tensor behind', async () => {
    const backend = await open();
    const before = memory().numTensors;
    for (const last of [1, 3, 4, 5, 12]) {
      const control = new AbortController();
      const reason = new Error(`after epoch ${last}`);
      let epochs = 0;
      const onEpoch = (): void => {
        if (++epochs === last) control.abort(reason);
      };
      await expect(learn(backend, { signal: control.signal, onEpoch })).rejects.toBe(reason);
      expect(epochs).toBe(last);
      expect(memory().numTensors).toBe(before);
    }
  });
}
