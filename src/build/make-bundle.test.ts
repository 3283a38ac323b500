import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError, type ErrorCode } from '../errors.ts';
import { sha256Hex } from '../format/sha256.ts';
import { decodeFacets, makeFacets } from '../format/site-facets.ts';
import {
  contentHash,
  parseSiteManifest,
  SITE_MANIFEST_FILE,
  type NumberedPart,
  type SitePart,
} from '../format/site-manifest.ts';
import { decodePagePart, decodeTextPart, decodeVectorPart, joinVectorParts } from '../format/site-parts.ts';
import { numberPassages, toPassages, type SiteContent, type SitePage } from '../format/site.ts';
import { KeywordIndex } from '../lexical/keyword-index.ts';
import { termPartsOf } from '../lexical/term-parts.ts';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import type { Space } from '../space.ts';
import { makeBundle, type CollectionBundle } from './make-bundle.ts';

const options = {
  root: '../',
  encoder: { model: 'm', models: 'models/' },
  adapters: [{ path: 'both', stage: 'aligned', file: 'adapters/both.safetensors', bytes: 9 }],
  zip: (bytes: Uint8Array) => gzipSync(bytes),
} as const;
const space = (dims: number): Space => ({ model: 'm', revision: 'r', dtype: 'q8', pooling: 'mean', prompt: '', dims });
const vectorsOf = (count: number, dims: number): ReturnType<typeof quantizeRows> => {
  const random = new Random(count * 1000 + dims);
  return quantizeRows(
    Float32Array.from({ length: count * dims }, () => random.normal()),
    dims,
  );
};

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '__proto__', 'a~1', '~', 'constructor', 'x'.repeat(20_000), 'Words, and more words.'),
);
const record = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(fc.oneof(text, fc.constantFrom('10', '2', 'b')), value, { maxKeys: 3 });
const page = fc.record({
  hasId: fc.boolean(),
  title: text,
  language: fc.constantFrom('', 'en', 'de'),
  meta: record(text),
  filters: record(fc.array(text, { maxLength: 3 })),
  sort: record(text),
});
const passage = fc.record({
  pageStep: fc.nat(2),
  headings: fc.array(text, { maxLength: 3 }),
  anchor: fc.oneof(text, fc.constantFrom('a', 'a~1', '~1')),
  text,
  weight: fc.constantFrom(1, 0, 0.1, 10),
});
/** Passages that go through the pages in order. */
const contents = fc
  .tuple(fc.array(page, { minLength: 1, maxLength: 8 }), fc.array(passage, { minLength: 1, maxLength: 20 }))
  .map(([pages, passages]): SiteContent => {
    let number = 0;
    return {
      pages: pages.map(({ hasId, ...rest }, i): SitePage =>
        hasId ? { id: `p#${String(i)}`, url: '', ...rest } : { url: `p${String(i)}.html`, ...rest },
      ),
      passages: passages.map(({ pageStep, ...rest }) => ({
        page: (number = Math.min(pages.length - 1, number + pageStep)),
        ...rest,
      })),
    };
  });

/** The bytes that a browser receives for a part. */
function fetched({ files }: CollectionBundle, { file, bytes }: SitePart): Uint8Array<ArrayBuffer> {
  const found = files.get(file)!;
  expect(found.length).toBe(bytes);
  expect(file).toContain(createHash('sha256').update(found).digest('hex').slice(0, 16));
  return new Uint8Array(file.startsWith('parts/vectors-') ? found : gunzipSync(found));
}

function decodeAll<T>(
  bundle: CollectionBundle,
  parts: readonly NumberedPart[],
  total: number,
  decode: (bytes: Uint8Array<ArrayBuffer>, count: number) => T,
): T[] {
  return parts.map((part, i) => decode(fetched(bundle, part), (parts[i + 1]?.first ?? total) - part.first));
}

function keywordIndex(bundle: CollectionBundle): KeywordIndex {
  const { base, dictionary, terms } = bundle.manifest.keyword;
  return new KeywordIndex({
    base: fetched(bundle, base),
    dictionary: () => Promise.resolve(fetched(bundle, dictionary)),
    terms: termPartsOf(terms, (part) => Promise.resolve(fetched(bundle, part))),
  });
}

test('any content is read back from its files and has the hash of the manifest', async () => {
  const property = fc.asyncProperty(contents, fc.integer({ min: 1, max: 5 }), async (content, dims) => {
    const vectors = vectorsOf(content.passages.length, dims);
    const bundle = await makeBundle(content, vectors, space(dims), options);
    const manifest = parseSiteManifest(Buffer.from(bundle.files.get(SITE_MANIFEST_FILE)!).toString());
    expect(manifest).toEqual(bundle.manifest);
    const pages = decodeAll(bundle, manifest.pageParts, manifest.pages, decodePagePart).flat();
    const passages = decodeAll(bundle, manifest.textParts, manifest.passages, (bytes, count) =>
      decodeTextPart(bytes, { count, pages: manifest.pages }),
    ).flat();
    const joined = joinVectorParts(
      decodeAll(bundle, manifest.vectorParts, manifest.passages, (bytes, count) =>
        decodeVectorPart(bytes, count, dims),
      ),
    );
    expect({ pages, passages }).toEqual({ pages: content.pages, passages: numberPassages(content.passages) });
    expect(joined).toEqual(vectors);
    expect(manifest.facets && decodeFacets(fetched(bundle, manifest.facets), manifest.pages)).toEqual(
      makeFacets(content),
    );
    const digests = [...manifest.pageParts, ...manifest.textParts, ...manifest.vectorParts].map((part) =>
      sha256Hex(fetched(bundle, part)),
    );
    expect(contentHash(digests)).toBe(manifest.content);
    expect(new Set(toPassages(content).map(({ id }) => id)).size).toBe(content.passages.length);
    expect(keywordIndex(bundle).count).toBe(content.passages.length);
  });
  await fc.assert(property, { numRuns: 150 });
});

