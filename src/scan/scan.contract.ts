// The contract of a scan backend: one list of tests that JS, WASM and WebGPU run. The reference is a full sort of all
// scores, implemented here a second time as plainly as possible; ids and float32 scores must be identical, not close.

import { describe, expect, test } from 'vitest';
import { quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { dotsWithRows } from './rescore.ts';
import type { Accepted, ScanBackend, ScanHits } from './scan.ts';

export type OpenBackend = (vectors: QuantizedVectors) => Promise<ScanBackend>;

export interface ContractCase {
  readonly name: string;
  readonly vectors: QuantizedVectors;
  readonly query: Int8Array;
  readonly ks: readonly number[];
}

/** Every row, best first: score = fround(fround(dot) · scale), ties to the smaller row. */
export function rankBySorting(
  { codes, scales, dims }: QuantizedVectors,
  query: Int8Array,
  k: number,
  accepted?: Accepted,
): ScanHits {
  const scores = Float32Array.from(scales, (scale, row) => {
    let dot = 0;
    for (let j = 0; j < dims; j++) dot += codes[row * dims + j]! * query[j]!;
    return scale === 0 ? 0 : Math.fround(dot) * scale;
  });
  const rows = Int32Array.from(scores.keys())
    .filter((row) => accepted?.[row] !== 0)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k);
  return { rows, scores: Float32Array.from(rows, (row) => scores[row]!) };
}

/** Normally distributed vectors, quantised. */
export function randomVectors(count: number, dims: number, seed: number): QuantizedVectors {
  const random = new Random(seed);
  return quantizeRows(
    Float32Array.from({ length: count * dims }, () => random.normal()),
    dims,
  );
}

export function randomQuery(dims: number, seed: number): Int8Array {
  return randomVectors(1, dims, seed).codes.map((code) => code >> 1);
}

/** Explicit codes and scales, for tests of rounding and ties. */
function madeVectors(
  count: number,
  dims: number,
  code: (row: number, j: number) => number,
  scale: (row: number) => number,
): QuantizedVectors {
  return {
    codes: Int8Array.from({ length: count * dims }, (_, i) => code(Math.floor(i / dims), i % dims)),
    scales: Float32Array.from({ length: count }, (_, row) => scale(row)),
    dims,
  };
}

/**
 * At least one case for each way in which a backend could fail. Over 512 rows a GPU needs more than one pass to select.
 */
