import { expect, test } from 'vitest';
import { joinLegs, placesIn, rankFused, type Leg } from './legs.ts';

const leg = (...pairs: [row: number, score: number][]): Leg => ({ rows: Int32Array.from(pairs, ([row]) => row), scores: Float32Array.from(pairs, ([, score]) => score) });

test('candidates are what either leg found, each with both scores', () => {
  const asked: number[][] = [];
  const candidates = joinLegs(leg([7, 3], [2, 1.5], [9, 1]), leg([4, 0.75], [7, 0.5]), (rows) => {
    asked.push([...rows]);
    return Float32Array.from(rows, (row) => row / 16);
  });
  expect(asked).toEqual([[2, 9]]);
  expect(candidates).toEqual({ rows: Int32Array.of(2, 4, 7, 9), keyword: Float32Array.of(1.5, 0, 3, 1), dense: Float32Array.of(0.125, 0.75, 0.5, 0.5625) });
  expect(joinLegs(leg(), leg(), () => new Float32Array()).rows).toHaveLength(0);
});

test('the best is first, and of equals the smaller row', () => {
  expect(rankFused(Int32Array.of(1, 5, 8, 9), Float32Array.of(0.5, 1, 0.5, 2))).toEqual(leg([9, 2], [5, 1], [1, 0.5], [8, 0.5]));
});

test('places are counted from one', () => {
  expect([...placesIn(leg([9, 2], [5, 1]))]).toEqual([
    [9, { rank: 1, score: 2 }],
    [5, { rank: 2, score: 1 }],
  ]);
});
