// The scanner with a real GPU: used when it computes correctly, refused when it does not, replaced when it is lost.

import { expect, test } from 'vitest';
import { dequantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { row } from '../math/vector.ts';
import { openJs } from './js.ts';
import { openChain, openScanner, type Candidate } from './open-scanner.ts';
import { createRanker } from './rank-many.ts';
import type { ScanHits } from './scan.ts';
import { randomVectors } from './scan.contract.ts';
import { openWasm } from './wasm.ts';
import { openWebGpu } from './webgpu.ts';
import { requestGpuDevice } from './webgpu/device.ts';

const DIMS = 64;
const vectors = randomVectors(3000, DIMS, 1);
const queries = dequantizeRows(randomVectors(4, DIMS, 2));
const query = row(queries, 0, DIMS);
const wasm: Candidate = { kind: 'wasm', open: openWasm };

async function answerOfJs(asked: Float32Array, k: number): Promise<ScanHits> {
  return (await openChain(vectors, [{ kind: 'js', open: openJs }])).search(asked, k);
}

test('WebGPU asked for is used, and answers as the other two do', async () => {
  const scanner = await openScanner(vectors, { backend: 'webgpu' });
  expect(scanner).toMatchObject({ kind: 'webgpu', refused: [] });
  for (const k of [0, 1, 10, 64, 65, 3000])
    expect(await scanner.search(query, k), `k = ${String(k)}`).toEqual(await answerOfJs(query, k));
  expect(scanner.bytesLive).toBeGreaterThan(3000 * DIMS);
  scanner.dispose();
  expect(scanner.bytesLive).toBe(0);
});

test('a GPU lost during queries: all answers come from WASM and are the same', async () => {
  const device = await requestGpuDevice();
  const scanner = await openChain(vectors, [
    { kind: 'webgpu', open: (rows: QuantizedVectors) => openWebGpu(rows, { device }) },
    wasm,
  ]);
  expect(scanner.kind).toBe('webgpu');
  const pending = [0, 1, 2, 3].map((i) => scanner.search(row(queries, i, DIMS), 10));
  device.destroy();
  const answers = await Promise.all(pending);
  expect(answers).toEqual(await Promise.all([0, 1, 2, 3].map((i) => answerOfJs(row(queries, i, DIMS), 10))));
  expect(scanner.kind).toBe('wasm');
  expect(scanner.refused).toEqual([{ device: 'webgpu', reason: expect.any(String) as string }]);
  expect(await scanner.search(query, 10)).toEqual(answers[0]);
  scanner.dispose();
  expect(scanner.bytesLive).toBe(0);
});

test('a wrong shader is refused by the self-test', async () => {
  const device = await requestGpuDevice();
  const create = device.createShaderModule.bind(device);
  let spoilt = 0;
  device.createShaderModule = (descriptor) => {
    const code = descriptor.code.replace('f32(sum) * scale', 'f32(sum)');
    if (code !== descriptor.code) spoilt++;
    return create({ ...descriptor, code });
  };
  const scanner = await openChain(vectors, [
    { kind: 'webgpu', open: (rows: QuantizedVectors) => openWebGpu(rows, { device }) },
    wasm,
  ]);
  expect(spoilt).toBe(1);
  expect(scanner.kind).toBe('wasm');
  expect(scanner.refused).toEqual([{ device: 'webgpu', reason: expect.stringContaining('another result') as string }]);
  expect(await scanner.search(query, 10)).toEqual(await answerOfJs(query, 10));
  device.destroy();
});

test('auto leaves a small index to WASM', async () => {
  const scanner = await openScanner(vectors);
  expect(scanner).toMatchObject({ kind: 'wasm', refused: [] });
  scanner.dispose();
});

test('the ranker runs in a page', async () => {
  const ranker = createRanker(vectors);
  expect(ranker.kind).toBe('wasm');
  const { rows } = await ranker.rank(queries, 10);
  expect(rows.subarray(0, 10)).toEqual((await answerOfJs(query, 10)).rows);
});
