import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countText, directionOf, fill, loadTexts, sizeText, textLanguage } from './texts.ts';
import type { Texts } from './interface-texts.ts';
import { en } from './texts/en.ts';

const files = readdirSync(new URL('./texts/', import.meta.url)).map((file) => file.replace('.ts', ''));
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test('there are at least ten languages, and each file is one of those that can be chosen', () => {
  expect(files.length).toBeGreaterThanOrEqual(10);
  for (const file of files) expect(textLanguage(file)).toBe(file);
});

test.each(files)('%s has every text that English has, with the same placeholders', async (language) => {
  const texts = await loadTexts(language);
  expect(Object.keys(texts)).toEqual(Object.keys(en));
  for (const [key, english] of Object.entries(en) as [keyof Texts, Texts[keyof Texts]][]) {
    const text = texts[key];
    if (typeof english !== 'string' || typeof text !== 'string') continue;
    expect(text.trim(), key).not.toBe('');
    expect(placeholders(text), key).toEqual(placeholders(english));
  }
  if (language !== 'en') expect(texts.search).not.toBe(en.search);
});

test.each(files)('%s has a form of its own for every kind of number', async (language) => {
  const { pages } = await loadTexts(language);
  const kinds = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  expect(new Set(Object.keys(pages))).toEqual(new Set(kinds));
  for (const n of [0, 1, 2, 3, 5, 11, 21, 100]) expect(countText(pages, n, language)).not.toContain('{');
});

test('a tag maps to an available language, else to English', () => {
  expect(textLanguage('de-AT')).toBe('de');
  expect(textLanguage('ZH_Hans')).toBe('zh');
  expect(textLanguage('')).toBe('en');
  expect(textLanguage('constructor')).toBe('en');
});

test('numbers and sizes are written as the language writes them', () => {
  expect(countText(en.pages, 1, 'en')).toBe('1 page');
  expect(countText(en.pages, 1200, 'en')).toBe('1,200 pages');
  expect(sizeText(22_972_370, 'en')).toBe('23 MB');
  expect(sizeText(1_250_000, 'de')).toBe('1,3 MB');
  expect(sizeText(300_000, 'en')).toBe('300 kB');
});

test('a value that looks like a name is not filled again', () => {
  expect(fill('“{query}”', { query: '{typed}' })).toBe('“{typed}”');
  expect(fill('{other}', {})).toBe('{other}');
});

test('Arabic and Persian run from right to left', () => {
  expect(['ar', 'fa', 'en', 'ja'].map(directionOf)).toEqual(['rtl', 'rtl', 'ltr', 'ltr']);
});
