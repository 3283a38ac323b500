import { expect, test } from 'vitest';
import type { CollectionInfo } from '../index.ts';
import { resultLanguage } from './settings.ts';

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
