import { expect, test } from 'vitest';
import { parseQueries, type LabelledQuery } from '../../index.ts';
import { judgedFor, toJsonl, usableLabels, withImported, withJudgement, withoutQuery } from './owner-labels.ts';

const none: readonly LabelledQuery[] = [];

test('a judgement is kept, replaced by its opposite, and taken back by itself', () => {
  const right = withJudgement(none, { query: ' restore  a file ', id: 'a', isRight: true });
  expect(right).toEqual([{ qid: 'restore a file', instruction: '', query: 'restore a file', labels: [{ id: 'a', score: 1 }] }]);
  const wrong = withJudgement(right, { query: 'restore a file', id: 'a', isRight: false });
  expect(judgedFor(wrong, 'restore a file')).toEqual(new Map([['a', false]]));
  expect(withJudgement(wrong, { query: 'restore a file', id: 'a', isRight: false })).toEqual([]);
});

test('taking one back leaves the others', () => {
  const two = withJudgement(withJudgement(none, { query: 'q', id: 'a', isRight: true }), { query: 'q', id: 'b', isRight: false });
  expect(judgedFor(withJudgement(two, { query: 'q', id: 'a', isRight: true }), 'q')).toEqual(new Map([['b', false]]));
});

test('an imported query keeps its id and instruction when it is judged further', () => {
  const imported = withImported(none, [{ qid: '17', instruction: 'Find the page.', query: 'q', labels: [{ id: 'a', score: 2 }] }]);
  const more = withJudgement(imported, { query: 'q', id: 'b', isRight: true });
  expect(more).toEqual([{ qid: '17', instruction: 'Find the page.', query: 'q', labels: [{ id: 'a', score: 2 }, { id: 'b', score: 1 }] }]);
});

test('what is exported reads back the same, also after an import on top', () => {
  const labels = withJudgement(withJudgement(none, { query: 'zwei\nZeilen „“', id: 'a#b', isRight: true }), { query: 'q', id: 'b', isRight: false });
  expect(parseQueries(toJsonl(labels))).toEqual(labels);
  expect(withImported(labels, parseQueries(toJsonl(labels)))).toEqual(labels);
});

test('of two judgements of one passage the imported one counts', () => {
  const mine = withJudgement(none, { query: 'q', id: 'a', isRight: true });
  expect(judgedFor(withImported(mine, [{ qid: 'q', instruction: '', query: 'q', labels: [{ id: 'a', score: 0 }] }]), 'q')).toEqual(new Map([['a', false]]));
});

test('a query without a right section cannot be learned from; a removed one is gone', () => {
  const labels = withJudgement(withJudgement(none, { query: 'p', id: 'a', isRight: true }), { query: 'q', id: 'b', isRight: false });
  expect(usableLabels(labels).map(({ query }) => query)).toEqual(['p']);
  expect(withoutQuery(labels, ' p').map(({ query }) => query)).toEqual(['q']);
});
