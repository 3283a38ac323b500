// Filters, languages and versions over a collection most of whose pages are others: meaning finds those that can be
// shown.

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeBundle } from '../build/make-bundle.ts';
import { quantizeRows } from '../math/quantize.ts';
import { openScanner } from '../scan/open-scanner.ts';
import { PartSource } from '../transfer/part-source.ts';
import { Collection, type CollectionFindings } from './collection.ts';
import { DenseRetriever } from './dense-retriever.ts';
import { toSearchQuery, type SearchOptions } from './query.ts';

const DIMS = 4;
/** Each is farther from the query than the one before; the last ten are the only guides, the ten before them German. */
const PAGES = 1500;
const GUIDES = PAGES - 10;
const GERMAN = GUIDES - 10;
const numbers = Array.from({ length: PAGES }, (_, page) => page);
const content = {
  pages: numbers.map((page) => ({
    url: `${page}.html`,
    title: `Page ${page}`,
    language: page >= GERMAN && page < GUIDES ? 'de' : 'en',
    meta: {},
    filters: { kind: [page >= GUIDES ? 'guide' : 'blog'] },
    sort: {},
  })),
  passages: numbers.map((page) => ({ page, headings: [], anchor: '', text: `text ${page}`, weight: 1 })),
};
const angle = (page: number): number => (page * 1.5) / PAGES;
const vectors = quantizeRows(
  Float32Array.from(numbers.flatMap((page) => [Math.cos(angle(page)), Math.sin(angle(page)), 0, 0])),
  DIMS,
);

async function found(options: SearchOptions): Promise<{ pages: number[]; total: number; filters: unknown }> {
  const space = { model: 'm', revision: 'r', dtype: 'q8', pooling: 'mean', prompt: '', dims: DIMS } as const;
  const { manifest, files } = await makeBundle(content, vectors, space, {
    root: '',
    encoder: null,
    adapters: [],
    zip: (bytes) => {
      const zipped = new Uint8Array(gzipSync(bytes));
      zipped[9] = 255;
      return zipped;
    },
  });
  const parts = new PartSource('https://site.example/', [], (address) => {
    const file = new Request(address).url.slice('https://site.example/'.length);
    return Promise.resolve(new Response(files.get(file)!.slice()));
  });
  const collection = await Collection.open(manifest, 'https://site.example/era-search.json', parts);
  const read = { vector: Float32Array.of(1, 0, 0, 0), isAdapted: false, isLabelled: false, keywordFactor: 1 };
  const scanner = await openScanner(vectors);
  const dense = (): Promise<DenseRetriever> => Promise.resolve(new DenseRetriever(scanner, vectors));
  // No page has the word.
  const query = toSearchQuery('unheard', { limit: 100, ...options });
  const answers = collection.search(query, Promise.resolve(read), dense, false);
  const { value } = (await answers.next()) as { value: CollectionFindings };
  return {
    // In their order: eight bits do not tell neighbours apart.
    pages: value.pages.map(({ page }) => page).sort((a, b) => a - b),
    total: value.total,
    filters: value.filters,
  };
}

const range = (from: number, to: number): number[] => numbers.slice(from, to);

for (const mode of ['hybrid', 'dense'] as const) {
  test(`${mode}: a filter that most pages fail is answered by all that pass it`, async () => {
    expect((await found({ mode, filters: { kind: 'guide' } })).pages).toEqual(range(GUIDES, PAGES));
  });

  test(`${mode}: a language that few pages are in is answered by these`, async () => {
    expect((await found({ mode, language: 'de' })).pages).toEqual(range(GERMAN, GUIDES));
    expect((await found({ mode, language: 'de', filters: { kind: 'guide' } })).pages).toEqual([]);
  });
}

test('without a filter the nearest hundred are found, and a filter does not change the counts of other values', async () => {
  const all = await found({ mode: 'hybrid' });
  expect(all.pages).toEqual(range(0, 100));
  expect(all.filters).toEqual({ kind: { blog: 100 } });
  const guides = await found({ mode: 'hybrid', filters: { kind: 'guide' } });
  expect(guides.total).toBe(10);
  expect(guides.filters).toEqual({ kind: { blog: 100, guide: 10 } });
});
