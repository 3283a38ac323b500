// Damaged parts and manifests of a site's index are read or refused with a typed error. FUZZ_SEED=random tries other
// damage.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError, type ErrorCode } from '../errors.ts';
import { quantizeRows } from '../math/quantize.ts';
import { placeCuration } from './curation.ts';
import { decodeCuration, encodeCuration } from './curation-part.ts';
import { decodeFacets, encodeFacets, makeFacets } from './site-facets.ts';
import {
  makeSiteManifest,
  parseSiteManifest,
  partName,
  siteManifestText,
  type PartKind,
  type SiteManifest,
} from './site-manifest.ts';
import {
  decodePagePart,
  decodeTextPart,
  decodeVectorPart,
  encodePagePart,
  encodeTextPart,
  encodeVectorPart,
} from './site-parts.ts';
import { numberPassages, type SitePage } from './site.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const pages: SitePage[] = [
  {
    url: '',
    title: 'Home',
    language: 'en',
    meta: { image: 'a.png', __proto__x: '' },
    filters: { type: ['guide', 'API'] },
    sort: { date: '2024' },
  },
  { url: 'ä/b.html', title: '\u{feff}🦊 "\\', language: 'de', meta: {}, filters: {}, sort: {} },
  { id: 'doc~1#2', url: '', title: 'No address', language: '', meta: {}, filters: {}, sort: {} },
  {
    url: 'https://example.org/',
    title: '',
    language: '',
    meta: {},
    filters: { type: ['guide'], ü: [''] },
    sort: { date: '2023', n: '10' },
  },
];
const passages = numberPassages([
  { page: 0, headings: [], anchor: '', text: 'one', weight: 1 },
  { page: 0, headings: ['A', 'B'], anchor: 'x~1', text: '\ud800 alone', weight: 0.5 },
  { page: 2, headings: [''], anchor: 'x', text: '', weight: 0 },
  { page: 2, headings: [''], anchor: 'x', text: 'twice', weight: 0 },
]);
const vectors = quantizeRows(
  Float32Array.from({ length: 15 }, (_, i) => Math.sin(i + 1)),
  5,
);

const hash = (of: string): string => createHash('sha256').update(of).digest('hex');
const part = (kind: PartKind, n = 0): { file: string; bytes: number } => ({
  file: partName(kind, hash(kind + String(n))),
  bytes: 10 + n,
});
const content: Omit<SiteManifest, 'format' | 'version' | 'build' | 'index'> = {
  root: '../',
  pages: 3,
  passages: 900,
  languages: ['en', 'de'],
  analyzer: 'standard/1',
  space: 'm@r;dtype=q8;pool=mean;norm=l2;prompt=;dims=5',
  content: hash('content'),
  encoder: { model: 'm', models: 'models/' },
  keyword: {
    base: part('base'),
    dictionary: part('dictionary'),
    terms: [
      { first: '--all', ...part('terms', 1) },
      { first: 'ü', ...part('terms', 2) },
    ],
  },
  pageParts: [{ first: 0, ...part('pages') }],
  textParts: [
    { first: 0, ...part('texts', 1) },
    { first: 450, ...part('texts', 2) },
  ],
  vectorParts: [{ first: 0, file: part('vectors').file, bytes: 900 * (4 + 5) }],
  static: {
    dims: 192,
    head: part('static'),
    clusters: [part('cluster', 1), part('cluster', 2)],
    words: [
      { first: 'aardvark', ...part('words', 3) },
      { first: 'zebra', ...part('words', 4) },
    ],
    directions: part('directions'),
  },
  start: { ...part('start', 20), parts: 3 },
  rest: [
    { ...part('rest', 44), parts: 5 },
    { ...part('rest', 45), parts: 5 },
  ],
  facets: part('facets'),
  curation: part('curation'),
  adapters: [{ path: 'both', stage: 'aligned', file: 'adapters/both-aligned-0.safetensors', bytes: 5 }],
};
const manifest = makeSiteManifest(content);