test('many parts: rows, pages and vectors stay in place', async () => {
  const random = new Random(5);
  const count = 3000;
  const content: SiteContent = {
    pages: Array.from({ length: 600 }, (_, i) => ({
      url: `p/${String(i)}`,
      title: `Page ${String(i)}`,
      language: 'en',
      meta: {},
      filters: {},
      sort: {},
    })),
    passages: Array.from({ length: count }, (_, i) => ({
      page: Math.floor(i / 5),
      headings: [`H${String(i % 5)}`],
      anchor: `h${String(i % 5)}`,
      text: `row${String(i)} ${'lorem ipsum dolor '.repeat(1 + Math.floor(random.float() * 20))}`,
      weight: 1,
    })),
  };
  const bundle = await makeBundle(content, vectorsOf(count, 200), space(200), options);
  const { manifest } = bundle;
  for (const parts of [manifest.keyword.terms, manifest.pageParts, manifest.textParts, manifest.vectorParts])
    expect(parts.length).toBeGreaterThan(1);
  expect(
    decodeAll(bundle, manifest.textParts, count, (bytes, n) => decodeTextPart(bytes, { count: n, pages: 600 })).flat(),
  ).toEqual(numberPassages(content.passages));
  const index = keywordIndex(bundle);
  for (const row of [0, 1234, 2999])
    expect([...(await index.search(`row${String(row)}`, { prefix: false })).rows]).toEqual([row]);
});

test('the same content gives the same bytes', async () => {
  const content = fc.sample(contents, { numRuns: 1, seed: 3 })[0]!;
  const make = (given: SiteContent): Promise<CollectionBundle> =>
    makeBundle(given, vectorsOf(given.passages.length, 4), space(4), options);
  expect(await make(structuredClone(content))).toEqual(await make(content));
});

test('without vectors the site is searched by keywords', async () => {
  const content = {
    pages: [{ url: '', title: 'Home', language: '', meta: {}, filters: {}, sort: {} }],
    passages: [{ page: 0, headings: [], anchor: '', text: 'one word', weight: 1 }],
  };
  const bundle = await makeBundle(content, null, null, { ...options, encoder: null });
  expect(bundle.manifest).toMatchObject({ space: null, vectorParts: [], facets: null });
  expect((await keywordIndex(bundle).search('wo')).rows.length).toBe(1);
});

test('invalid content is refused', async () => {
  const site: SiteContent = {
    pages: [{ url: 'a', title: 'A', language: '', meta: {}, filters: {}, sort: {} }],
    passages: [{ page: 0, headings: [], anchor: '', text: 'one', weight: 1 }],
  };
  const codeOf = async (change: Partial<SiteContent>): Promise<ErrorCode | 'none'> => {
    try {
      await makeBundle({ ...site, ...change }, null, null, options);
    } catch (error) {
      if (isEraError(error)) return error.code;
      throw error;
    }
    return 'none';
  };
  expect(await codeOf({})).toBe('none');
  expect(await codeOf({ passages: [] })).toBe('empty-corpus');
  expect(await codeOf({ pages: [site.pages[0]!, site.pages[0]!] })).toBe('duplicate-id');
  expect(
    await codeOf({
      pages: [
        { ...site.pages[0]!, id: 'x', url: '' },
        { ...site.pages[0]!, id: 'x' },
      ],
    }),
  ).toBe('duplicate-id');
  const twice = [0, 0, 1].map((page) => ({ ...site.passages[0]!, page }));
  expect(await codeOf({ pages: [site.pages[0]!, { ...site.pages[0]!, id: 'a#~1' }], passages: twice })).toBe(
    'duplicate-id',
  );
  expect(await codeOf({ pages: [{ ...site.pages[0]!, url: ' java\nscript:alert(1)' }] })).toBe('invalid-input');
  const codeWith = async (vectors: ReturnType<typeof vectorsOf>): Promise<unknown> =>
    makeBundle(site, vectors, space(4), options).then(
      () => 'none',
      (error: unknown) => (isEraError(error) ? error.code : error),
    );
  expect(await codeWith(vectorsOf(1, 4))).toBe('none');
  for (const vectors of [vectorsOf(1, 3), vectorsOf(2, 4)]) expect(await codeWith(vectors)).toBe('dimension-mismatch');
  expect(await codeWith({ ...vectorsOf(1, 4), scales: Float32Array.of(NaN) })).toBe('not-finite');
  expect(await codeWith({ ...vectorsOf(1, 4), codes: new Int8Array(4).fill(-128) })).toBe('invalid-input');
  for (const wrong of [{ page: 1 }, { page: -1 }, { page: 0.5 }, { weight: NaN }, { weight: -1 }])
    expect(await codeOf({ passages: [{ ...site.passages[0]!, ...wrong }] })).toBe('invalid-input');
});
