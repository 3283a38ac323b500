// A collection whose manifest claims more than its parts have is refused before memory is taken for it. What the refusal
// asks for is counted in bytes.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { allocatedWhile } from '../allocations.fixture.ts';
import { claimedManifest, claimedPart } from '../format/claimed-manifest.fixture.ts';
import type { SiteFacets } from '../format/site-facets.ts';
import { partName, type SiteManifest, type SitePart } from '../format/site-manifest.ts';
import { PartSource } from '../transfer/part-source.ts';
import { Collection } from './collection.ts';
import { factsOfPages } from './page-facts.ts';

const MIB = 2 ** 20;

/** A manifest that is sound in itself: its parts are said to be as large as so many pages need. */
const manifestOf = (pages: number, base: SitePart): SiteManifest => claimedManifest(pages, { pageBytes: 1, base });

/** The base part of one passage: its page, the lengths of its fields, no weight. */
const ONE_ROW = Uint8Array.of(1, 0, 0, 0, 1, 0);
/** One that claims 16 million passages. */
const MANY_ROWS = Uint8Array.of(0x80, 0x80, 0x80, 8, ...new Uint8Array(100));

test.each([
  ['of one passage', ONE_ROW],
  ['that claims as many', MANY_ROWS],
])('16 million pages with a base part %s', async (_, content) => {
  // The server has unpacked the part, so that its hash cannot be compared.
  const manifest = manifestOf(2 ** 24, claimedPart('base', 100_000));
  const fetch = (): Promise<Response> => Promise.resolve(new Response(content));
  const { bytes, error } = await allocatedWhile(() =>
    Collection.open(manifest, 'https://a.example/', new PartSource('https://a.example/', [], fetch)),
  );
  expect(error).toMatchObject({ code: 'index-format' });
  expect(bytes).toBeLessThan(MIB);
});

test('a base part that is as it was made opens', async () => {
  const zipped = new Uint8Array(gzipSync(ONE_ROW));
  const base = { file: partName('base', createHash('sha256').update(zipped).digest('hex')), bytes: zipped.length };
  const fetch = (): Promise<Response> => Promise.resolve(new Response(zipped));
  const source = new PartSource('https://a.example/', [], fetch);
  const collection = await Collection.open(manifestOf(1, base), 'https://a.example/', source);
  expect(collection.allFacts).toEqual([{ language: 'en', fallbackFor: undefined, filters: {}, sort: {} }]);
});

test('a page with many values of a filter has them in a list that is made once', () => {
  const values = Array.from({ length: 20_000 }, (_, i): [string, readonly number[]] => [String(i), [0]]);
  const facets: SiteFacets = {
    languages: new Map([['en', [0, 1]]]),
    filters: new Map([
      ['tag', new Map(values)],
      ['__proto__', new Map([['x', [1]]])],
    ]),
    fallbacks: new Map(),
    sort: new Map([['__proto__', [null, '1']]]),
    defaults: new Map(),
  };
  const manifest = { ...manifestOf(2, claimedPart('base', 10)), languages: ['en'] };
  const iterate = Array.prototype[Symbol.iterator];
  let visited = 0;
  Array.prototype[Symbol.iterator] = function (this: unknown[]) {
    visited += this.length;
    return iterate.call(this);
  };
  let pages: ReturnType<typeof factsOfPages>;
  try {
    pages = factsOfPages(manifest, facets);
  } finally {
    Array.prototype[Symbol.iterator] = iterate;
  }
  expect(visited).toBeLessThan(10 * values.length);
  expect(pages[0]!.filters['tag']).toHaveLength(20_000);
  expect(Object.entries(pages[1]!.filters)).toEqual([['__proto__', ['x']]]);
  expect(Object.entries(pages[1]!.sort)).toEqual([['__proto__', '1']]);
});