function outcome<T>(read: () => T): T | ErrorCode {
  try {
    return read();
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
}

/** Versions with bytes replaced, removed, inserted or moved. */
function damagedVersions(original: Uint8Array): fc.Arbitrary<Bytes> {
  const place = fc.nat(original.length);
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('0129-",[]{}:\\n')));
  const replaced = fc
    .array(fc.tuple(fc.nat(original.length - 1), byte), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Uint8Array.from(original);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  const spliced = fc
    .tuple(place, place, fc.array(byte, { maxLength: 6 }))
    .map(([a, b, extra]) => Uint8Array.of(...original.subarray(0, a), ...extra, ...original.subarray(b)));
  return fc.oneof(replaced, spliced);
}

/** Versions with any JSON in place of a value of the original. */
function otherValues(text: string): fc.Arbitrary<string> {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(-1, 0.5, 1e300, 2 ** 53, '', null, [], {}, [[]]),
  );
  return fc.tuple(fc.nat(200), value).map(([at, replacement]) => {
    let n = 0;
    return JSON.stringify(JSON.parse(text, (_, old: unknown) => (n++ === at ? replacement : old)));
  });
}

function fuzz<T>(original: Bytes, read: (bytes: Bytes) => T, write: (content: T) => Bytes): void {
  expect(write(read(original))).toEqual(original);
  const expectSound = (bytes: Bytes): void => {
    const result = outcome(() => read(bytes));
    if (typeof result === 'string') expect(result).toBe('index-format');
    else expect(write(result)).toEqual(bytes);
  };
  fc.assert(fc.property(damagedVersions(original), expectSound), { numRuns: 4000 });
}

function fuzzJson<T>(original: Bytes, read: (bytes: Bytes) => T, write: (content: T) => Bytes): void {
  fuzz(original, read, write);
  const property = fc.property(otherValues(Buffer.from(original).toString()), (text) => {
    const bytes = new TextEncoder().encode(text);
    const result = outcome(() => read(bytes));
    if (typeof result === 'string') expect(result).toBe('index-format');
    else expect(write(result)).toEqual(bytes);
  });
  fc.assert(property, { numRuns: 3000 });
}

test('a damaged part of pages is refused or is another valid one', () => {
  const plain = pages.filter(({ id }) => id === undefined);
  for (const some of [pages, plain])
    fuzzJson(encodePagePart(some), (bytes) => decodePagePart(bytes, some.length), encodePagePart);
  expect(outcome(() => decodePagePart(encodePagePart([{ ...pages[0]!, id: '' }]), 1))).toBe('index-format');
});

test('a damaged part of texts is refused or is another valid one', () => {
  fuzzJson(encodeTextPart(passages), (bytes) => decodeTextPart(bytes, { count: 4, pages: 3 }), encodeTextPart);
});

test('damaged facets are refused or are other valid ones', () => {
  const fallback = pages.map((page, i) => (i === 1 ? { ...page, fallbackFor: 'de' } : page));
  for (const content of [{ pages }, { pages: fallback, defaultFilters: { version: ['2', ''], a: [] } }])
    fuzzJson(encodeFacets(makeFacets(content)!), (bytes) => decodeFacets(bytes, 4), encodeFacets);
});

test('a damaged curation is refused or is another valid one', () => {
  const { placed, report } = placeCuration(
    {
      synonyms: ['k8s, kubernetes', 'ci => continuous integration'],
      boosts: { '*': 2, 'ä/**': 0.5, 'x/*': 1 },
      pins: { 'in stall': ['./', 'gone.html', 'doc~1#2'], '404': ['/ä/b.html'] },
      excluded: ['Acme'],
    },
    pages,
  );
  expect(report).toEqual({ synonyms: 2, boosted: 3, pinned: 2, excluded: 1, missing: ['x/*', 'gone.html'] });
  fuzzJson(encodeCuration(placed), (bytes) => decodeCuration(bytes, 4), encodeCuration);
  fuzzJson(encodeCuration(placeCuration({}, pages).placed), (bytes) => decodeCuration(bytes, 4), encodeCuration);
});

