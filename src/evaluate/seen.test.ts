import { expect, test } from 'vitest';
import { splitSeen } from './seen.ts';
import type { LabelledQuery } from './task.ts';

const query = (qid: string, ...labels: [string, number][]): LabelledQuery => ({
  qid,
  instruction: '',
  query: qid,
  labels: labels.map(([id, score]) => ({ id, score })),
});

test('a query is seen when one of its relevant passages was a positive of the labels used', () => {
  const labelled = [query('t1', ['a', 1], ['b', 0]), query('t2', ['c', 2])];
  const shared = query('shared', ['x', 1], ['c', 1]);
  const irrelevantThere = query('irrelevant there', ['b', 1]);
  const irrelevantHere = query('irrelevant here', ['a', 0], ['y', 1]);
  expect(splitSeen([shared, irrelevantThere, irrelevantHere], labelled)).toEqual({
    seen: [shared],
    unseen: [irrelevantThere, irrelevantHere],
  });
});

test('without labels nothing is seen', () => {
  expect(splitSeen([query('q', ['a', 1])], []).seen).toEqual([]);
});
