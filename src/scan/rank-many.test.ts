import { expect, test } from 'vitest';
import { dequantizeRows, quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { normalizeRows, row } from '../math/vector.ts';
import { openScanner } from './open-scanner.ts';
import { createRanker } from './rank-many.ts';
import { dotsWithRows } from './rescore.ts';
import { randomVectors } from './scan.contract.ts';

/** All rows by their exact scores, ties to the smaller row. */
function sorted(vectors: QuantizedVectors, query: Float32Array, k: number): { rows: number[]; scores: number[] } {
  const all = Int32Array.from(vectors.scales, (_, i) => i);
  const scores = dotsWithRows(query, vectors, all);
  const rows = [...all].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, k);
  return { rows, scores: rows.map((i) => scores[i]!) };
}

// Sizes below, at and above the blocks of rows and of queries.
test.each([
  [1, 1, 30],
  [1023, 3, 16],
  [1024, 256, 5],
  [2500, 300, 33],
])('%i rows by %i queries of %i numbers: what a sort of exact scores gives', async (count, m, dims) => {
  const vectors = randomVectors(count, dims, 1);
  const queries = dequantizeRows(randomVectors(m, dims, 2));
  const ranker = createRanker(vectors);
  expect(ranker.kind).toBe('wasm');
  const k = Math.min(12, count);
  const { rows, scores } = await ranker.rank(queries, k);
  for (let i = 0; i < m; i++) {
    const expected = sorted(vectors, row(queries, i, dims), k);
    expect([...rows.subarray(i * k, (i + 1) * k)]).toEqual(expected.rows);
    expect([...scores.subarray(i * k, (i + 1) * k)]).toEqual(expected.scores);
  }
});

test('ranks every query as the scanner does', async () => {
  const dims = 30;
  const vectors = randomVectors(1200, dims, 1);
  const queries = dequantizeRows(randomVectors(40, dims, 2));
  const scanner = await openScanner(vectors);
  const { rows, scores } = await createRanker(vectors).rank(queries, 12);
  for (let i = 0; i < 40; i++) {
    const hits = await scanner.search(row(queries, i, dims), 12);
    expect(rows.subarray(i * 12, (i + 1) * 12)).toEqual(hits.rows);
    expect(scores.subarray(i * 12, (i + 1) * 12)).toEqual(hits.scores);
  }
});

test('ties go to the smaller row, across blocks too', async () => {
  const one = normalizeRows(Float32Array.of(1, 2, 3), 3);
  const vectors = quantizeRows(
    Float32Array.from({ length: 3 * 1100 }, (_, at) => one[at % 3]!),
    3,
  );
  expect([...(await createRanker(vectors).rank(one, 4)).rows]).toEqual([0, 1, 2, 3]);
});

test('fills up with −1 where there are fewer passages than k', async () => {
  const ranker = createRanker(randomVectors(3, 8, 1));
  const { rows, scores } = await ranker.rank(dequantizeRows(randomVectors(2, 8, 2)), 5);
  expect([...rows.subarray(0, 3)].sort()).toEqual([0, 1, 2]);
  expect([...rows.subarray(3, 5)]).toEqual([-1, -1]);
  expect([...rows.subarray(8)]).toEqual([-1, -1]);
  expect([...scores.subarray(8)]).toEqual([0, 0]);
});

test('no queries give no rows, k = 0 gives none either', async () => {
  const ranker = createRanker(randomVectors(3, 8, 1));
  const none = { rows: new Int32Array(0), scores: new Float32Array(0) };
  expect(await ranker.rank(new Float32Array(0), 5)).toEqual(none);
  expect(await ranker.rank(new Float32Array(8).fill(1), 0)).toEqual(none);
});

test('refuses bad queries and bad vectors', async () => {
  const ranker = createRanker(randomVectors(3, 8, 1));
  const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;
  await expect(ranker.rank(new Float32Array(9).fill(1), 1)).rejects.toThrow(code('dimension-mismatch'));
  await expect(ranker.rank(new Float32Array(8).fill(NaN), 1)).rejects.toThrow(code('not-finite'));
  await expect(ranker.rank(new Float32Array(8).fill(1), 0.5)).rejects.toThrow(code('invalid-input'));
  expect(() => createRanker({ codes: new Int8Array(9), scales: new Float32Array(1), dims: 8 })).toThrow(
    code('dimension-mismatch'),
  );
});
