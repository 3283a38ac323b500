// All three backends in a real browser, the GPU one on a real WebGPU adapter with each variant of the shader.

import { expect, onTestFinished, test } from 'vitest';
import { openJs } from './js.ts';
import { rankBySorting, randomQuery, randomVectors, scanContract, type OpenBackend } from './scan.contract.ts';
import { hasRelaxedSimd, openWasm, PLAIN, RELAXED } from './wasm.ts';
import { openWebGpu, type WebGpuOptions } from './webgpu.ts';
import { gpuFacts, hasPackedDot, requestGpuDevice } from './webgpu/device.ts';
import { packBlocks, segmentRows } from './webgpu/segments.ts';

/** A device for one test, with error scopes around everything that the test does. */
async function deviceOfTest(): Promise<GPUDevice> {
  const device = await requestGpuDevice();
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  onTestFinished(async () => {
    expect(await device.popErrorScope()).toBeNull();
    expect(await device.popErrorScope()).toBeNull();
    device.destroy();
  });
  return device;
}

const onOwnDevice =
  (options: WebGpuOptions): OpenBackend =>
  async (vectors) =>
    openWebGpu(vectors, { ...options, device: await deviceOfTest() });

test('the browser has a WebGPU adapter and both shader variants', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
  const { vendor, architecture, isFallbackAdapter } = adapter!.info;
  console.log(`backend=webgpu(${vendor} ${architecture}${isFallbackAdapter ? ', software' : ''})`);
  expect(hasPackedDot()).toBe(true);
  expect(await gpuFacts()).toEqual({
    name: expect.stringContaining(vendor) as string,
    refusal: isFallbackAdapter ? (expect.any(String) as string) : null,
  });
});

scanContract('JS', openJs, false);
test('the browser has relaxed SIMD', () => {
  expect(hasRelaxedSimd()).toBe(true);
});

scanContract('WASM', (vectors) => openWasm(vectors, PLAIN), true);
scanContract('WASM with relaxed SIMD', (vectors) => openWasm(vectors, RELAXED), true);
scanContract('WebGPU with the packed dot product', onOwnDevice({ packedDot: true }), true);
scanContract('WebGPU with the unpacked dot product', onOwnDevice({ packedDot: false, mostCollected: 64 }), true);
scanContract('WebGPU with a segment for each 64 rows', onOwnDevice({ segmentBytes: 1, mostCollected: 600 }), true);

test('of 20 000 rows those are read back that may be among the best, or all', async () => {
  const vectors = randomVectors(20_000, 16, 1);
  const alike = { ...vectors, codes: vectors.codes.map((_, i) => vectors.codes[i % 16]!) };
  const read: number[] = [];
  for (const own of [vectors, { ...alike, scales: vectors.scales.map(() => 0.5) }]) {
    const device = await deviceOfTest();
    const backend = await openWebGpu(own, { device });
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      if (descriptor.label === 'staging') read.push(descriptor.size);
      return create(descriptor);
    };
    for (const k of [1, 104, 4000, 9000])
      expect(await backend.topK(randomQuery(16, 2), k)).toEqual(rankBySorting(own, randomQuery(16, 2), k));
    backend.dispose();
    expect(backend.bytesLive).toBe(0);
  }
  const [some, all] = [4 + 16_384 * 8, 20_000 * 8];
  expect(read).toEqual([some, some, some, all, some, all, some, all, some, all, all]);
});

test('counts the memory of a query and releases it', async () => {
  const backend = await openWebGpu(randomVectors(500, 32, 1), { device: await deviceOfTest() });
  const atRest = backend.bytesLive;
  const answer = backend.topK(randomQuery(32, 2), 10);
  expect(backend.bytesLive).toBe(atRest + 500 * 8);
  await answer;
  expect(backend.bytesLive).toBe(atRest);
  backend.dispose();
  expect(backend.bytesLive).toBe(0);
});

