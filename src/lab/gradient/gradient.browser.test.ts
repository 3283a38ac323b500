import { square, sum } from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import { openTrainingBackend, type TrainingBackend } from '../../era/backend.ts';
import { fitByGradient } from './fit.ts';
import { gradientContract } from './gradient.contract.ts';

describe('webgpu', () => {
  let shared: Promise<TrainingBackend> | undefined;
  gradientContract(() => (shared ??= openTrainingBackend({ device: 'webgpu' })));

  test('a GPU lost while training is `gpu-lost`', async () => {
    const requests = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    const backend = await openTrainingBackend({ device: 'webgpu' });
    const device = (await requests.mock.results[0]!.value) as GPUDevice;
    const run = fitByGradient({
      backend,
      parameters: [{ name: 'p', value: new Float32Array(3), shape: [3] }],
      loss: ([p]) => sum(square(p!)),
      steps: 1000,
      learningRate: () => 0.1,
      onStep: ({ step }) => {
        if (step === 2) device.destroy();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'gpu-lost' });
  });
});
