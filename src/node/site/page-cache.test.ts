import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderForTest } from '../setup/folder-for-test.ts';
import type { ExtractedPage, ExtractOptions, LeftOutPage } from './extracted-page.ts';
import { extractPage } from './extract/extract-page.ts';
import { cutPassages } from '../../text/cut-passages.ts';
import { cutOnce, extractOnce, openPageCache, openPassageCache } from './page-cache.ts';

function readAll(
  folder: string,
  pages: readonly string[],
  options: ExtractOptions = {},
): (ExtractedPage | LeftOutPage)[] {
  const cache = openPageCache(folder, options);
  try {
    const read = pages.map((html) => extractOnce(cache, html, options));
    cache.end();
    return read;
  } finally {
    cache.close();
  }
}

const sizeIn = (folder: string): number => statSync(join(folder, readdirSync(folder)[0]!)).size;

const words = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[<&]/g, ' '));
const page = fc
  .tuple(words, words, words, fc.constantFrom('', 'de', 'zh-Hant'), fc.constantFrom('', ' data-pagefind-body'))
  .map(
    ([title, heading, text, lang, body]) =>
      `<html lang="${lang}"><title>${title}</title><main${body}><h1>${title}</h1><h2 id="part">${heading}</h2><p lang="fr">${text}<p data-pagefind-filter="__proto__">${text}</main>`,
  );

test('any page is read as without a cache, and from the cache the next time', () => {
  fc.assert(
    fc.property(fc.array(page, { minLength: 1, maxLength: 5 }), (pages) => {
      const folder = folderForTest();
      const expected = pages.map((html) => extractPage(html));
      expect(readAll(folder, pages)).toEqual(expected);
      const size = sizeIn(folder);
      expect(readAll(folder, pages)).toEqual(expected);
      expect(sizeIn(folder)).toBe(size);
    }),
    { numRuns: 30 },
  );
});

test('a page that is read with other options is another', () => {
  const folder = folderForTest();
  const pages = ['<title>T</title><main><p>Text</p><aside class="x">Aside</aside></main>'];
  const sizes = [{}, { excludeSelectors: ['.x'] }, { forceLanguage: 'de' }, { rootSelector: 'main' }].map((options) => {
    expect(readAll(folder, pages, options)).toEqual([extractPage(pages[0]!, options)]);
    return sizeIn(folder);
  });
  expect(sizes).toEqual([...new Set(sizes)]);
});

test('a run that is ended has kept the pages before its last batch', () => {
  const folder = folderForTest();
  const pages = Array.from({ length: 250 }, (_, i) => `<title>Page ${i}</title><p>Text ${i}`);
  const cache = openPageCache(folder, {});
  for (const html of pages) extractOnce(cache, html, {});
  cache.close();
  const size = sizeIn(folder);
  readAll(folder, pages.slice(0, 200));
  expect(sizeIn(folder)).toBe(size);
  readAll(folder, pages);
  expect(sizeIn(folder)).toBeGreaterThan(size);
});

test('sections are cut as without a cache, and counted once for each title, language, limit and counter', () => {
  const folder = folderForTest();
  const sections = [
    {
      headings: ['Part'],
      anchor: 'part',
      blocks: [
        { text: 'One sentence of some words. Another sentence of some words.', weight: 1 },
        { text: 'Une phrase de quelques mots.', weight: 2, language: 'fr' },
      ],
    },
  ];
  let counted = 0;
  const countTokens = (text: string): number => {
    counted++;
    return text.split(' ').length;
  };
  const cutBy = (counter: string, more: { title?: string; language?: string; maxTokens?: number }): unknown => {
    const cache = openPassageCache(folder, counter);
    const options = { title: 'Title', language: 'en', maxTokens: 8, countTokens, ...more };
    const cut = cutOnce(cache, sections, options);
    cache.end();
    cache.close();
    expect(cut).toEqual(cutPassages(sections, { ...options, countTokens: (text) => text.split(' ').length }));
    return cut;
  };
  const ways = [
    ['words', {}],
    ['words', { title: 'A longer title' }],
    ['words', { language: 'fr' }],
    ['words', { maxTokens: 20 }],
    ['others', {}],
  ] as const;
  for (const [counter, more] of ways) {
    counted = 0;
    const first = cutBy(counter, more);
    expect(counted).toBeGreaterThan(0);
    counted = 0;
    expect(cutBy(counter, more)).toEqual(first);
    expect(counted).toBe(0);
  }
});