export const contractCases: readonly ContractCase[] = [
  {
    name: 'random vectors',
    vectors: randomVectors(5000, 48, 1),
    query: randomQuery(48, 2),
    ks: [0, 1, 10, 256, 257, 1000, 6000],
  },
  {
    name: 'the dimensions of the default model',
    vectors: randomVectors(2500, 384, 3),
    query: randomQuery(384, 4),
    ks: [10, 104],
  },
  ...[1, 15, 17, 50].map((dims) => ({
    name: `${String(dims)} dimensions`,
    vectors: randomVectors(333, dims, dims),
    query: randomQuery(dims, 5),
    ks: [7],
  })),
  ...[1, 2, 65, 255, 512, 513, 1025].map((count) => ({
    name: `${String(count)} rows`,
    vectors: randomVectors(count, 16, count),
    query: randomQuery(16, 6),
    ks: [1, 5, 1000],
  })),
  {
    name: 'ties everywhere: all rows alike',
    vectors: madeVectors(
      4500,
      20,
      (_, j) => j - 9,
      () => 0.5,
    ),
    query: randomQuery(20, 7),
    ks: [1, 10, 256, 1000],
  },
  {
    name: 'ties across groups: few distinct rows',
    vectors: madeVectors(
      4500,
      8,
      (row, j) => ((row * 7) % 5) - 2 + (j % 2),
      () => 0.25,
    ),
    query: randomQuery(8, 8),
    ks: [3, 100, 1000],
  },
  {
    name: 'equal scores by other dot products',
    vectors: madeVectors(
      600,
      4,
      (row) => 1 << (row % 4),
      (row) => 1 / (1 << (row % 4)),
    ),
    query: new Int8Array([1, 2, 3, 4]),
    ks: [10, 600],
  },
  {
    name: 'every score negative',
    vectors: madeVectors(
      3000,
      32,
      (row, j) => -1 - ((row + j) % 100),
      (row) => 0.001 + (row % 11) * 0.0001,
    ),
    query: new Int8Array(32).fill(3),
    ks: [1, 50, 1000],
  },
  {
    name: 'negative scores and zero vectors',
    vectors: madeVectors(
      2100,
      16,
      (row, j) => (row % 3 === 0 ? 0 : -((row + j) % 50)),
      (row) => (row % 3 === 0 ? 0 : 0.01),
    ),
    query: new Int8Array(16).fill(2),
    ks: [5, 900],
  },
  {
    name: 'a scale of 0 over codes that are not',
    vectors: madeVectors(
      100,
      16,
      (row) => (row % 2 === 0 ? -5 : 5),
      (row) => (row % 4 < 2 ? 0 : 1),
    ),
    query: new Int8Array(16).fill(1),
    ks: [100],
  },
  {
    name: 'only zero vectors',
    vectors: madeVectors(
      70,
      16,
      () => 0,
      () => 0,
    ),
    query: randomQuery(16, 9),
    ks: [10],
  },
  { name: 'a query of zeros', vectors: randomVectors(300, 16, 10), query: new Int8Array(16), ks: [10, 300] },
  {
    name: 'sums over 2^24, which float32 must round',
    vectors: madeVectors(
      200,
      4095,
      (row, j) => (((row * 31 + j * 17) % 255) % (row + 2) === 0 ? 126 : 127),
      (row) => 0.0078125 + row * 1e-9,
    ),
    query: new Int8Array(4095).fill(63),
    ks: [20, 200],
  },
  {
    name: 'the extremes of int8',
    vectors: madeVectors(
      130,
      64,
      (row) => (row % 2 === 0 ? -128 : 127),
      () => 1,
    ),
    query: Int8Array.from({ length: 64 }, (_, j) => (j % 3 === 0 ? 63 : -64)),
    ks: [3, 130],
  },
];

/**
 * @param open opens a backend over the vectors; every test opens its own and disposes of it
 * @param held true where the backend has memory of its own, which must then be counted
 */
