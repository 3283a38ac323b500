import { expect, test } from 'vitest';
import type { PageFacts } from './filters.ts';
import { ShownSets } from './shown-sets.ts';

const page = (language: string, kind: string): PageFacts => ({ language, filters: { kind: [kind] }, sort: {} });
const facts = [page('en', 'guide'), page('en', 'blog'), page('de', 'guide'), page('', 'blog')];
/** Two passages of each page. */
const pages = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
const setsOf = (defaultFilters: Record<string, string[]> = {}): ShownSets =>
  new ShownSets({ languages: ['en', 'de', ''], defaultFilters }, facts, pages);
const ofPages = (...shown: number[]): Uint8Array => Uint8Array.from(pages, (at) => Number(shown.includes(at)));

test('the passages in the language come first, then those that pass the filters too', () => {
  const sets = setsOf();
  expect(sets.of({ language: null, filters: {} })).toEqual([]);
  expect(sets.of({ language: 'en', filters: {} })).toEqual([ofPages(0, 1, 3)]);
  expect(sets.of({ language: null, filters: { kind: ['blog'] } })).toEqual([ofPages(0, 1, 2, 3), ofPages(1, 3)]);
  expect(sets.of({ language: 'en', filters: { kind: ['blog'] } })).toEqual([ofPages(0, 1, 3), ofPages(1, 3)]);
});

test('default filters hold unless the query names the same', () => {
  const sets = setsOf({ kind: ['guide'] });
  expect(sets.of({ language: null, filters: {} })).toEqual([ofPages(0, 1, 2, 3), ofPages(0, 2)]);
  expect(sets.of({ language: null, filters: { kind: [] } })).toEqual([]);
});

test('a set is the same object for the same question', () => {
  const sets = setsOf();
  const [first] = sets.of({ language: 'en', filters: {} });
  expect(sets.of({ language: 'en', filters: {} })[0]).toBe(first);
});
