import { expect, test } from 'vitest';
import { collectedPage } from './extract/page-for-test.ts';
import type { CollectedPage } from './extracted-page.ts';
import { withOwnTitles } from './page-titles.ts';

const page = (html: string, i = 0): CollectedPage => collectedPage(String(i), html);
const titles = (pages: readonly CollectedPage[]): string[] => withOwnTitles(pages).map((of) => of.extracted.page.title);
const others = Array.from({ length: 4 }, (_, i) => page(`<title>Nest</title><h1>Nest</h1><p>${i}`, i));
const titleOf = (html: string): string => titles([page(html), ...others])[0]!;

test.each([
  ['Moss – Nest', 'Moss'],
  ['Nest | Moss', 'Moss'],
  ['nest: Moss', 'Moss'],
  ['Moss · Ferns · Nest', 'Moss · Ferns'],
  ['Nest - Ferns - Moss', 'Ferns - Moss'],
  ['All about the Nest', 'All about the Nest'],
  ['Re-use / Nest', 'Re-use'],
])('a page with the title “%s” below the name of the site is called “%s”', (said, title) => {
  expect(titleOf(`<title>${said}</title><h1>Nest</h1><h2>Head</h2><p>t`)).toBe(title);
});

test('where the title of the document is the name too, the next heading is the title, else the name', () => {
  expect(titleOf('<title>Nest</title><h1>Nest</h1><h2>Head</h2><p>t')).toBe('Head');
  expect(titleOf('<title>Nest</title><h1>Nest</h1><p>t')).toBe('Nest');
  expect(titleOf('<h1>Nest</h1><h2>Head</h2><p>t')).toBe('Head');
});

test('titles of few pages, of few pages of a language, and those that the author names stay', () => {
  const said = '<title>Moss - Nest</title><h1 data-pagefind-meta=title>Nest</h1><p>t';
  expect(titleOf(said)).toBe('Nest');
  const html = '<title>Moss - Nest</title><h1>Nest</h1><p>t';
  expect(titles(Array.from({ length: 3 }, (_, i) => page(html, i)))).toEqual(['Nest', 'Nest', 'Nest']);
  expect(titles([page(`<html lang=de>${html}`), ...others])[0]).toBe('Nest');
  expect(titleOf('<title>Nest - Moss</title><h1>Moss</h1><p>t')).toBe('Moss');
});
