// Synonyms, boosts, pins and excluded words over a published collection, as they are published and as they are tried.

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeBundle } from '../build/make-bundle.ts';
import { isEraError } from '../errors.ts';
import { encodeCuration } from '../format/curation-part.ts';
import { placeCuration, type Curation } from '../format/curation.ts';
import { quantizeRows } from '../math/quantize.ts';
import { openScanner } from '../scan/open-scanner.ts';
import { PartSource } from '../transfer/part-source.ts';
import { Collection, type CollectionFindings } from './collection.ts';
import { DenseRetriever } from './dense-retriever.ts';
import type { PageHit } from './hits.ts';
import { toSearchQuery, type SearchOptions } from './query.ts';

const DIMS = 4;
const content = {
  pages: [
    ['guide/install.html', 'Install', 'en'],
    ['guide/kubernetes.html', 'Kubernetes', 'en'],
    ['old/install.html', 'Installing the old one', 'en'],
    ['blog/acme.html', 'Acme news', 'en'],
    ['de/install.html', 'Einrichten', 'de'],
  ].map(([url, title, language]) => ({
    url: url!,
    title: title!,
    language: language!,
    meta: {},
    filters: { kind: [url!.split('/')[0]!] },
    sort: {},
  })),
  passages: [
    [0, 'how to install acme on a machine'],
    [0, 'install it again'],
    [1, 'a cluster of containers'],
    [2, 'install install install'],
    [3, 'acme has news, acme has more'],
    [4, 'Anleitung'],
  ].map(([page, text], i) => ({
    page: page as number,
    headings: i === 1 ? ['Again'] : [],
    anchor: i === 1 ? 'again' : '',
    text: text as string,
    weight: 1,
  })),
};
const vectors = quantizeRows(
  Float32Array.from({ length: content.passages.length * DIMS }, (_, i) =>
    i % DIMS === 0 ? Math.cos(i / DIMS) : i % DIMS === 1 ? Math.sin(i / DIMS) : 0,
  ),
  DIMS,
);

async function open(curation?: Curation): Promise<{ collection: Collection; fetched: string[] }> {
  const { manifest, files } = await makeBundle(
    content,
    vectors,
    { model: 'm', revision: 'r', dtype: 'q8', pooling: 'mean', prompt: '', dims: DIMS },
    {
      root: '../',
      encoder: null,
      adapters: [],
      zip: (bytes) => {
        const zipped = new Uint8Array(gzipSync(bytes));
        zipped[9] = 255;
        return zipped;
      },
      curation: curation && encodeCuration(placeCuration(curation, content.pages).placed),
    },
  );
  const fetched: string[] = [];
  const parts = new PartSource('https://site.example/', [], (address) => {
    const file = new Request(address).url.slice('https://site.example/'.length);
    fetched.push(file);
    return Promise.resolve(new Response(files.get(file)!.slice()));
  });
  return { collection: await Collection.open(manifest, 'https://site.example/era-search.json', parts), fetched };
}

async function search(
  collection: Collection,
  text: string,
  options: SearchOptions = {},
  early = false,
): Promise<CollectionFindings[]> {
  const scanner = await openScanner(vectors);
  const isRead = options.mode !== 'keyword' && !early;
  const vector = Float32Array.of(1, 0, 0, 0);
  const found: CollectionFindings[] = [];
  for await (const findings of collection.search(
    toSearchQuery(text, { mode: 'keyword', explain: true, ...options }),
    Promise.resolve(isRead ? { vector, isAdapted: false, isLabelled: false, keywordFactor: 1 } : null),
    () => Promise.resolve(early ? null : new DenseRetriever(scanner, vectors)),
    early,
  ))
    found.push(findings);
  return found;
}

async function pagesOf(...args: Parameters<typeof search>): Promise<readonly PageHit[]> {
  return (await search(...args)).at(-1)!.pages;
}

const numbers = (pages: readonly PageHit[]): number[] => pages.map(({ page }) => page);

test('a collection without a curation is as before, and has no part of one', async () => {
  const { collection } = await open();
  expect(collection.manifest.curation).toBeNull();
  expect(collection.curation).toBeNull();
  const [first] = await pagesOf(collection, 'install');
  expect(first!.sections[0]!.explanation).toMatchObject({ pinned: false, boost: 1 });
});

test('it is in the file of a first visit', async () => {
  const { collection, fetched } = await open({ synonyms: ['k8s, kubernetes'] });
  expect(collection.curation).toEqual({ synonyms: ['k8s, kubernetes'], boosts: {}, pins: {}, excluded: [] });
  expect(fetched).toEqual([collection.manifest.start!.file]);
});

