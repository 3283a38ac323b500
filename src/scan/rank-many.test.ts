import { expect, test, vi } from 'vitest';
import { dequantizeRows } from '../math/quantize.ts';
import { row } from '../math/vector.ts';
import { openScanner } from './open-scanner.ts';
import { createRanker } from './rank-many.ts';
import { randomVectors } from './scan.contract.ts';

test('ranks every query as the scanner does', async () => {
  const dims = 30;
  const vectors = randomVectors(1200, dims, 1);
  const queries = dequantizeRows(randomVectors(40, dims, 2));
  const ranker = await createRanker(vectors);
  const scanner = await openScanner(vectors);
  expect(ranker.kind).toBe('wasm');
  const { rows, scores } = ranker.rank(queries, 12);
  for (let i = 0; i < 40; i++) {
    const hits = await scanner.search(row(queries, i, dims), 12);
    expect(rows.subarray(i * 12, (i + 1) * 12)).toEqual(hits.rows);
    expect(scores.subarray(i * 12, (i + 1) * 12)).toEqual(hits.scores);
  }
  ranker.dispose();
  expect(ranker.bytesLive).toBe(0);
  expect(() => ranker.rank(queries, 1)).toThrow(expect.objectContaining({ code: 'closed' }));
});

test('a WebAssembly that computes wrongly is not used: plain JavaScript ranks', async () => {
  const dims = 30;
  const vectors = randomVectors(300, dims, 1);
  const queries = dequantizeRows(randomVectors(5, dims, 2));
  const right = await createRanker(vectors);
  expect(right.kind).toBe('wasm');

  const { instantiate } = WebAssembly;
  type Kernel = (...args: readonly number[]) => number;
  const wrong = async (bytes: BufferSource, imports: { scan: { memory: WebAssembly.Memory } }): Promise<unknown> => {
    const { instance } = await instantiate(bytes, imports);
    const kernel = instance.exports['scan'] as Kernel;
    const scan: Kernel = (...args) => {
      const found = kernel(...args);
      const hits = new Float32Array(imports.scan.memory.buffer, args.at(-1), 2 * found);
      for (let i = 0; i < found; i++) hits[2 * i + 1]! *= -1;
      return found;
    };
    return { instance: { exports: { scan } } };
  };
  const faulty = vi.spyOn(WebAssembly, 'instantiate').mockImplementation(wrong as never);
  const ranker = await createRanker(vectors);
  expect(faulty).toHaveBeenCalled();
  faulty.mockRestore();
  expect(ranker.kind).toBe('js');
  expect(ranker.rank(queries, 12)).toEqual(right.rank(queries, 12));
});

test('fills up with −1 where there are fewer passages than k', async () => {
  const ranker = await createRanker(randomVectors(3, 8, 1));
  const { rows, scores } = ranker.rank(dequantizeRows(randomVectors(2, 8, 2)), 5);
  expect([...rows.subarray(0, 3)].sort()).toEqual([0, 1, 2]);
  expect([...rows.subarray(3, 5)]).toEqual([-1, -1]);
  expect([...rows.subarray(8)]).toEqual([-1, -1]);
  expect([...scores.subarray(8)]).toEqual([0, 0]);
});

test('no queries give no rows, k = 0 gives none either', async () => {
  const ranker = await createRanker(randomVectors(3, 8, 1));
  expect(ranker.rank(new Float32Array(0), 5)).toEqual({ rows: new Int32Array(0), scores: new Float32Array(0) });
  expect(ranker.rank(new Float32Array(8).fill(1), 0)).toEqual({ rows: new Int32Array(0), scores: new Float32Array(0) });
});

test('refuses bad queries and bad vectors', async () => {
  const ranker = await createRanker(randomVectors(3, 8, 1));
  expect(() => ranker.rank(new Float32Array(9).fill(1), 1)).toThrow(
    expect.objectContaining({ code: 'dimension-mismatch' }),
  );
  expect(() => ranker.rank(new Float32Array(8).fill(NaN), 1)).toThrow(expect.objectContaining({ code: 'not-finite' }));
  expect(() => ranker.rank(new Float32Array(8).fill(1), 0.5)).toThrow(
    expect.objectContaining({ code: 'invalid-input' }),
  );
  await expect(createRanker({ codes: new Int8Array(9), scales: new Float32Array(1), dims: 8 })).rejects.toMatchObject({
    code: 'dimension-mismatch',
  });
});
