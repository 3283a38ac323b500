import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { describeTrainer } from '../adapter/trainer.contract.ts';
import { EraError } from '../errors.ts';
import { openTrainingBackend } from './backend.ts';
import { linearTexts } from './era.contract.ts';
import { eraCase } from './trainer-case.fixture.ts';
import { eraTrainer } from './trainer.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);

describe('era on cpu', () => describeTrainer(eraCase(() => openTrainingBackend({ device: 'cpu' }))));
describe('era on wasm', () => describeTrainer(eraCase(() => openTrainingBackend({ device: 'wasm', wasmFile }))));

describe('the backend', () => {
  const pairs = { ...linearTexts(20, 6, 4), path: 'remote' } as const;
  const to = { model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 4 } as const;
  const input = { pairs, to, documents: null, paths: ['remote'] } as const;

  test('is opened on first use and then kept; after a failure it is opened again', async () => {
    let opened = 0;
    const trainer = eraTrainer(
      () =>
        ++opened === 1 ? Promise.reject(new EraError('model-load', 'no file')) : openTrainingBackend({ device: 'cpu' }),
      { align: { epochs: 1 } },
    );
    expect(opened).toBe(0);
    await expect(trainer.align(input, { seed: 1 })).rejects.toMatchObject({ code: 'model-load' });
    expect((await trainer.align(input, { seed: 1 })).remote).toMatchObject({ device: 'cpu', applied: true });
    await trainer.align(input, { seed: 1 });
    expect(opened).toBe(2);
  });

  test('is opened again after its GPU was lost, and kept after any other failure', async () => {
    let opened = 0;
    let isLost = true;
    const trainer = eraTrainer(
      async () => {
        opened++;
        const backend = await openTrainingBackend({ device: 'cpu' });
        return {
          ...backend,
          guard: (work) =>
            work().catch((cause: unknown) => {
              throw isLost ? new EraError('gpu-lost', 'gone', { cause }) : cause;
            }),
        };
      },
      { align: { epochs: 2 } },
    );
    const failing = {
      seed: 1,
      onProgress: () => {
        throw new Error('broken');
      },
    };
    await expect(trainer.align(input, failing)).rejects.toMatchObject({ code: 'gpu-lost' });
    isLost = false;
    await expect(trainer.align(input, failing)).rejects.toThrow('broken');
    expect(opened).toBe(2);
    await trainer.align(input, { seed: 1 });
    expect(opened).toBe(2);
  });

  test('without a remote model there is nothing to align, and other paths are refused', async () => {
    const trainer = eraTrainer(() => Promise.reject(new Error('not needed')));
    await expect(trainer.align({ ...input, pairs: null }, { seed: 1 })).rejects.toMatchObject({ code: 'no-encoder' });
    expect(await trainer.align({ ...input, paths: ['local', 'both'] }, { seed: 1 })).toEqual({});
  });
});