test('pinned pages come first in every mode, in their order, whether found or not, and filters still hold', async () => {
  const { collection } = await open({
    pins: { 'Install ACME': ['guide/kubernetes.html', 'gone.html', 'old/install.html'] },
  });
  for (const mode of ['keyword', 'hybrid', 'dense'] as const) {
    const pages = await pagesOf(collection, '  instáll   acme ', { mode });
    expect(numbers(pages).slice(0, 2), mode).toEqual([1, 2]);
    expect(pages[0]!.sections[0]!.explanation!.pinned).toBe(true);
    expect(pages[2]!.sections[0]!.explanation!.pinned).toBe(false);
    const filtered = await pagesOf(collection, 'install acme', { mode, filters: { kind: ['guide', 'blog'] } });
    expect(numbers(filtered)[0], mode).toBe(1);
    expect(numbers(filtered), mode).not.toContain(2);
  }
  expect((await pagesOf(collection, 'install acme', { mode: 'keyword' }))[0]).toMatchObject({ page: 1, score: 0 });
  for (const other of ['install', 'install acme now', 'acme install'])
    expect(numbers(await pagesOf(collection, other))[0], other).not.toBe(1);
  expect(numbers(await pagesOf(collection, 'install acme', { language: 'de' }))).not.toContain(1);
});

test('the first answer of a first visit has the pinned page first', async () => {
  const { collection } = await open({ pins: { install: ['guide/kubernetes.html'] } });
  const [first] = await search(collection, 'install', { mode: 'hybrid' }, true);
  expect(collection.isComplete).toBe(false);
  expect(numbers(first!.pages)[0]).toBe(1);
});

test('a factor changes the scores of a page in every mode, and is said', async () => {
  const { collection } = await open();
  await collection.load();
  for (const mode of ['keyword', 'hybrid', 'dense'] as const) {
    const before = await pagesOf(collection, 'acme machine', { mode });
    await collection.tune({ boosts: { 'blog/**': 10 } });
    const after = await pagesOf(collection, 'acme machine', { mode });
    await collection.tune(null);
    const scoreOf = (pages: readonly PageHit[], page: number): number => pages.find((hit) => hit.page === page)!.score;
    const was = scoreOf(before, 3);
    expect(scoreOf(after, 3), mode).toBeCloseTo(was < 0 ? was / 10 : was * 10, 4);
    expect(scoreOf(after, 0)).toBe(scoreOf(before, 0));
    expect(after.find(({ page }) => page === 3)!.sections[0]!.explanation).toMatchObject({ boost: 10, pinned: false });
    expect([...after].map(({ score }) => score)).toEqual(after.map(({ score }) => score).sort((a, b) => b - a));
  }
});

test('an exact match stays first whatever the factors', async () => {
  const { collection } = await open({ boosts: { '**': 10, 'guide/install.html': 0.1 } });
  expect(numbers(await pagesOf(collection, 'install'))[0]).toBe(0);
});

test('excluded words are not searched by, unless a query has no others', async () => {
  const { collection } = await open({ excluded: ['Acme', 'old one'] });
  expect(numbers(await pagesOf(collection, 'acme install'))).toEqual(numbers(await pagesOf(collection, 'install')));
  expect(numbers(await pagesOf(collection, 'ACME'))).toEqual([3, 0]);
  expect(numbers(await pagesOf(collection, 'what is acme'))).toContain(3);
  expect(numbers(await pagesOf(collection, 'the old one install'))).toEqual(
    numbers(await pagesOf(collection, 'the install')),
  );
});

test('a query is pinned with and without its excluded words', async () => {
  const { collection } = await open({
    excluded: ['acme'],
    pins: { cluster: ['blog/acme.html'], acme: ['old/install.html'] },
  });
  expect(numbers(await pagesOf(collection, 'acme cluster'))[0]).toBe(3);
  expect(numbers(await pagesOf(collection, 'acme'))[0]).toBe(2);
});

test('synonyms find and are marked', async () => {
  const { collection } = await open({ synonyms: ['k8s => kubernetes', 'box, container', 'kubernetes => k8s'] });
  const [page] = await pagesOf(collection, 'k8s');
  expect(page).toMatchObject({ page: 1, titlePieces: [{ text: 'Kubernetes', mark: true }] });
  expect(page!.sections[0]!.explanation!.terms).toContain('kubernetes');
});

test('a curation is tried, taken back, and refused where it is wrong', async () => {
  const published = { pins: { install: ['old/install.html'] } };
  const { collection } = await open(published);
  expect(await collection.tune({ pins: { install: ['blog/acme.html', 'x'] }, boosts: { 'y/*': 2 } })).toEqual({
    synonyms: 0,
    boosted: 0,
    pinned: 1,
    excluded: 0,
    missing: ['y/*', 'x'],
  });
  expect(numbers(await pagesOf(collection, 'install'))[0]).toBe(3);
  const error: unknown = await collection.tune({ boosts: { a: 100 } }).catch((thrown: unknown) => thrown);
  expect(isEraError(error, 'invalid-input')).toBe(true);
  expect(numbers(await pagesOf(collection, 'install'))[0]).toBe(3);
  await collection.tune({});
  expect(numbers(await pagesOf(collection, 'install'))[0]).toBe(0);
  expect(await collection.tune(null)).toMatchObject({ pinned: 1 });
  expect(numbers(await pagesOf(collection, 'install'))[0]).toBe(2);
  expect(collection.curation).toMatchObject(published);
});