test('rejects pending and later calls when the device is lost, and has no memory then', async () => {
  const device = await requestGpuDevice();
  const backend = await openWebGpu(randomVectors(2000, 64, 1), { device });
  const pending = [backend.topK(randomQuery(64, 2), 10), backend.topK(randomQuery(64, 3), 300)];
  device.destroy();
  for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'gpu-lost' });
  await device.lost;
  await expect(backend.topK(randomQuery(64, 2), 1)).rejects.toMatchObject({ code: 'gpu-lost' });
  expect(backend.bytesLive).toBe(0);
  backend.dispose();
});

test('rejects pending calls with closed when it is disposed of', async () => {
  const backend = await openWebGpu(randomVectors(2000, 64, 1));
  const pending = backend.topK(randomQuery(64, 2), 10);
  backend.dispose();
  await expect(pending).rejects.toMatchObject({ code: 'closed' });
  expect(backend.bytesLive).toBe(0);
});

test('rejects a pending call when it is disposed of, also where the driver never answers', async () => {
  const device = await deviceOfTest();
  const create = device.createBuffer.bind(device);
  const asked = new Promise<void>((resolve) => {
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      if (descriptor.label !== 'staging') return buffer;
      const silent = (): Promise<never> => {
        resolve();
        return new Promise(() => undefined);
      };
      return Object.assign(buffer, { mapAsync: silent });
    };
  });
  const backend = await openWebGpu(randomVectors(200, 16, 1), { device });
  const pending = backend.topK(randomQuery(16, 2), 10);
  await asked;
  backend.dispose();
  await expect(pending).rejects.toMatchObject({ code: 'closed' });
});

test('says no-webgpu when the device refuses a buffer', async () => {
  const device = await requestGpuDevice();
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) =>
    create(descriptor.label === 'codes' ? { ...descriptor, size: device.limits.maxBufferSize + 4 } : descriptor);
  await expect(openWebGpu(randomVectors(64, 16, 1), { device })).rejects.toMatchObject({ code: 'no-webgpu' });
  device.destroy();
});

test('says gpu-memory when the device reports that memory ran out', async () => {
  const device = await requestGpuDevice();
  const pop = device.popErrorScope.bind(device);
  // Only the reported limit is changed: a software adapter has all the memory of the machine.
  let outOfMemory = false;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    outOfMemory = true;
    return create(descriptor);
  };
  device.popErrorScope = async () => {
    const error = await pop();
    return outOfMemory ? new GPUOutOfMemoryError('out of memory') : error;
  };
  await expect(openWebGpu(randomVectors(64, 16, 1), { device })).rejects.toMatchObject({ code: 'gpu-memory' });
  device.destroy();
});

test('says no-webgpu for a shader that does not compile', async () => {
  const device = await requestGpuDevice();
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) =>
    create({ ...descriptor, code: descriptor.code.replace('fn score', 'fun score') });
  await expect(openWebGpu(randomVectors(64, 16, 1), { device })).rejects.toMatchObject({ code: 'no-webgpu' });
  device.destroy();
});

test('a segment is at most 64 MiB of whole blocks and one dispatch', () => {
  expect(segmentRows(384)).toBe(174_720); // 2730 blocks of 24 576 bytes
  expect(segmentRows(1)).toBe(65_535 * 64);
  expect(segmentRows(4096)).toBe(16_384);
  expect(segmentRows(384, 1)).toBe(64);
});

test('blocks are packed column by column, row by row', () => {
  const dims = 18;
  const codes = Int8Array.from({ length: 65 * dims }, (_, i) => i % 101);
  const packed = packBlocks({ codes, scales: new Float32Array(65).fill(1), dims }, 0, 65);
  expect(packed).toHaveLength(2 * 2 * 64 * 16);
  expect(packed[3 * 16 + 5]).toBe(codes[3 * dims + 5]); // row 3, column 0
  expect(packed[(64 + 3) * 16 + 1]).toBe(codes[3 * dims + 17]); // row 3, column 1
  expect(packed[(64 + 3) * 16 + 2]).toBe(0); // after the last dimension
  expect(packed[(2 * 64 + 0) * 16 + 4]).toBe(codes[64 * dims + 4]); // row 64 starts the second block
  expect(packed[(2 * 64 + 1) * 16]).toBe(0); // after the last row
});
