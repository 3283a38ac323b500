import { expect, test } from 'vitest';
import { joinLists, placesIn, rankByScore } from './ranked-list.ts';
import type { RankedList } from './retriever.ts';

type Pair = readonly [id: number, score: number];
const ranked = (...pairs: Pair[]): Pick<RankedList, 'ids' | 'scores'> => ({
  ids: Int32Array.from(pairs, ([id]) => id),
  scores: Float32Array.from(pairs, ([, score]) => score),
});
/** @param other score of documents that are not in the list */
const list = (other: (id: number) => number, ...pairs: Pair[]): RankedList => ({
  ...ranked(...pairs),
  scoresOf: (ids) =>
    Promise.resolve(Float32Array.from(ids, (id) => pairs.find(([found]) => found === id)?.[1] ?? other(id))),
});

test('candidates are what either list found, each with both scores', async () => {
  const keyword = list(() => 0, [7, 3], [2, 1.5], [9, 1]);
  const dense = list((id) => id / 16, [4, 0.75], [7, 0.5]);
  expect(await joinLists(keyword, dense)).toEqual({
    ids: Int32Array.of(2, 4, 7, 9),
    keyword: Float32Array.of(1.5, 0, 3, 1),
    dense: Float32Array.of(0.125, 0.75, 0.5, 0.5625),
  });
  expect(
    (
      await joinLists(
        list(() => 0),
        list(() => 0),
      )
    ).ids,
  ).toHaveLength(0);
});

test('the best is first, and of equals the smaller id', () => {
  expect(rankByScore(Int32Array.of(1, 5, 8, 9), Float32Array.of(0.5, 1, 0.5, 2))).toEqual(
    ranked([9, 2], [5, 1], [1, 0.5], [8, 0.5]),
  );
});

test('ranks are counted from one', () => {
  expect([...placesIn(ranked([9, 2], [5, 1]))]).toEqual([
    [9, { rank: 1, score: 2 }],
    [5, { rank: 2, score: 1 }],
  ]);
});
