// What is found for names, numbers and other spellings, and what is not.

import { describe, expect, test } from 'vitest';
import { analyzersFor } from '../analysis/analyzers.ts';
import { buildKeywordIndex } from './build.ts';
import type { KeywordDocument, KeywordSearchOptions } from './keyword-document.ts';
import { KeywordIndex, sourceOf } from './keyword-index.ts';

function open(texts: readonly (string | Partial<KeywordDocument>)[]): KeywordIndex {
  const documents = texts.map((text, page) => ({
    ...{ title: '', headings: [], text: '', language: '', page, weight: 1 },
    ...(typeof text === 'string' ? { text } : text),
  }));
  return new KeywordIndex(sourceOf(buildKeywordIndex(documents)));
}

const found = async (texts: readonly string[], query: string, options = {}): Promise<number[]> => [
  ...(await open(texts).search(query, options)).rows,
];

describe('names, numbers and spellings', () => {
  test.each([
    ['nodejs', 'Node.js runs it'],
    ['node js', 'with nodejs'],
    ['Node.js', 'with nodejs'],
    ['wifi', 'the Wi-Fi is on'],
    ['wi fi', 'the Wi‑Fi is on'],
    ['sha256', 'SHA-256 sums'],
    ['back up', 'a backup'],
    ['backup', 'to back-up'],
    ['16gb', 'needs 16 GB'],
    ['16 GB', 'needs 16GB'],
    ['front-end', 'the frontend'],
    ['realtime', 'in real time'],
    ['2.14.0', 'since v2.14.0'],
    ['v2.14.0', 'since 2.14.0'],
    ['2.14', 'since 2.14.0'],
    ['2.14.9', 'since 2.14'],
    ['??', 'a ?? b'],
    ['=>', '(x) => x'],
    ['#include', 'use #include <a.h>'],
    ['include', 'use #include <a.h>'],
    ['std::vector', 'a std::vector<int>'],
    ['@scope/name', 'from @scope/name'],
    ['scope', 'from @scope/name'],
    ['src/main.ts', 'in src/main.ts'],
    ['👍', 'well done 👍🏽'],
    ['deployments', 'how to deploy it'],
    ['haltestelle', 'die Bushaltestelle'],
    ['schon', 'schön'],
    ['schön', 'schon'],
  ])('“%s” finds “%s”', async (query, text) => {
    expect(await found(['something else', text, 'another thing'], query, { prefix: false })).toEqual([1]);
  });

  test.each([
    ['2.14.0', 'v0.2.14'],
    ['2.14.0', 'chapter 14'],
    ['c', 'C#'],
    ['c', 'C++ and F#'],
    ['3.11', 'three 3'],
    ['16gb', 'needs 16kb'],
    ['e0308', 'E0309'],
    ['no-ff', 'an offer'],
  ])('“%s” does not find “%s”', async (query, text) => {
    expect(await found(['something else', text], query)).toEqual([]);
  });

  test('a word with its accents finds those with them first, one without finds both alike', async () => {
    const texts = ['schon schon schon', 'schön', 'other'];
    expect(await found(texts, 'schön')).toEqual([1, 0]);
    expect(await found(texts, 'schon')).toEqual([0, 1]);
  });

  test('one misspelling on the site does not hide the pages that spell the word right', async () => {
    const texts = ['we recieve it', ...Array.from({ length: 6 }, (_, i) => `you receive it ${String(i)}`), 'nothing'];
    expect((await found(texts, 'recieve')).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect((await found(texts, 'recieve'))[0]).toBe(0);
    // Forms of one word are no misspellings of each other.
    const forms = ['it installs', ...Array.from({ length: 6 }, () => 'they install'), 'nothing'];
    expect(await found(forms, 'installs', { prefix: false })).toEqual([0]);
  });

  test('each letter typed leads closer', async () => {
    const texts = ['instaweb shows it', 'how to install', 'installation of it', 'inside', 'in it', 'install install'];
    for (const typed of ['inst', 'insta', 'instal', 'install'])
      expect((await found(texts, typed)).slice(0, 3), typed).toContain(5);
    for (const typed of ['installa', 'installat', 'installati', 'installatio', 'installation'])
      expect((await found(texts, typed))[0], typed).toBe(2);
  });

  test('rows whose title is the query are known without reading a title', async () => {
    const titles = ['State', 'The state of things and others', 'Guide', 'State — a page'];
    const index = open(titles.map((title) => ({ title, text: 'state' })));
    expect([...(await index.search('state')).titled]).toEqual([0, 3]);
    expect([...(await index.search('stat')).titled]).toEqual([]);
    expect([...(await index.search('guide')).titled]).toEqual([2]);
  });

  test.each([
    ['of 100 kB', 'word '.repeat(20_000)],
    ['of 10,000 words', Array.from({ length: 10_000 }, (_, i) => `w${String(i)}`).join(' ')],
    ['of one letter 100,000 times', 'a'.repeat(100_000)],
    ['of combining marks', '\u0301'.repeat(1000)],
    ['of half characters', '\uD83D \uDE00\uD83D x\uD800'],
    ['of signs of regular expressions', '(.*)[^a]+{2,}$ \\d|x?'],
    ['of directional marks', '\u202Eabc\u2066\u202C'],
    ['of slashes and dots', 'a/'.repeat(3000) + '.-.'.repeat(3000)],
    ['of one quote', '"'],
  ])('a query %s is answered', async (_, query) => {
    expect((await found(['word', 'a', 'x'], query)).length).toBeLessThanOrEqual(3);
  });
});

test('a word may be taken as it was typed: without other forms, with its accents, as it is spelt', async () => {
  const { ofQuery, ofPage } = await analyzersFor(['en']);
  const texts = ['installing it', 'to install', 'schön', 'schon', 'other'];
  const documents = texts.map((text, page) => ({ title: '', headings: [], text, language: 'en', page, weight: 1 }));
  const index = new KeywordIndex(sourceOf(buildKeywordIndex(documents, { analyzers: { ofPage } })), {
    analyzer: ofQuery,
  });
  const rows = async (query: string, options: KeywordSearchOptions): Promise<number[]> =>
    [...(await index.search(query, { prefix: false, ...options })).rows].sort();
  expect(await rows('install', {})).toEqual([0, 1]);
  expect(await rows('install', { forms: false })).toEqual([1]);
  expect(await rows('schön', {})).toEqual([2, 3]);
  expect(await rows('schön', { unaccented: false })).toEqual([2]);
  expect(await rows('schon', { unaccented: false })).toEqual([2, 3]);
  expect(await rows('instell', { fuzzy: false })).toEqual([]);
});
