import { expect, test } from 'vitest';
import type { LabelledQuery } from '../index.ts';
import { NONE, withImported, withMark } from './label-store.ts';
import { allTrainingLabels, pastQueries, relevantFor, trainingLabels, withoutLabel } from './training-labels.ts';

const labels: readonly LabelledQuery[] = Array.from({ length: 40 }, (_, i) => ({
  qid: `q${i}`,
  instruction: '',
  query: `query ${i}`,
  labels: [{ id: `p${i}`, score: 1 }],
}));
const ids = (queries: readonly LabelledQuery[]): string[] => queries.map(({ query }) => query);
const held = trainingLabels({ labels, own: NONE, use: 'both', share: 0.2 });
const markOn = (query: string, passageId = 'mine', relevant = true): typeof NONE =>
  withMark(NONE, { query, passageId, relevant, atMs: 1 });

test('without own labels it is the corpus’s split, unchanged', () => {
  expect([held.train.length, held.validation.length, held.evaluation.length, held.ownQueries]).toEqual([8, 4, 20, 0]);
});

test.each(['evaluation', 'validation'] as const)(
  'an own label for a query of the %s part is learned from, and not in that part',
  (part) => {
    const query = ids(held[part])[0]!;
    const split = trainingLabels({ labels, own: markOn(query), use: 'both', share: 0.2 });
    expect(ids(split.train)).toContain(query);
    expect(ids(split[part])).not.toContain(query);
    expect(ids(trainingLabels({ labels, own: markOn(query), use: 'corpus', share: 0.2 })[part])).toContain(query);
  },
);

test('the visitor’s judgement has priority over the corpus’s', () => {
  const { qid, query, labels: judged } = held.train[0]!;
  const right = judged[0]!.id;
  const contradicted = markOn(query, right, false);
  expect(
    trainingLabels({ labels, own: contradicted, use: 'both', share: 0.2 }).train.map((one) => one.qid),
  ).not.toContain(qid);
  const own = withMark(contradicted, { query, passageId: 'mine', relevant: true, atMs: 2 });
  const grades = trainingLabels({ labels, own, use: 'both', share: 0.2 }).train.find((one) => one.qid === qid)!.labels;
  expect(new Map(grades.map(({ id, score }) => [id, score]))).toEqual(
    new Map([
      ['mine', 1],
      [right, 0],
    ]),
  );
});

test('a passage judged not relevant does not remove the corpus’s relevant one', () => {
  for (const { qid, query, labels: judged } of [held.train[0]!, held.validation[0]!]) {
    const { train } = trainingLabels({ labels, own: markOn(query, 'mine', false), use: 'both', share: 0.2 });
    expect(train.find((one) => one.qid === qid)!.labels).toEqual([{ id: 'mine', score: 0 }, ...judged]);
  }
});

test('own labels alone are enough, with and without a corpus’s', () => {
  const own = withImported(NONE, labels.slice(0, 10));
  for (const corpus of [[], labels]) {
    const { train, validation, evaluation, ownQueries } = trainingLabels({
      labels: corpus,
      own,
      use: 'own',
      share: 0.2,
    });
    expect([train.length, validation.length, ownQueries]).toEqual([8, 2, 10]);
    expect(ids(evaluation).filter((query) => ids([...train, ...validation]).includes(query))).toEqual([]);
  }
});

test('the curve may draw from all that is not held out', () => {
  const { pool, evaluation } = allTrainingLabels({ labels, own: markOn('new'), use: 'both' });
  expect([pool.length, evaluation.length]).toEqual([21, 20]);
});

test('past queries are all but the held-out ones, each once', () => {
  const own = markOn('new');
  const { pool, evaluation } = allTrainingLabels({ labels, own, use: 'both' });
  const unanswered = ['nothing like it', ` ${ids(pool)[0]!} `, ids(evaluation)[0]!];
  const past = pastQueries({ labels, own, use: 'both', unanswered });
  expect(past.map((query) => query.trim()).sort()).toEqual([...ids(pool), 'nothing like it'].sort());
});

test('a label whose passage is gone is left out, and so is a query that then has no relevant passage', () => {
  const queries = [
    { ...labels[0]!, labels: [{ id: 'gone', score: 1 }] },
    {
      ...labels[1]!,
      labels: [
        { id: 'gone', score: 1 },
        { id: 'there', score: 1 },
      ],
    },
  ];
  expect(withoutLabel(queries, 'q0', 'gone').map(({ qid }) => qid)).toEqual(['q1']);
  expect(withoutLabel(queries, 'q1', 'gone')[1]!.labels).toEqual([{ id: 'there', score: 1 }]);
});

test('the corpus’s labels of a query are found however it is spaced', () => {
  expect([...relevantFor(labels, '  query   3 ')]).toEqual([['p3', 1]]);
  expect(relevantFor(labels, 'another').size).toBe(0);
});