test('a damaged part of vectors is refused or is another valid one', () => {
  fuzz(
    encodeVectorPart(vectors, 0, 3),
    (bytes) => decodeVectorPart(bytes, 3, 5),
    (read) => encodeVectorPart(read, 0, 3),
  );
});

test('a part of vectors at an unaligned offset reads the same', () => {
  const bytes = encodeVectorPart(vectors, 1, 3);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  expect(decodeVectorPart(shifted, 2, 5)).toEqual({
    codes: vectors.codes.slice(5),
    scales: vectors.scales.slice(1),
    dims: 5,
  });
});

test('a page whose address is a script is refused', () => {
  for (const url of ['javascript:alert(1)', ' \tJava\nScript:x', 'data:text/html,x', 'blob:x', 'file:///etc']) {
    expect(outcome(() => decodePagePart(encodePagePart([{ ...pages[0]!, url }]), 1))).toBe('index-format');
  }
  for (const url of ['a:b/c'.replace(':', '/'), 'HTTP://example.org/', '?a=b:c', './a:b', '//example.org/x']) {
    expect(decodePagePart(encodePagePart([{ ...pages[0]!, url }]), 1)[0]!.url).toBe(url);
  }
});

test('a manifest is read back unchanged', () => {
  expect(parseSiteManifest(siteManifestText(manifest))).toEqual(manifest);
  const bare = makeSiteManifest({
    ...content,
    space: null,
    encoder: null,
    vectorParts: [],
    static: null,
    start: null,
    rest: [],
    facets: null,
    curation: null,
    adapters: [],
    languages: [],
  });
  expect(parseSiteManifest(siteManifestText(bare))).toEqual(bare);
  expect(bare.build).not.toBe(manifest.build);
});

test('every change of a manifest is refused: its build is a hash of the rest', () => {
  const text = siteManifestText(manifest);
  const property = fc.property(
    fc.oneof(
      damagedVersions(Buffer.from(text)).map((bytes) => Buffer.from(bytes).toString()),
      otherValues(text),
    ),
    (damaged) => {
      if (damaged !== text)
        expect(outcome(() => parseSiteManifest(damaged))).toMatch(/^(index-format|unsupported-version)$/);
    },
  );
  fc.assert(property, { numRuns: 6000 });
});

test('a damaged manifest with a corrected build is refused or read as written', () => {
  let accepted = 0;
  const property = fc.property(
    otherValues(JSON.stringify({ ...(JSON.parse(siteManifestText(manifest)) as object), build: '' })),
    (damaged) => {
      const value = JSON.parse(damaged) as Record<string, unknown> | null;
      if (typeof value !== 'object' || value === null) return;
      const { format, version } = value;
      const rest = Object.fromEntries(
        Object.entries(value).filter(([name]) => !['format', 'version', 'build'].includes(name)),
      );
      const build = hash(JSON.stringify({ version, ...rest })).slice(0, 16);
      const text = JSON.stringify({ format, version, build, ...rest });
      const result = outcome(() => parseSiteManifest(text));
      if (typeof result === 'string') {
        expect(result).toMatch(/^(index-format|unsupported-version)$/);
      } else {
        expect(siteManifestText(result)).toBe(text);
        expect(result.adapters.every(({ file }) => !/^[/.]|\/\.|:|\\/.test(file))).toBe(true);
        accepted++;
      }
    },
  );
  fc.assert(property, { numRuns: 6000 });
  expect(accepted).toBeGreaterThan(0);
});

