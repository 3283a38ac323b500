// Labels learned from with queries ranked on a real WebGPU adapter: the same decision and the same adapter, bit by bit.

import { expect, test } from 'vitest';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { normalizeRows, row } from '../math/vector.ts';
import { openRanker, type OpenedRanker } from '../scan/open-ranker.ts';
import { requestGpuDevice } from '../scan/webgpu/device.ts';
import { createDotsPipeline, GpuDots } from '../scan/webgpu/row-dots.ts';
import { closedFormTrainer } from './closed-form-trainer.ts';
import { identityAdapter } from './initial.ts';
import type { Trained } from './trainer.ts';

const [DIMS, PASSAGES, QUERIES] = [32, 5000, 60];
const random = new Random(3);
const documents = Float32Array.from({ length: PASSAGES * DIMS }, () => random.normal());
normalizeRows(documents, DIMS);
const vectors = quantizeRows(documents, DIMS);
/** Query i is about passage 2i, with pairs of its numbers swapped. */
const x = Float32Array.from(
  { length: QUERIES * DIMS },
  (_, at) => row(documents, 2 * Math.floor(at / DIMS), DIMS)[(at % DIMS) ^ 1]! + 0.05 * random.normal(),
);
normalizeRows(x, DIMS);

function adapt(ranker: OpenedRanker, onStep?: (step: number) => void): Promise<Trained> {
  const start = identityAdapter({
    model: 'small',
    revision: 'main',
    dtype: 'q8',
    pooling: 'mean',
    prompt: '',
    dims: DIMS,
  });
  return closedFormTrainer.adapt(
    {
      start,
      inUse: start,
      training: { x, relevant: Array.from({ length: QUERIES }, (_, i) => new Map([[2 * i, 1]])) },
      validation: { x: new Float32Array(), relevant: [] },
      documents: vectors,
      rank: ranker.rank,
      dots: ranker.dots,
    },
    { seed: 42, onProgress: ({ step }) => onStep?.(step) },
  );
}

test('with queries ranked on a GPU the adapter is the same, also when the GPU is lost in between', async () => {
  const { device, refused, ...expected } = await adapt(await openRanker(vectors, 'never'));
  expect([device, refused, expected.decision]).toEqual(['wasm', [], 'applied']);

  const gpu = await requestGpuDevice();
  const ranker = await openRanker(vectors, 'always', async () => {
    const dots = await GpuDots.open(gpu, await createDotsPipeline(gpu), vectors);
    return { dots, lost: dots.lost, dispose: () => dots.dispose() };
  });
  expect(await adapt(ranker)).toEqual({ ...expected, device: 'webgpu', refused: [] });

  const lost = await adapt(ranker, (step) => (step === 20 ? gpu.destroy() : undefined));
  expect(lost).toMatchObject({ ...expected, device: 'wasm' });
  expect(lost.refused).toMatchObject([{ device: 'webgpu', reason: expect.stringContaining('lost') as string }]);
});
