// Sizes that a file claims are compared with what its bytes can hold before memory is taken for them. What a refusal
// asks for is counted in bytes, so that no verdict depends on the machine.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocatedBy, REFUSAL_BYTES } from '../allocations.fixture.ts';
import { claimedManifest, claimedPart, hashOf } from './claimed-manifest.fixture.ts';
import { decodeCuration } from './curation-part.ts';
import { mostBytes } from './part-sizes.ts';
import { decodeFacets } from './site-facets.ts';
import { parseSiteManifest, siteManifestText, type PartKind, type SiteManifest } from './site-manifest.ts';
import { decodePagePart, decodeTextPart } from './site-parts.ts';

const MIB = 2 ** 20;

const SPACE = 'm@r;dtype=q8;pool=mean;norm=l2;prompt=;dims=384';

/** A collection of so many pages with a passage each, whose parts have four bytes a page. */
function manifestOf(pages: number): SiteManifest {
  return claimedManifest(pages, {
    pageBytes: 4,
    base: claimedPart('base', 4 * pages),
    space: SPACE,
    vectorParts: [{ first: 0, ...claimedPart('vectors', 388 * pages) }],
    static: {
      dims: 192,
      head: claimedPart('static', 4 * pages),
      clusters: [claimedPart('cluster', 10)],
      words: [],
      directions: claimedPart('directions', 10),
    },
  });
}

/** The manifest of 100 pages with some other fields, and the build that goes with them. */
function claiming(change: Readonly<Record<string, unknown>>): string {
  const fields = { ...(JSON.parse(siteManifestText(manifestOf(100))) as Record<string, unknown>), ...change };
  const rest = Object.entries(fields).filter(([name]) => !['format', 'version', 'build'].includes(name));
  const { format, version } = fields;
  const build = hashOf(JSON.stringify({ version, ...Object.fromEntries(rest) })).slice(0, 16);
  return JSON.stringify({ format, version, build, ...Object.fromEntries(rest) });
}

const columns = (count: number, bytes: number): unknown => ({
  hashes: '0123456789abcdef'.repeat(count),
  bytes: Array.from({ length: count }, () => bytes),
});
const single = (bytes: number): unknown => ({ hash: '0123456789abcdef', bytes });
const encoding = (change: object): unknown => ({
  dims: 192,
  head: single(400),
  clusters: columns(1, 10),
  words: { firsts: [], ...(columns(0, 0) as object) },
  directions: single(10),
  ...change,
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['16 million pages and passages', { pages: 2 ** 24, passages: 2 ** 24 }],
  ['16 million pages', { pages: 2 ** 24 }],
  ['16 million passages', { passages: 2 ** 24 }],
  ['more pages than their parts hold', { pages: 40_000 }],
  ['more passages than the base holds', { passages: 30_000, base: single(10) }],
  ['fewer vectors than passages', { vectorParts: { firsts: [0], ...(columns(1, 388 * 99) as object) } }],
  ['a file of a terabyte', { dictionary: single(2 ** 40) }],
  ['vectors of a terabyte', { vectorParts: { firsts: [0], ...(columns(1, 2 ** 40) as object) } }],
  ['more clusters than passages have', { static: encoding({ clusters: columns(21, 10) }) }],
  ['a static encoder larger than its part', { static: encoding({ dims: 4096, head: single(1) }) }],
])('a manifest that claims %s is refused at once', (_, change) => {
  const text = claiming(change);
  const { bytes, error } = allocatedBy(() => parseSiteManifest(text));
  expect(error).toMatchObject({ code: 'index-format' });
  expect(bytes).toBeLessThan(MIB);
});

test('a manifest of a real size is read, up to the most passages', () => {
  expect(parseSiteManifest(claiming({})).pages).toBe(100);
  for (const pages of [1, 1000, 600_000]) expect(manifestOf(pages).pages).toBe(pages);
});

test('numbers of a manifest may have any value: a refusal costs as much as the text', () => {
  const number = fc.oneof(fc.nat(200), fc.constantFrom(2 ** 16, 2 ** 20, 2 ** 24, 2 ** 31, 2 ** 40, 2 ** 52));
  const original = claiming({});
  const property = fc.property(fc.array(fc.tuple(fc.nat(24), number), { minLength: 1, maxLength: 4 }), (changes) => {
    let n = -1;
    const changed = JSON.parse(original, (key, value: unknown) => {
      if (typeof value !== 'number' || key === 'version') return value;
      n++;
      return changes.find(([place]) => place === n)?.[1] ?? value;
    }) as Record<string, unknown>;
    const text = claiming(changed);
    const { bytes, error } = allocatedBy(() => parseSiteManifest(text));
    if (error !== null) expect(error).toMatchObject({ code: 'index-format' });
    expect(bytes).toBeLessThan(MIB);
  });
  fc.assert(property, { numRuns: 2000 });
});

const json = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const many = (item: string): string => `[${`${item},`.repeat(Math.floor((4 * MIB) / (item.length + 1)))}${item}]`;

test.each<[string, (bytes: Uint8Array<ArrayBuffer>) => unknown]>([
  ['pages', (bytes) => decodePagePart(bytes, 100)],
  ['texts', (bytes) => decodeTextPart(bytes, { count: 100, pages: 100 })],
  ['facets', (bytes) => decodeFacets(bytes, 100)],
  ['a curation', (bytes) => decodeCuration(bytes, 100)],
  ['a manifest', (bytes) => parseSiteManifest(new TextDecoder().decode(bytes))],
])('%s with millions of values in 4 MB are refused before they are made', (_, read) => {
  for (const text of [many('[]'), many('{}'), many('0'), many('""'), '['.repeat(4 * MIB)]) {
    const bytes = json(text);
    const { bytes: allocated, error } = allocatedBy(() => read(bytes));
    expect(error).toMatchObject({ code: 'index-format' });
    expect(allocated).toBeLessThan(REFUSAL_BYTES);
  }
});

test('what a part may unpack to is far above real ones, and far below what a hostile one would', () => {
  const most = (kind: PartKind, bytes: number): number => mostBytes(claimedPart(kind, bytes));
  // The 200 kB of zeros that unpack to 200 MB.
  expect(most('texts', 200_000)).toBeLessThan(8 * MIB);
  // A million passages: their base, and a term that is in the titles of all.
  expect(most('base', 1000)).toBeGreaterThan(4_000_000);
  expect(most('terms', 1000)).toBeGreaterThan(3_000_000);
  // A book as one record, which is not cut.
  expect(most('texts', 2_000_000)).toBeGreaterThan(16_000_000);
  expect(most('vectors', 1000)).toBe(1000);
  expect(most('rest', 1000)).toBe(1000);
  expect(mostBytes({ file: 'adapters/both-aligned-0.safetensors', bytes: 1000 })).toBe(1000);
  expect(mostBytes({ file: 'parts/texts-0123456789abcdef.era-part', bytes: 0 })).toBe(4 * MIB);
});
