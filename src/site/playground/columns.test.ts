import { expect, test } from 'vitest';
import type { Explanation, LegScore, PageHit, Answer } from '../../index.ts';
import { isWithoutWords, legOf, placesOf } from './columns.ts';

const place = (rank: number | null): LegScore | null => (rank === null ? null : { rank, score: 1 / rank });

function page(number: number, ...sections: readonly (readonly [id: string, keyword: number | null, dense: number | null])[]): PageHit {
  return {
    page: number, url: `https://example.org/${number}`, title: `Page ${number}`, titlePieces: [], language: 'en', meta: {}, filters: {}, score: 1,
    sections: sections.map(([id, keyword, dense], row) => {
      const explanation: Explanation = { keyword: place(keyword), dense: place(dense), fused: 1, exact: null, terms: [] };
      return { row, id, url: `https://example.org/${number}#${id}`, headings: [id], snippet: [], text: '', matches: [], score: 1, explanation };
    }),
  };
}

const answer = (...pages: readonly PageHit[]): Answer => ({
  query: 'q', isLast: true, pages, total: pages.length, filters: {}, corrections: [],
  source: { ranking: 'hybrid', vector: 'local', path: 'local', stage: 'none', trainer: null, index: 'store' },
  timings: { keywordMs: 0, vectorMs: 0, scanMs: 0, totalMs: 0 },
});

test('a leg has its own order across pages, without what it did not find', () => {
  const both = answer(page(3, ['a', 2, 1], ['b', null, 4]), page(1, ['c', 1, 9], ['d', 5, null]));
  expect(legOf(both, 'keyword', 10).map(({ section, rank }) => [section.id, rank])).toEqual([['c', 1], ['a', 2], ['d', 5]]);
  expect(legOf(both, 'dense', 2).map(({ section, page: of }) => [section.id, of.page])).toEqual([['a', 3], ['b', 3]]);
  expect([...placesOf(both)]).toEqual([[3, 1], [1, 2]]);
});

test('an answer by meaning alone has no words', () => {
  expect(isWithoutWords(answer(page(1, ['a', null, 1])))).toBe(true);
  expect(isWithoutWords(answer())).toBe(true);
  expect(isWithoutWords(answer(page(1, ['a', null, 1]), page(2, ['b', 7, 2])))).toBe(false);
});
