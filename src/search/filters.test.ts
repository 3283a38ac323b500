import { expect, test } from 'vitest';
import { countFilters, nearestVariant, passes, sortPages, speaks } from './filters.ts';

const page = (filters: Record<string, readonly string[]>): { filters: Record<string, readonly string[]> } => ({
  filters,
});
const PAGES = [
  page({ kind: ['guide'], level: ['easy'] }),
  page({ kind: ['guide', 'news'], level: ['hard'] }),
  page({ kind: ['news'] }),
  page({}),
];

test('values of one filter are alternatives, filters add up, none asks for nothing', () => {
  const kept = (chosen: Record<string, readonly string[]>): number[] =>
    PAGES.flatMap((one, i) => (passes(one, chosen) ? [i] : []));
  expect(kept({})).toEqual([0, 1, 2, 3]);
  expect(kept({ kind: ['guide'] })).toEqual([0, 1]);
  expect(kept({ kind: ['guide', 'news'] })).toEqual([0, 1, 2]);
  expect(kept({ kind: ['guide', 'news'], level: ['hard'] })).toEqual([1]);
  expect(kept({ kind: [] })).toEqual([0, 1, 2, 3]);
  expect(kept({ constructor: ['x'] })).toEqual([]);
  expect(kept({ kind: ['news', ''] })).toEqual([1, 2, 3]);
  expect(kept({ level: [''] })).toEqual([2, 3]);
});

test('a count is the number of hits if the value were chosen beside the other filters', () => {
  expect(countFilters(PAGES, {})).toEqual({ kind: { guide: 2, news: 2 }, level: { easy: 1, hard: 1 } });
  expect(countFilters(PAGES, { kind: ['news'] })).toEqual({ kind: { guide: 2, news: 2 }, level: { hard: 1 } });
  expect(countFilters(PAGES, { level: ['easy'] })).toEqual({ kind: { guide: 1 }, level: { easy: 1, hard: 1 } });
});

test('a language includes its regions and pages without a language', () => {
  expect(['en', 'en-gb', 'eng', 'de', ''].filter((language) => speaks({ language }, 'en'))).toEqual([
    'en',
    'en-gb',
    '',
  ]);
  expect(speaks({ language: 'de' }, null)).toBe(true);
});

test('a page that is not translated is found among those that it stands among, and nowhere else', () => {
  const fallback = { language: 'en', fallbackFor: 'de-at' };
  expect([null, 'en', 'de', 'de-at', 'fr'].filter((wanted) => speaks(fallback, wanted))).toEqual(['de', 'de-at']);
});

test('numbers are sorted as numbers, dates and words as text, pages without a value last', () => {
  const sorted = (values: readonly (string | undefined)[], order: 'asc' | 'desc'): number[] =>
    sortPages([...values.keys()], (i) => values[i], order);
  expect(sorted(['10', '9', undefined, '-1.5'], 'asc')).toEqual([3, 1, 0, 2]);
  expect(sorted(['10', '9', undefined, '-1.5'], 'desc')).toEqual([0, 1, 3, 2]);
  expect(sorted(['2024-03-01', '2023-12-31', '2024-01-15'], 'desc')).toEqual([0, 2, 1]);
  expect(sorted(['b', 'a', 'b'], 'desc')).toEqual([0, 2, 1]);
});

test.each([
  ['pt-br', ['en', 'pt'], 'pt'],
  ['pt-br', ['pt-pt', 'en'], 'pt-pt'],
  ['pt-br', ['pt', 'pt-br'], 'pt-br'],
  ['pt', ['pt-br', 'pt-pt'], 'pt'],
  ['zh-hk', ['zh-cn', 'zh-tw'], 'zh-tw'],
  ['zh-hk', ['zh', 'zh-hant'], 'zh-hant'],
  ['zh-sg', ['zh-tw', 'zh-cn'], 'zh-cn'],
  ['zh-hk', ['zh-cn'], 'zh-cn'],
  ['sr-latn', ['sr', 'sr-latn-rs'], 'sr-latn'],
  ['de', ['en', ''], 'de'],
  ['no tag', ['no'], 'no tag'],
  [null, ['en'], null],
])('in a collection, %s of %j is %s', (wanted, languages, found) => {
  expect(nearestVariant(wanted, languages)).toBe(found);
});
