// Ranking many queries with products on a real WebGPU adapter: the same lists as without one, whatever happens to it.

import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { dequantizeRows, quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { bestRows } from '../math/best-rows.ts';
import type { RowDots } from '../math/row-dots.ts';
import { row } from '../math/vector.ts';
import { openRanker } from './open-ranker.ts';
import { createRanker } from './rank-many.ts';
import { randomVectors } from './scan.contract.ts';
import { requestGpuDevice } from './webgpu/device.ts';
import { dotsShader } from './webgpu/dots-shader.ts';
import { checkGpuDots } from './webgpu/open-row-dots.ts';
import { createDotsPipeline, GpuDots } from './webgpu/row-dots.ts';

/** Rows in clusters, some alike, some zero: many scores are close to each other or equal. */
function clustered(count: number, dims: number): QuantizedVectors {
  const random = new Random(5);
  const centres = Array.from({ length: 6 }, () => Array.from({ length: dims }, () => random.normal()));
  return quantizeRows(
    Float32Array.from({ length: count * dims }, (_, at) => {
      const i = Math.floor(at / dims);
      const spread = i % 10 === 0 ? 0 : 0.05;
      return i % 50 === 49 ? 0 : centres[i % 6]![at % dims]! + spread * random.normal();
    }),
    dims,
  );
}

// Fewer rows than a group, one group more than a block of the GPU, numbers that are no multiple of four.
test.each([
  ['random', randomVectors(3, 8, 1), 5],
  ['random', randomVectors(4100, 33, 1), 70],
  ['random', randomVectors(1000, 384, 1), 300],
  ['clustered', clustered(2000, 30), 40],
  ['clustered', clustered(4097, 5), 9],
])('%s vectors: the rankings are those of exact products', async (_, vectors, m) => {
  const queries = dequantizeRows(vectors.scales.length < m ? randomVectors(m, vectors.dims, 2) : vectors).subarray(
    0,
    m * vectors.dims,
  );
  const ranker = await openRanker(vectors, 'always');
  expect(ranker).toMatchObject({ kind: 'webgpu', dots: { refused: [] } });
  for (const k of [1, 10, 150])
    expect(await ranker.rank(queries, k)).toEqual(await createRanker(vectors).rank(queries, k));
  expect(ranker.kind).toBe('webgpu');
  ranker.dispose();
});

test('centred views of queries rank as with exact products', async () => {
  const vectors = clustered(3000, 24);
  const queries = Float64Array.from(dequantizeRows(vectors).subarray(0, 50 * 24));
  const views = [0, 0.4, 0.9].map((share) => ({ share, factors: new Float64Array(50).fill(0.7) }));
  const ranker = await openRanker(vectors, 'always');
  const lists = async (dots = ranker.dots): Promise<unknown> =>
    (await bestRows(vectors, queries, 10, views, { dots })).map((best) => best.map((own) => own.sorted()));
  expect(await lists()).toEqual(await lists((await openRanker(vectors, 'never')).dots));
  ranker.dispose();
});

test('by default a software adapter is left alone, with the reason', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const ranker = await openRanker(randomVectors(100, 16, 1));
  if (adapter!.info.isFallbackAdapter)
    expect(ranker).toMatchObject({
      kind: 'wasm',
      dots: { refused: [{ device: 'webgpu', reason: 'The WebGPU adapter is software.' }] },
    });
  ranker.dispose();
});

test('a GPU that is not faster is let go, with both times', async () => {
  const vectors = randomVectors(50, 16, 1);
  const device = await requestGpuDevice();
  let disposed = 0;
  const ranker = await openRanker(vectors, 'auto', async () => {
    const dots = await GpuDots.open(device, await createDotsPipeline(device), vectors);
    const slow = { ...exactLike(dots), ask: slowly(dots) };
    return { dots: slow, lost: dots.lost, dispose: () => disposed++ };
  });
  expect(ranker.kind).toBe('wasm');
  expect(ranker.dots.refused[0]!.reason).toMatch(/^A ranking takes [\d.]+ ms there and [\d.]+ ms here\.$/);
  expect(disposed).toBe(1);
  device.destroy();
});

const exactLike = ({ kind, refused, blockRows, error }: GpuDots): Omit<RowDots, 'ask'> => ({
  kind,
  refused,
  blockRows,
  error,
});
const slowly =
  (dots: GpuDots): GpuDots['ask'] =>
  (queries) => {
    const asked = dots.ask(queries);
    return {
      ...asked,
      block: async (first, end) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return asked.block(first, end);
      },
    };
  };

