import { expect, test } from 'vitest';
import type { LabelledQuery } from '../evaluate/task.ts';
import { seenScores } from './seen-scores.ts';

const query = (qid: string, ...labels: [string, number][]): LabelledQuery => ({
  qid,
  instruction: '',
  query: qid,
  labels: labels.map(([id, score]) => ({ id, score })),
});
const QUERIES = [
  query('1', ['a', 1]),
  query('2', ['b', 1], ['a', 0]),
  query('3', ['c', 2], ['a', 1]),
  query('4', ['d', 1]),
];
const [OWN, SMALL] = [
  [1, 0.5, 0.5, 0.1],
  [0.5, 0.1, 0.3, 0.3],
];

test('queries are seen where a relevant passage of theirs was a positive of the labels', () => {
  expect(seenScores(QUERIES, OWN, SMALL, new Set(['a', 'z']))).toEqual({
    seen: { ndcg10: 0.75, small: 0.4, queries: 2 },
    unseen: { ndcg10: 0.3, small: 0.2, queries: 2 },
  });
});

test('a part without queries is null, and both are where the labels are not known', () => {
  expect(seenScores(QUERIES, OWN, SMALL, new Set())).toMatchObject({ seen: null, unseen: { queries: 4 } });
  expect(seenScores(QUERIES, OWN, SMALL, new Set(['a', 'b', 'd']))).toMatchObject({
    seen: { queries: 4 },
    unseen: null,
  });
  expect(seenScores(QUERIES, OWN, SMALL, null)).toEqual({ seen: null, unseen: null });
});
