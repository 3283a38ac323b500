import { engine, getBackend } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { alignEra } from './align.ts';
import { openTrainingBackend, type TrainingBackend } from './backend.ts';
import { linearTexts, trainingContract } from './era.contract.ts';
import { bundledWasmFile } from './wasm-file.ts';

describe('wasm', () => trainingContract(() => openTrainingBackend({ device: 'wasm', wasmFile: bundledWasmFile })));

describe('webgpu', () => {
  let shared: Promise<TrainingBackend> | undefined;
  const open = (): Promise<TrainingBackend> =>
    (shared ??= openTrainingBackend({ device: 'webgpu', wasmFile: bundledWasmFile }));

  test('this browser has an adapter and tfjs computes on it', async () => {
    expect(await navigator.gpu.requestAdapter()).not.toBeNull();
    const submits = vi.spyOn(GPUQueue.prototype, 'submit');
    const backend = await open();
    expect(backend).toMatchObject({ kind: 'webgpu', refused: [] });
    expect(getBackend()).toBe('webgpu');
    await alignEra({ backend, ...linearTexts(20, 6, 4), epochs: 1 });
    expect(submits).toHaveBeenCalled();
    submits.mockRestore();
  });

  trainingContract(open);

  test('GPU memory stays level over epochs: batches have one shape', async () => {
    const backend = await open();
    const bytes: number[] = [];
    const gpuBytes = (): number =>
      (engine().memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
    await alignEra({
      backend,
      ...linearTexts(150, 20, 12),
      epochs: 6,
      batchSize: 64,
      onEpoch: () => bytes.push(gpuBytes()),
    });
    expect(bytes[5]).toBeGreaterThan(0);
    expect(bytes[5]).toBe(bytes[2]);
  });
});

describe('the chain', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('auto skips a software adapter and reports it', async () => {
    const backend = await openTrainingBackend({ wasmFile: bundledWasmFile });
    expect(backend.kind).toBe('wasm');
    expect(backend.refused.map(({ device }) => device)).toEqual(['webgpu']);
  });

  test('a GPU that computes wrong is refused by the self-test', async () => {
    const create = Object.getOwnPropertyDescriptor(GPUDevice.prototype, 'createShaderModule')?.value as (
      descriptor: GPUShaderModuleDescriptor,
    ) => GPUShaderModule;
    vi.spyOn(GPUDevice.prototype, 'createShaderModule').mockImplementation(function (this: GPUDevice, descriptor) {
      return create.call(this, { ...descriptor, code: descriptor.code.replaceAll('sqrt(', 'abs(') });
    });
    const backend = await openTrainingBackend({ device: 'webgpu', wasmFile: bundledWasmFile });
    expect(backend.kind).toBe('wasm');
    expect(backend.refused).toMatchObject([{ device: 'webgpu', reason: expect.stringMatching(/./) as string }]);
  });

  test('a GPU lost while training is `gpu-lost`, and another backend can be opened after it', async () => {
    const requests = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    const backend = await openTrainingBackend({ device: 'webgpu', wasmFile: bundledWasmFile });
    const device = (await requests.mock.results[0]!.value) as GPUDevice;
    const run = alignEra({
      backend,
      ...linearTexts(60, 6, 4),
      epochs: 1000,
      onEpoch: ({ epoch }) => epoch === 2 && device.destroy(),
    });
    await expect(run).rejects.toMatchObject({ code: 'gpu-lost' });
    const next = await openTrainingBackend({ device: 'webgpu', wasmFile: bundledWasmFile });
    expect(next.kind).toBe('webgpu');
    await alignEra({ backend: next, ...linearTexts(20, 6, 4), epochs: 1 });
    next.dispose();
  });
});