test('a GPU that is lost in between gives the same lists, and says where they are made from then on', async () => {
  const vectors = randomVectors(9000, 32, 1);
  const queries = dequantizeRows(randomVectors(100, 32, 2));
  const device = await requestGpuDevice();
  const ranker = await openRanker(vectors, 'always', async () => {
    const dots = await GpuDots.open(device, await createDotsPipeline(device), vectors);
    return { dots, lost: dots.lost, dispose: () => dots.dispose() };
  });
  expect(ranker.kind).toBe('webgpu');
  const pending = ranker.rank(queries, 10);
  device.destroy();
  const expected = await createRanker(vectors).rank(queries, 10);
  expect(await pending).toEqual(expected);
  expect(await ranker.rank(queries, 10)).toEqual(expected);
  expect(ranker.kind).toBe('wasm');
  expect(ranker.dots.refused[0]).toMatchObject({ device: 'webgpu', reason: expect.stringContaining('lost') as string });
});

test('products are within the error that is stated, and their memory is released', async () => {
  const device = await requestGpuDevice();
  const vectors = randomVectors(100, 384, 3);
  const numbers = dequantizeRows(vectors);
  const dots = await GpuDots.open(device, await createDotsPipeline(device), vectors);
  const atRest = dots.bytesLive;
  const queries = Float64Array.from(dequantizeRows(randomVectors(9, 384, 4)));
  const asked = dots.ask(queries);
  const products = await asked.block(0, 100);
  asked.close();
  expect(dots.bytesLive).toBe(atRest);
  expect(products).toHaveLength(900);
  products.forEach((product, at) => {
    const query = queries.subarray(Math.floor(at / 100) * 384, (Math.floor(at / 100) + 1) * 384);
    let sum = 0;
    row(numbers, at % 100, 384).forEach((v, j) => (sum += v * query[j]!));
    expect(Math.abs(product - sum)).toBeLessThanOrEqual(dots.error * Math.hypot(...query));
  });
  dots.dispose();
  expect(dots.bytesLive).toBe(0);
  device.destroy();
});

test.each([
  [
    'takes bytes without their sign',
    '<< vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u)',
    '>> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<i32>(255)',
  ],
  ['takes the bytes in another order', 'vec4<u32>(24u, 16u, 8u, 0u)', 'vec4<u32>(16u, 24u, 8u, 0u)'],
  ['leaves out the last column', 'column < block.columns', 'column + 1u < block.columns'],
  ['takes a row twice', 'let d = numbers(words.w)', 'let d = numbers(words.z)'],
  ['takes the same query for a group', '(query + i) * block.columns + column', 'query * block.columns + column'],
  ['takes the same column of the query', '* block.columns + column]', '* block.columns]'],
  ['takes the codes row by row', 'column * block.rowGroups + rows', 'rows * block.columns + column'],
  ['keeps the last column alone', 'sums[i] += vec4', 'sums[i] = vec4'],
  ['mixes rows of a group', 'dot(a, q), dot(b, q)', 'dot(b, q), dot(a, q)'],
  ['forgets the scale', 'sums[i] * scales[rows]', 'sums[i] * max(scales[rows], vec4<f32>(1))'],
  ['takes the scales of the first rows', 'sums[i] * scales[rows]', 'sums[i] * scales[0]'],
  ['takes the scale of one row for its group', 'sums[i] * scales[rows]', 'sums[i] * scales[rows].x'],
  ['computes the first workgroup of rows alone', 'rows >= block.rowGroups', 'rows >= min(block.rowGroups, 16u)'],
  [
    'computes the first workgroup of queries',
    'thread.y >= block.queryGroups',
    'thread.y >= min(block.queryGroups, 4u)',
  ],
  ['stores queries over each other', 'dots[(query + i) * block.rowGroups', 'dots[query * block.rowGroups'],
  ['stores a group elsewhere', 'block.rowGroups + rows] = sums', 'block.rowGroups + (rows ^ 1u)] = sums'],
  ['computes in half the precision', 'sums[i] * scales[rows]', 'quantizeToF16(sums[i] * scales[rows])'],
])('a shader that %s is not used', async (_, right, wrong) => {
  expect(dotsShader).toContain(right);
  const device = await requestGpuDevice();
  const pipeline = await createDotsPipeline(device, dotsShader.replace(right, wrong));
  await expect(checkGpuDots(device, pipeline)).rejects.toMatchObject({ code: 'self-test-failed' });
  device.destroy();
});
