import fc from 'fast-check';
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

test('ranks as a plain sort does: negative scores, −0, ties, and ids that do not fit into one number with a score', () => {
  const score = fc.oneof(fc.constantFrom(0, -0, 1, -1, 0.5), fc.float({ noNaN: true }));
  const id = fc.oneof(fc.nat(50), fc.constantFrom(2 ** 21 - 1, 2 ** 21, 2 ** 31 - 1));
  const entries = fc.uniqueArray(fc.record({ id, score }), { selector: ({ id: own }) => own, maxLength: 40 });
  fc.assert(
    fc.property(entries, (all) => {
      const sorted = [...all].sort((a, b) => b.score - a.score || a.id - b.id);
      for (const largest of [2 ** 21, Infinity]) {
        const kept = all.filter((entry) => entry.id < largest);
        const { ids, scores } = rankByScore(
          Int32Array.from(kept, (entry) => entry.id),
          Float32Array.from(kept, (entry) => entry.score),
        );
        const expected = sorted.filter((entry) => entry.id < largest);
        expect([...ids]).toEqual(expected.map((entry) => entry.id));
        scores.forEach((own, i) => expect(own + 0).toBe(expected[i]!.score + 0));
      }
    }),
  );
});
