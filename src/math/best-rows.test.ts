import { expect, test } from 'vitest';
import { bestRows, bestRowsByBlock } from './best-rows.ts';
import { dequantizeRows, quantizeRows } from './quantize.ts';
import { Random } from './random.ts';

const DIMS = 7;
const random = new Random(9);
const normals = (rows: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: rows * DIMS }, () => random.normal() + 0.3);

// Fewer rows than a block has, a whole block, and more.
test.each([5, 1024, 2100])('the best of %i rows in each view are those of a plain sort', (rows) => {
  const vectors = quantizeRows(normals(rows), DIMS);
  const numbers = dequantizeRows(vectors);
  const queries = Float64Array.from(normals(6));
  const m = queries.length / DIMS;
  const views = [0, 0.4, 1].map((share) => ({
    share,
    factors: Float64Array.from({ length: m }, (_, i) => 1 / (i + 1)),
  }));
  const mean = Array.from({ length: DIMS }, (_, j) =>
    Array.from({ length: m }, (__, i) => queries[i * DIMS + j]! / m).reduce((sum, v) => sum + v, 0),
  );
  const best = bestRows(vectors, queries, 4, views);
  views.forEach(({ share, factors }, view) => {
    for (let i = 0; i < m; i++) {
      const scores = Array.from({ length: rows }, (_, row) => {
        let sum = 0;
        for (let j = 0; j < DIMS; j++) sum += (queries[i * DIMS + j]! - share * mean[j]!) * numbers[row * DIMS + j]!;
        return sum * factors[i]!;
      });
      const expected = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 4);
      const { ids, scores: found } = best[view]![i]!.sorted();
      expect([...ids]).toEqual(expected);
      found.forEach((score, at) => expect(score).toBeCloseTo(scores[expected[at]!]!, 5));
    }
  });
});

test('yields after each block of 1024 rows', () => {
  const vectors = quantizeRows(normals(2100), DIMS);
  const view = { share: 0, factors: Float64Array.of(1) };
  const blocks = bestRowsByBlock(vectors, Float64Array.from(normals(1)), 2, [view]);
  let pauses = 0;
  while (blocks.next().done !== true) pauses++;
  expect(pauses).toBe(3);
});