export function scanContract(name: string, open: OpenBackend, held: boolean): void {
  describe(`${name} keeps the contract of a scan backend`, () => {
    for (const { name: title, vectors, query, ks } of contractCases) {
      test(`${title}: rows and scores are those of a full sort, of all and of some`, async () => {
        const backend = await open(vectors);
        const some: Accepted = Uint8Array.from(vectors.scales, (_, row) => Number(row % 3 !== 1));
        for (const k of ks)
          for (const accepted of [undefined, some])
            expect(await backend.topK(query, k, accepted), `k = ${String(k)}, ${accepted ? 'some' : 'all'}`).toEqual(
              rankBySorting(vectors, query, k, accepted),
            );
        backend.dispose();
        expect(backend.bytesLive).toBe(0);
      });
    }

    test('reports its memory, which is 0 after dispose', async () => {
      const vectors = randomVectors(100, 24, 11);
      const backend = await open(vectors);
      expect(backend).toMatchObject({ count: 100, dims: 24 });
      if (held) expect(backend.bytesLive).toBeGreaterThanOrEqual(100 * 24 + 100 * 4);
      else expect(backend.bytesLive).toBe(0);
      backend.dispose();
      backend.dispose();
      expect(backend.bytesLive).toBe(0);
      await expect(backend.topK(randomQuery(24, 1), 1)).rejects.toMatchObject({ code: 'closed' });
    });

    test('answers overlapping queries each with its own result', async () => {
      const vectors = randomVectors(2200, 40, 12);
      const backend = await open(vectors);
      const queries = Array.from({ length: 12 }, (_, i) => ({ query: randomQuery(40, 100 + i), k: 1 + i * 30 }));
      const answers = await Promise.all(queries.map(({ query, k }) => backend.topK(query, k)));
      expect(answers).toEqual(queries.map(({ query, k }) => rankBySorting(vectors, query, k)));
      backend.dispose();
    });

    test('among accepted rows it ranks as a full sort of these, fewer than k where there are fewer', async () => {
      const vectors = randomVectors(2700, 20, 15);
      const backend = await open(vectors);
      const random = new Random(16);
      const of = (accepts: (row: number) => boolean): Accepted =>
        Uint8Array.from(vectors.scales, (_, row) => Number(accepts(row)));
      const sets = [
        of(() => random.float() < 0.5),
        of(() => random.float() < 0.01),
        of((row) => row >= 2000 && row < 2300),
        of((row) => row === 2699),
        of(() => true),
        of(() => false),
      ];
      for (const k of [1, 10, 300, 2700]) {
        for (const [i, accepted] of sets.entries()) {
          const query = randomQuery(20, 17 + i);
          expect(await backend.topK(query, k, accepted)).toEqual(rankBySorting(vectors, query, k, accepted));
          expect(await backend.topK(query, k)).toEqual(rankBySorting(vectors, query, k));
        }
        // Overlapping queries, each with a set of its own.
        const query = randomQuery(20, 30);
        expect(await Promise.all(sets.map((accepted) => backend.topK(query, k, accepted)))).toEqual(
          sets.map((accepted) => rankBySorting(vectors, query, k, accepted)),
        );
      }
      for (const length of [0, 2699, 2701])
        await expect(backend.topK(randomQuery(20, 1), 5, new Uint8Array(length))).rejects.toMatchObject({
          code: 'dimension-mismatch',
        });
      backend.dispose();
    });

    test.each([1, 18, 32, 100])('scores rows of %i numbers exactly, as plain JavaScript does', async (dims) => {
      const vectors = randomVectors(90, dims, dims);
      vectors.scales[7] = 0;
      const backend = await open(vectors);
      const random = new Random(21);
      const query = Float32Array.from({ length: dims }, () => random.normal());
      for (const count of [0, 1, 3, 4, 255, 300]) {
        const rows = Int32Array.from({ length: count }, () => random.below(90));
        const dots = backend.dots ?? ((asked, of) => dotsWithRows(asked, vectors, of));
        expect(dots(query, rows)).toEqual(dotsWithRows(query, vectors, rows));
        const best = await backend.topK(randomQuery(dims, 22), 5);
        expect(best).toEqual(rankBySorting(vectors, randomQuery(dims, 22), 5));
      }
      backend.dispose();
      expect(backend.dots).toBeUndefined();
    });

    test('reads a view that starts in the middle of its buffer', async () => {
      const whole = randomVectors(50, 5, 13);
      const vectors = { codes: whole.codes.subarray(15), scales: whole.scales.subarray(3), dims: 5 };
      const backend = await open(vectors);
      const query = new Int8Array([9, 1, 2, 3, 4, 5]).subarray(1);
      expect(await backend.topK(query, 8)).toEqual(rankBySorting(vectors, query, 8));
      backend.dispose();
    });

    test('refuses a query of the wrong length, codes of eight bits and an invalid k', async () => {
      const backend = await open(randomVectors(10, 8, 14));
      await expect(backend.topK(new Int8Array(7), 1)).rejects.toMatchObject({ code: 'dimension-mismatch' });
      await expect(backend.topK(new Int8Array(16), 1)).rejects.toMatchObject({ code: 'dimension-mismatch' });
      for (const code of [64, -65])
        await expect(backend.topK(new Int8Array(8).fill(code), 1)).rejects.toMatchObject({ code: 'invalid-input' });
      for (const k of [-1, 1.5, NaN])
        await expect(backend.topK(new Int8Array(8), k)).rejects.toMatchObject({ code: 'invalid-input' });
      backend.dispose();
    });

    test('refuses vectors that cannot be scanned', async () => {
      await expect(open({ codes: new Int8Array(9), scales: new Float32Array(1), dims: 8 })).rejects.toMatchObject({
        code: 'dimension-mismatch',
      });
      await expect(open({ codes: new Int8Array(0), scales: new Float32Array(0), dims: 8 })).rejects.toMatchObject({
        code: 'empty-corpus',
      });
      await expect(open({ codes: new Int8Array(8), scales: new Float32Array([NaN]), dims: 8 })).rejects.toMatchObject({
        code: 'not-finite',
      });
    });
  });
}