// Written by builds of that version: for the documentation of git, and for two pages.
test.each([
  [1, 242, 'standard/1'],
  [2, 2, 'standard/1'],
  [3, 2, 'standard/1'],
  [4, 2, 'standard/1'],
] as const)(
  'a manifest of version %i is read as it was written, with the names of its parts',
  (version, pages, analyzer) => {
    const released = readFileSync(new URL(`./site-manifest-${String(version)}.json`, import.meta.url), 'utf8');
    const read = parseSiteManifest(released);
    expect(read).toMatchObject({ version, analyzer, pages });
    expect(read.content === null).toBe(version < 3);
    const { base, dictionary, terms } = read.keyword;
    for (const { file } of [base, dictionary, ...terms, ...read.pageParts, ...read.textParts, ...read.vectorParts])
      expect(file).toMatch(
        version < 4 ? /^parts\/[a-z]+-[0-9a-f]{16}\.era-part$/ : /^parts\/[a-z]+-[0-9a-f]{16}\.bin$/,
      );
    expect(read.static).toBeNull();
    expect(siteManifestText(read)).toBe(released);
    expect(outcome(() => parseSiteManifest(released.replace(`"version":${String(version)}`, '"version":5')))).toBe(
      'index-format',
    );
  },
);

test('the parts of a new manifest have an extension that every host knows', () => {
  const {
    keyword,
    pageParts,
    textParts,
    vectorParts,
    static: encoding,
  } = parseSiteManifest(siteManifestText(manifest));
  for (const { file } of [
    keyword.base,
    keyword.dictionary,
    ...keyword.terms,
    ...pageParts,
    ...textParts,
    ...vectorParts,
    encoding!.head,
    ...encoding!.clusters,
  ])
    expect(file).toMatch(/^parts\/[a-z]+-[0-9a-f]{16}\.bin$/);
});

test('the schema accepts what is written and refuses what a reader refuses', () => {
  const isValid = new Ajv2020().compile(
    JSON.parse(readFileSync(new URL('./manifest.schema.json', import.meta.url), 'utf8')) as object,
  );
  const bare = makeSiteManifest({
    ...content,
    space: null,
    encoder: null,
    vectorParts: [],
    start: null,
    rest: [],
    facets: null,
    curation: null,
    adapters: [],
    languages: [],
  });
  for (const written of [manifest, bare])
    expect(isValid(JSON.parse(siteManifestText(written))), JSON.stringify(isValid.errors)).toBe(true);
  const refused = fc.property(otherValues(siteManifestText(manifest)), (text) => {
    if (!isValid(JSON.parse(text)))
      expect(outcome(() => parseSiteManifest(text))).toMatch(/^(index-format|unsupported-version)$/);
  });
  fc.assert(refused, { numRuns: 3000 });
});

test('the manifest of an index from before collections is distinguished from a damaged one', () => {
  const sha256 = hash('index');
  const old = {
    format: 'era-search-index',
    version: 1,
    file: `index-${sha256.slice(0, 16)}.era`,
    bytes: 99,
    sha256,
    space: content.space,
    passages: 2,
  };
  expect(outcome(() => parseSiteManifest(JSON.stringify(old, null, 2)))).toBe('old-index');
});

test('a manifest of a newer release has its own error', () => {
  const newer = siteManifestText(manifest).replace('"version":5', '"version":6');
  expect(outcome(() => parseSiteManifest(newer))).toBe('unsupported-version');
  const unlike = JSON.stringify({ format: 'era-search-site', version: 6, parts: {} });
  expect(outcome(() => parseSiteManifest(unlike))).toBe('unsupported-version');
});

test('manifests that contradict themselves are refused', () => {
  const wrong: Partial<SiteManifest>[] = [
    { space: null },
    { content: 'x' },
    { vectorParts: [] },
    { textParts: [] },
    { pageParts: [] },
    { textParts: [{ first: 1, ...part('texts') }] },
    { textParts: [...content.textParts, { first: 900, ...part('texts', 3) }] },
    { pages: 0 },
    { keyword: { ...content.keyword, terms: content.keyword.terms.toReversed() } },
    { adapters: [{ ...content.adapters[0]!, file: '../secret' }] },
    { adapters: [{ ...content.adapters[0]!, file: 'https://elsewhere.example/a' }] },
    { adapters: [{ ...content.adapters[0]!, file: '/a' }] },
    { space: 'no space' },
    { keyword: { ...content.keyword, base: { file: 'elsewhere', bytes: 1 } } },
  ];
  for (const change of wrong) expect(outcome(() => makeSiteManifest({ ...content, ...change }))).toBe('index-format');
});
