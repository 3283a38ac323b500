import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countText, directionOf, fill, loadTexts, numberText, sizeText, textLanguage } from './texts.ts';
import type { Texts } from './interface-texts.ts';
import { en } from './texts/en.ts';

const files = readdirSync(new URL('./texts/', import.meta.url)).map((file) => file.replace('.ts', ''));
const translations = files.filter((file) => file !== 'en');

/** Those of Pagefind's interface (version 1.5.2), each with what it gets here. */
const OF_PAGEFIND: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    (
      'af ar bn ca cs da de el en es eu fa fi fr gl he hi hr hu id it ja ko mi my nb nl nn pl ro ru sr sv sw ta th tr ' +
      'uk vi zh'
    )
      .split(' ')
      .map((tag) => [tag, tag]),
  ),
  no: 'nb',
  pt: 'pt',
  'zh-cn': 'zh',
  'zh-tw': 'zh-hant',
};

/** Texts that are written as in English, by key. */
const AS_IN_ENGLISH: Readonly<Record<string, readonly string[]>> = {
  filters: ['af', 'nl'],
  offline: ['cs', 'da', 'de', 'id', 'it', 'nl', 'pl', 'sv'],
  'pages.one': ['fr'],
  'pages.other': ['fr'],
};

const NUMBERS = [...Array(201).keys(), 1000, 1001, 10_000, 1_000_000, 2_000_000];

/** Every text under its key; those of numbers as `pages.one`. */
const flat = (texts: Texts): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]: [string, Texts[keyof Texts]]) =>
      typeof text === 'string' ? [[key, text]] : Object.entries(text).map(([kind, form]) => [`${key}.${kind}`, form]),
    ),
  );

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test('every language of Pagefind’s interface has texts', () => {
  expect(Object.keys(OF_PAGEFIND)).toHaveLength(44);
  for (const [tag, language] of Object.entries(OF_PAGEFIND)) {
    expect(textLanguage(tag), tag).toBe(language);
    expect(files).toContain(language);
  }
});

test('each file is one of those that can be chosen', () => {
  for (const file of files) expect(textLanguage(file)).toBe(file);
});

describe.each(translations)('%s', (language) => {
  test('has every text that English has, with the same placeholders', async () => {
    const texts = await loadTexts(language);
    expect(Object.keys(texts)).toEqual(Object.keys(en));
    for (const [key, english] of Object.entries(en) as [keyof Texts, Texts[keyof Texts]][]) {
      const text = texts[key];
      expect(typeof text, key).toBe(typeof english);
      if (typeof english !== 'string' || typeof text !== 'string') continue;
      expect(placeholders(text), key).toEqual(placeholders(english));
    }
  });

  test('has texts of its own, none empty or with spaces around it', async () => {
    const english = flat(en);
    for (const [key, text] of Object.entries(flat(await loadTexts(language)))) {
      expect(text, key).toBe(text.trim().normalize());
      expect(text, key).not.toBe('');
      const isSame = AS_IN_ENGLISH[key]?.includes(language) ?? false;
      if (isSame) expect(text, key).toBe(english[key]);
      else expect(text, key).not.toBe(english[key]);
    }
  });

  test('has a form for every kind of number, with the number unless one number alone has that form', async () => {
    const { pages } = await loadTexts(language);
    // Node does not know the numbers of Māori, which has one form for all; they count as in English.
    const rules = new Intl.PluralRules([language, 'en']);
    expect(new Set(Object.keys(pages))).toEqual(new Set(rules.resolvedOptions().pluralCategories));
    for (const [kind, form] of Object.entries(pages)) {
      const own = NUMBERS.filter((n) => rules.select(n) === kind);
      if (own.length !== 1) expect(placeholders(form), kind).toEqual(['{n}']);
    }
    for (const n of NUMBERS) {
      const form = pages[rules.select(n)];
      expect(form, String(n)).toBeDefined();
      const text = countText(pages, n, language);
      expect(text).not.toContain('{');
      if (form?.includes('{n}')) expect(text).toContain(numberText(n, language));
    }
  });

  test('closes the quotation marks that it opens', async () => {
    const texts = await loadTexts(language);
    const quotes = new Set(
      (['none', 'corrected', 'remove'] as const).flatMap((key) =>
        [...texts[key].matchAll(/(\S)\s?\{\w+\}\s?(\S)/g)].map(([, open, close]) => `${open ?? ''}${close ?? ''}`),
      ),
    );
    expect([...quotes]).toHaveLength(1);
    expect(['„“', '„”', '“”', '””', '«»', '‘’', '「」']).toContain([...quotes][0]);
  });
});

