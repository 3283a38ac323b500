import { expect, test } from 'vitest';
import { EraError } from '../errors.ts';
import { bestRows } from './best-rows.ts';
import { dequantizeRows, quantizeRows, type QuantizedVectors } from './quantize.ts';
import { Random } from './random.ts';
import { exactDots, type RowDots } from './row-dots.ts';
import type { TopK } from './top-k.ts';

const DIMS = 7;
const random = new Random(9);
const normals = (rows: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: rows * DIMS }, () => random.normal() + 0.3);
const viewsOf = (m: number) =>
  [0, 0.4, 1].map((share) => ({ share, factors: Float64Array.from({ length: m }, (_, i) => 1 / (i + 1)) }));
const listsOf = (views: TopK[][]) => views.map((best) => best.map((own) => own.sorted()));

// Fewer rows than a block has, a whole block, and more.
test.each([5, 1024, 2100])('the best of %i rows in each view are those of a plain sort', async (rows) => {
  const vectors = quantizeRows(normals(rows), DIMS);
  const numbers = dequantizeRows(vectors);
  const queries = Float64Array.from(normals(6));
  const m = queries.length / DIMS;
  const views = viewsOf(m);
  const mean = Array.from({ length: DIMS }, (_, j) =>
    Array.from({ length: m }, (__, i) => queries[i * DIMS + j]! / m).reduce((sum, v) => sum + v, 0),
  );
  const best = listsOf(await bestRows(vectors, queries, 4, views));
  views.forEach(({ share, factors }, view) => {
    for (let i = 0; i < m; i++) {
      const scores = Array.from({ length: rows }, (_, row) => {
        let sum = 0;
        for (let j = 0; j < DIMS; j++) sum += (queries[i * DIMS + j]! - share * mean[j]!) * numbers[row * DIMS + j]!;
        return sum * factors[i]!;
      });
      const expected = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 4);
      const { ids, scores: found } = best[view]![i]!;
      expect([...ids]).toEqual(expected);
      found.forEach((score, at) => expect(score).toBeCloseTo(scores[expected[at]!]!, 5));
    }
  });
});

test('pauses after each block of 1024 rows, and a pause that rejects ends it', async () => {
  const vectors = quantizeRows(normals(2100), DIMS);
  const view = { share: 0, factors: Float64Array.of(1) };
  let pauses = 0;
  const pause = (): Promise<void> => (++pauses === 5 ? Promise.reject(new Error('enough')) : Promise.resolve());
  const query = Float64Array.from(normals(1));
  await bestRows(vectors, query, 2, [view], { pause });
  expect(pauses).toBe(3);
  await expect(bestRows(vectors, query, 2, [view], { pause })).rejects.toThrow('enough');
});

/** More than the length of any row. */
const LONGEST = 60;

/** Products that are each off by up to `error` times the two lengths, in blocks of 300 rows. */
function inexactDots(vectors: QuantizedVectors, error: number): RowDots & { asked: number; closed: number } {
  const exact = exactDots(vectors);
  const off = new Random(4);
  return {
    kind: 'webgpu',
    refused: [],
    blockRows: 300,
    error: error * LONGEST,
    asked: 0,
    closed: 0,
    ask(queries) {
      this.asked++;
      const asked = exact.ask(queries);
      const lengths = Array.from({ length: queries.length / DIMS }, (_, i) =>
        Math.hypot(...queries.subarray(i * DIMS, (i + 1) * DIMS)),
      );
      return {
        block: async (first, end) =>
          Float32Array.from(
            await asked.block(first, end),
            (dot, at) => dot + (2 * off.float() - 1) * error * LONGEST * lengths[Math.floor(at / (end - first))]!,
          ),
        close: () => this.closed++,
      };
    },
  };
}

// With the largest, no query's candidates can be told from the rest.
test.each([1e-6, 1e-3, 0.02, 10])('products that are off by %d of the lengths give the same lists', async (error) => {
  const rows = normals(1500);
  // Many rows are alike, more than there are candidates, and longer than others.
  for (let j = 0; j < DIMS; j++) rows[50 * DIMS + j]! *= 4;
  for (let row = 100; row < 160; row++) rows.copyWithin(row * DIMS, 50 * DIMS, 51 * DIMS);
  const vectors = quantizeRows(rows, DIMS);
  expect(Math.max(...vectors.scales) * 127 * Math.sqrt(DIMS)).toBeLessThan(LONGEST);
  // The first query is nearest to those that are alike.
  const queries = Float64Array.from(normals(40));
  queries.set(rows.subarray(50 * DIMS, 51 * DIMS));
  const views = viewsOf(40);
  const dots = inexactDots(vectors, error);
  const expected = listsOf(await bestRows(vectors, queries, 10, views));
  expect(listsOf(await bestRows(vectors, queries, 10, views, { dots }))).toEqual(expected);
  expect([...expected[0]![0]!.ids]).toEqual([50, ...Array.from({ length: 9 }, (_, i) => 100 + i)]);
  expect(dots).toMatchObject({ asked: 1, closed: 1 });
});

test('fewer rows than candidates are all looked at', async () => {
  const vectors = quantizeRows(normals(12), DIMS);
  const queries = Float64Array.from(normals(5));
  const dots = inexactDots(vectors, 10);
  expect(listsOf(await bestRows(vectors, queries, 10, viewsOf(5), { dots }))).toEqual(
    listsOf(await bestRows(vectors, queries, 10, viewsOf(5))),
  );
});

test('a GPU that is lost in between is replaced, any other failure is told', async () => {
  const vectors = quantizeRows(normals(1500), DIMS);
  const queries = Float64Array.from(normals(5));
  const failing = (error: Error): RowDots => {
    const dots = inexactDots(vectors, 1e-6);
    return {
      ...dots,
      ask: (asked) => ({
        block: (first, end) => (first > 600 ? Promise.reject(error) : dots.ask(asked).block(first, end)),
        close: () => undefined,
      }),
    };
  };
  const lost = bestRows(vectors, queries, 10, viewsOf(5), { dots: failing(new EraError('gpu-lost', 'gone')) });
  expect(listsOf(await lost)).toEqual(listsOf(await bestRows(vectors, queries, 10, viewsOf(5))));
  const broken = bestRows(vectors, queries, 10, viewsOf(5), { dots: failing(new Error('broken')) });
  await expect(broken).rejects.toThrow('broken');
});
