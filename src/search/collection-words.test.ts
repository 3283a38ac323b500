// What a query's words, names, phrases and exclusions find in a published collection, before it is here as a whole.

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeBundle } from '../build/make-bundle.ts';
import type { SiteContent } from '../format/site.ts';
import { PartSource } from '../transfer/part-source.ts';
import { Collection, type CollectionFindings } from './collection.ts';
import { toSearchQuery, type SearchOptions } from './query.ts';

interface Page {
  readonly url: string;
  readonly title: string;
  readonly texts: readonly string[];
  readonly language?: string;
}

/** Nothing of it is fetched but what a search asks for. */
async function open(pages: readonly Page[]): Promise<Collection> {
  const content: SiteContent = {
    pages: pages.map(({ url, title, language = 'en' }) => ({ url, title, language, meta: {}, filters: {}, sort: {} })),
    passages: pages.flatMap(({ texts }, page) =>
      texts.map((text) => ({ page, headings: [], anchor: '', text, weight: 1 })),
    ),
  };
  const { manifest, files } = await makeBundle(content, null, null, {
    root: './',
    encoder: null,
    adapters: [],
    zip: (bytes) => Promise.resolve(new Uint8Array(gzipSync(bytes))),
  });
  const fetch: typeof globalThis.fetch = async (address) =>
    Promise.resolve(new Response(files.get(new Request(address).url.slice('https://site.example/'.length))!.slice()));
  const parts = new PartSource('https://site.example/', [], fetch);
  return Collection.open(manifest, 'https://site.example/era-search.json', parts);
}

async function ask(collection: Collection, text: string, options: SearchOptions = {}): Promise<CollectionFindings> {
  const nothing = Promise.resolve(null);
  let last: CollectionFindings | undefined;
  for await (const answer of collection.search(toSearchQuery(text, options), nothing, () => nothing, true))
    last = answer;
  return last!;
}

const found = async (collection: Collection, text: string, options?: SearchOptions): Promise<string[]> =>
  (await ask(collection, text, options)).pages.map(({ title }) => title);

test('the page that is called as the query says is first, before the index is complete', async () => {
  const guides = Array.from({ length: 40 }, (_, i) => ({
    url: `guides/${String(i)}.html`,
    title: `State of guide ${String(i)} and state of others`,
    texts: ['state state state state', 'the state again'],
  }));
  const collection = await open([...guides, { url: 'state.html', title: 'State', texts: ['It holds what is shown.'] }]);
  expect((await found(collection, 'state', { mode: 'keyword' }))[0]).toBe('State');
  expect((await found(collection, 'state'))[0]).toBe('State');
  expect(collection.isComplete).toBe(false);
});

test('quotes make a phrase, a minus excludes, and options are words', async () => {
  const collection = await open([
    { url: 'a', title: 'Apart', texts: ['request that ran into a timeout, request and timeout'] },
    { url: 'b', title: 'Phrase', texts: ['the request\ntimeout is long'] },
    { url: 'c', title: 'Option', texts: ['use find -name to set the timeout'] },
  ]);
  expect(await found(collection, '"request timeout"')).toEqual(['Phrase']);
  expect((await ask(collection, '"request timeout"')).total).toBe(1);
  expect((await found(collection, '"request timeout"', { literal: ['operators'] })).length).toBeGreaterThan(1);
  expect(await found(collection, 'timeout -request')).toEqual(['Option']);
  expect(await found(collection, 'timeout -"request timeout"')).toEqual(expect.arrayContaining(['Apart', 'Option']));
  expect((await found(collection, 'find -name'))[0]).toBe('Option');
});

test('a correction is written as the pages write it, and a word of the collection is never replaced', async () => {
  const collection = await open([
    { url: 'ru', title: 'Помощь', texts: ['Здесь настройка.'], language: 'ru' },
    { url: 'de', title: 'Hilfe', texts: ['Die Überprüfung dauert.'], language: 'de' },
    { url: 'en', title: 'Help', texts: ['Git and github differ; GitHub is a site. A fork, a form.'] },
  ]);
  const corrections = async (text: string): Promise<unknown> => (await ask(collection, text)).corrections;
  expect(await corrections('настрйка')).toEqual([{ typed: 'настрйка', used: 'настройка' }]);
  expect(await corrections('überprufnug')).toEqual([{ typed: 'uberprufnug', used: 'Überprüfung' }]);
  expect(await corrections('gihtub x')).toEqual([{ typed: 'gihtub', used: 'github' }]);
  expect(await corrections('fork x')).toEqual([]);
});

test('a part of a compound is marked in it', async () => {
  const collection = await open([{ url: 'a', title: 'Bus', texts: ['Die Bushaltestelle ist dort.'], language: 'de' }]);
  const { pages } = await ask(collection, 'Haltestelle');
  const marks = pages.flatMap(({ sections }) => sections.flatMap(({ snippet }) => snippet.filter(({ mark }) => mark)));
  expect(marks.map(({ text }) => text)).toEqual(['Bushaltestelle']);
});

test('what is kept of a query is not kept beyond a change of its synonyms', async () => {
  const collection = await open([{ url: 'a.html', title: 'Couches', texts: ['A couch for three.'] }]);
  await collection.load();
  expect(await found(collection, 'sofa')).toEqual([]);
  await collection.tune({ synonyms: ['sofa, couch'] });
  expect(await found(collection, 'sofa')).toEqual(['Couches']);
  await collection.tune(null);
  expect(await found(collection, 'sofa')).toEqual([]);
});

test('without snippets the answer is the same, and nothing in it is marked', async () => {
  const collection = await open([
    { url: 'a.html', title: 'Restore a backup', texts: ['How to restore a backup.', 'A backup is restored whole.'] },
    { url: 'b.html', title: 'Archives', texts: ['An archive is not a backup.'] },
  ]);
  const whole = await ask(collection, 'restore a backup');
  const bare = await ask(collection, 'restore a backup', { snippetLength: 0 });
  const ranked = ({ pages }: CollectionFindings): unknown =>
    pages.map(({ page, title, score, sections }) => ({
      page,
      title,
      score,
      sections: sections.map(({ row, id, text, score }) => ({ row, id, text, score })),
    }));
  expect(ranked(bare)).toEqual(ranked(whole));
  for (const { title, titlePieces, sections } of bare.pages) {
    expect(titlePieces).toEqual([{ text: title, mark: false }]);
    for (const { snippet, matches } of sections) expect([...snippet, ...matches]).toEqual([]);
  }
});

test('a version finds its release and no other, a function with its brackets the text that calls it', async () => {
  const collection = await open([
    { url: 'log', title: 'Changelog', texts: ['v0.2.14 came first', 'v2.14.0 has it'] },
    { url: 'map', title: 'Site map', texts: ['a map of the site', 'a list has map() and more'] },
  ]);
  await collection.load();
  const first = async (text: string): Promise<string | undefined> =>
    (await ask(collection, text)).pages[0]?.sections[0]?.text;
  for (const query of ['2.14.0', 'v2.14.0', 'version 2.14.0']) expect(await first(query), query).toBe('v2.14.0 has it');
  expect(await first('map()')).toBe('a list has map() and more');
});