test('a tag maps to the variant, else to its script, else to the language, else to English', () => {
  const languages = {
    'de-AT': 'de',
    'zh-TW': 'zh-hant',
    'zh-HK': 'zh-hant',
    'zh-MO': 'zh-hant',
    'zh-Hant': 'zh-hant',
    'zh-hant-cn': 'zh-hant',
    zh: 'zh',
    ZH_Hans: 'zh',
    'zh-CN': 'zh',
    'zh-SG': 'zh',
    'zh-Hans-TW': 'zh',
    'pt-BR': 'pt',
    pt_br: 'pt',
    'pt-PT': 'pt-pt',
    'pt-AO': 'pt-pt',
    no: 'nb',
    'no-NO': 'nb',
    'nb-NO': 'nb',
    'nn-NO': 'nn',
    'sr-RS': 'sr',
    'sr-Cyrl': 'sr',
    'sr-Latn': 'sr-latn',
    'sr-Latn-RS': 'sr-latn',
    'sr-ME': 'sr-latn',
    iw: 'he',
    in: 'id',
    'en-GB': 'en',
    'es-419': 'es',
    'ca-valencia': 'ca',
    'de-': 'de',
    'fr-x': 'fr',
    '': 'en',
    und: 'en',
    eo: 'en',
    'not a tag': 'en',
    constructor: 'en',
  };
  expect(Object.fromEntries(Object.keys(languages).map((tag) => [tag, textLanguage(tag)]))).toEqual(languages);
});

test('a language that is not there is English', async () => {
  expect(await loadTexts('tlh')).toBe(en);
});

test('numbers and sizes are written as the language writes them', () => {
  expect(countText(en.pages, 1, 'en')).toBe('1 page');
  expect(countText(en.pages, 1200, 'en')).toBe('1,200 pages');
  expect(sizeText(22_972_370, 'en')).toBe('23 MB');
  expect(sizeText(1_250_000, 'de')).toBe('1,3 MB');
  expect(sizeText(300_000, 'en')).toBe('300 kB');
});

test('numbers of a language that the browser does not know are the English ones, not the visitor’s', () => {
  expect(countText({ one: '{n} whārangi', other: '{n} whārangi' }, 1200, 'mi')).toBe('1,200 whārangi');
  expect(sizeText(1_250_000, 'tlh')).toBe('1.3 MB');
});

test('a value that looks like a name is not filled again', () => {
  expect(fill('“{query}”', { query: '{typed}' })).toBe('“{typed}”');
  expect(fill('{other}', {})).toBe('{other}');
});

test('a value is isolated from a text that runs the other way', () => {
  expect(fill('“{query}”', { query: 'C++' })).toBe('“C++”');
  expect(fill('«{query}» بدلًا', { query: 'C++' })).toBe('«\u2068C++\u2069» بدلًا');
  expect(fill('“{query}”', { query: 'שלום!' })).toBe('“\u2068שלום!\u2069”');
});

test('a script runs from right to left or not, whichever language is written in it', () => {
  for (const tag of ['ar', 'ar-EG', 'fa', 'fa_IR', 'he', 'iw', 'ur', 'ps', 'yi', 'dv', 'ckb', 'ug', 'az-Arab', 'pa-PK'])
    expect(directionOf(tag), tag).toBe('rtl');
  for (const tag of ['en', 'ja', 'zh-TW', 'tr', 'ku', 'az', 'pa', 'he-Latn', '', 'not a tag'])
    expect(directionOf(tag), tag).toBe('ltr');
});
