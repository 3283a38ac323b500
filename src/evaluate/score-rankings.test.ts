import { expect, test } from 'vitest';
import { passageRows, scoreRankings } from './score-rankings.ts';
import type { LabelledQuery } from './task.ts';

const ROWS = passageRows([
  { id: 'a', doc: 'x' },
  { id: 'b', doc: 'y' },
  { id: 'c', doc: 'z' },
]);
const QUERIES: LabelledQuery[] = [
  { qid: 'one', instruction: '', query: 'x', labels: [{ id: 'c', score: 1 }] },
  {
    qid: 'two',
    instruction: '',
    query: 'y',
    labels: [
      { id: 'a', score: 1 },
      { id: 'b', score: 0 },
    ],
  },
];

test('scores every query by its own ranking', () => {
  const [one, two] = scoreRankings(QUERIES, ROWS, Int32Array.of(2, 0, 1, 1, 2, -1));
  expect(one).toEqual({ qid: 'one', ndcg10: 1, recall100: 1, reciprocalRank: 1 });
  expect(two).toEqual({ qid: 'two', ndcg10: 0, recall100: 0, reciprocalRank: 0 });
});

test('refuses rankings that do not fit the queries, and labels to unknown passages', () => {
  expect(() => scoreRankings(QUERIES, ROWS, Int32Array.of(1, 2, 3))).toThrow(
    expect.objectContaining({ code: 'invalid-input' }) as Error,
  );
  expect(() => scoreRankings(QUERIES, new Map(), Int32Array.of(1, 2))).toThrow(
    expect.objectContaining({ code: 'missing-id' }) as Error,
  );
  expect(scoreRankings([], ROWS, new Int32Array(0))).toEqual([]);
});
