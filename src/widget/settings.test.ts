import { afterEach, expect, test, vi } from 'vitest';
import type { CollectionInfo } from '../index.ts';
import { resultLanguage, toSettings } from './settings.ts';

afterEach(() => vi.unstubAllGlobals());

const site = (...languages: string[]): CollectionInfo => ({ languages }) as unknown as CollectionInfo;

test.each([
  ['', 'de', ['en', 'de'], 'de'],
  ['', 'de-AT', ['en', 'de'], 'de'],
  ['', 'de-AT', ['de', 'de-at', 'en'], 'de'],
  ['', 'zh-TW', ['zh-cn', 'zh-tw', 'en'], 'zh-tw'],
  ['', 'pt', ['pt-br', 'pt-pt'], 'pt'],
  ['', 'fr', ['en', 'de'], undefined],
  ['', '', ['en', 'de'], undefined],
  ['', 'en', ['en'], undefined],
  ['all', 'en', ['en', 'de'], undefined],
  ['de', 'en', ['en', 'de'], 'de'],
])('language “%s” on a page in “%s” of a site in %s: %s', (named, page, languages, expected) => {
  expect(resultLanguage(named, page, site(...languages))).toBe(expected);
});

test.each([
  ['mine.js', 'https://site.example/docs/mine.js'],
  ['https://cdn.example/era-search/own.js', 'https://cdn.example/era-search/own.js'],
  ['https://elsewhere.example/own.js', 'invalid-option'],
  ['data:text/javascript,0', 'invalid-option'],
])('an extension is of the page’s origin or of the script’s: %s', (extension, expected) => {
  vi.stubGlobal('location', new URL('https://site.example/docs/page.html'));
  const attributes = {
    ...{ bundle: '', queryUrl: '', queryModel: '', queryPrompt: '', queryDimensions: null, queryOptions: '' },
    extension,
  };
  const outcome = (): unknown => {
    try {
      return toSettings(attributes, 'https://cdn.example/era-search/').extension;
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };
  expect(outcome()).toBe(expected);
});
