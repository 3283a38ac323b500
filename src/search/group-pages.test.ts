import { expect, test } from 'vitest';
import { groupByPage, pickSections } from './group-pages.ts';

test('pages are in the order of their best passages', () => {
  expect(groupByPage([5, 2, 4, 9], (row) => (row < 5 ? 0 : 1))).toEqual([
    { page: 1, ids: [5, 9] },
    { page: 0, ids: [2, 4] },
  ]);
});

test('of passages under the same headings only the first is kept', () => {
  const passages = [{ headings: ['A', 'B'] }, { headings: ['A', 'B'] }, { headings: ['A,B'] }, { headings: [] }];
  expect(pickSections(passages, 3)).toEqual([passages[0], passages[2], passages[3]]);
  expect(pickSections(passages, 1)).toEqual([passages[0]]);
});
