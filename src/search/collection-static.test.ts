// The first answer of a collection with a static query encoder, over its published parts.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { standardAnalyzer } from '../analysis/standard-analyzer.ts';
import { makeBundle, type CollectionBundle } from '../build/make-bundle.ts';
import { fitStatic, ownTerms } from '../encode/static/fit-static.ts';
import { knownAnswer } from '../encode/static/known-answer.ts';
import { MODEL_DIMS, plainPeaks, readByWords } from '../encode/static/word-vectors.fixture.ts';
import type { KnownAnswer, StaticIndex } from '../format/static-parts.ts';
import { quantizeRows } from '../math/quantize.ts';
import { dot } from '../math/vector.ts';
import { PartSource } from '../transfer/part-source.ts';
import { Collection, type CollectionFindings } from './collection.ts';
import { toSearchQuery, type SearchOptions } from './query.ts';

const TOPICS = ['kayak paddle river', 'oven bread dough', 'tent rope mountain', 'piano violin concert'];
const texts = Array.from({ length: 480 }, (_, i) => `${TOPICS[i % 4]!} number${String(i)}`);
const vectors = readByWords(texts);
const cut = texts.map((text) => standardAnalyzer.tokens(text));
const own = ownTerms(cut, new Set(['canoe']));
const encoding = await fitStatic(
  { words: cut, vectors, dims: MODEL_DIMS, passages: texts.length },
  {
    general: {
      space: 'm',
      analyzer: 'standard/1',
      dims: MODEL_DIMS,
      terms: ['canoe'],
      shares: Float32Array.of(1e-6),
      // It means what “kayak” means.
      rows: readByWords(['kayak']),
      provenance: {},
    },
    own: { terms: own, vectors: readByWords(own) },
    peaks: plainPeaks,
    pause: () => Promise.resolve(),
  },
);
const bundle = await publish(encoding);

function publish(index: StaticIndex): Promise<CollectionBundle> {
  return makeBundle(
    {
      pages: texts.map((title, i) => ({
        url: `${String(i)}.html`,
        title,
        language: 'en',
        meta: {},
        filters: {},
        sort: {},
      })),
      passages: texts.map((text, page) => ({ page, headings: [], anchor: '', text, weight: 1 })),
    },
    quantizeRows(vectors, MODEL_DIMS),
    { model: 'm', revision: 'r', dtype: 'q8', pooling: 'mean', prompt: '', dims: MODEL_DIMS },
    {
      root: '../',
      encoder: null,
      adapters: [],
      zip: (bytes) => {
        const zipped = new Uint8Array(gzipSync(bytes));
        zipped[9] = 255;
        return zipped;
      },
      static: index,
    },
  );
}

/**
 * @param without parts of these kinds cannot be fetched
 * @param held parts of this kind wait for it
 */
async function open(
  without: readonly string[] = [],
  held?: { readonly kind: string; readonly until: Promise<void> },
  { manifest, files }: CollectionBundle = bundle,
): Promise<{ collection: Collection; fetched: string[] }> {
  const fetched: string[] = [];
  const fetch: typeof globalThis.fetch = async (address) => {
    const file = new Request(address).url.slice('https://site.example/'.length);
    fetched.push(file);
    if (without.some((kind) => file.startsWith(`parts/${kind}-`))) return new Response('', { status: 404 });
    if (held && file.startsWith(`parts/${held.kind}-`)) await held.until;
    return new Response(files.get(file)!.slice());
  };
  const parts = new PartSource('https://site.example/', [], fetch);
  return { collection: await Collection.open(manifest, 'https://site.example/era-search.json', parts), fetched };
}

async function ask(collection: Collection, text: string, options: SearchOptions = {}): Promise<CollectionFindings[]> {
  const answers: CollectionFindings[] = [];
  const nothing = Promise.resolve(null);
  for await (const answer of collection.search(toSearchQuery(text, options), nothing, () => nothing, true))
    answers.push(answer);
  return answers;
}

const isAbout = ({ pages }: CollectionFindings, word: string): boolean =>
  pages.length > 0 && pages.every(({ title }) => title.includes(word));

test('the first answer is by meaning too: a word that no passage has finds those that mean it', async () => {
  const { collection } = await open();
  const first = (await ask(collection, 'canoe')).at(-1);
  expect(first).toMatchObject({ ranking: 'hybrid', isStatic: true, isLast: true });
  expect(isAbout(first!, 'kayak')).toBe(true);
});

test('a word of which only the synonyms are known is read as these', async () => {
  const { collection } = await open();
  await collection.tune({ synonyms: ['zodiac => kayak'] });
  const answer = (await ask(collection, 'zodiac', { explain: true })).at(-1)!;
  expect(answer).toMatchObject({ ranking: 'hybrid', isStatic: true });
  expect(isAbout(answer, 'kayak')).toBe(true);
  expect(answer.pages[0]!.sections[0]!.explanation!.dense!.score).toBeGreaterThan(0.5);
});

test('a first visit to a small collection gets what every search needs in one file', async () => {
  const { collection, fetched } = await open();
  await ask(collection, 'canoe');
  expect(fetched.filter((file) => !/parts\/(terms|words|texts|dictionary)-/.test(file))).toEqual([
    bundle.manifest.start!.file,
  ]);
});

test('a word that no passage has costs its part, and is left out where that cannot be had', async () => {
  const { collection, fetched } = await open();
  await ask(collection, 'kayak');
  expect(fetched.filter((file) => file.startsWith('parts/words-'))).toEqual([]);
  await ask(collection, 'canoe');
  expect(fetched.filter((file) => file.startsWith('parts/words-'))).toHaveLength(1);

  const less = (await open(['words'])).collection;
  const answer = (await ask(less, 'canoe kayak')).at(-1);
  expect(answer).toMatchObject({ ranking: 'hybrid', isStatic: true });
  expect(isAbout(answer!, 'kayak')).toBe(true);
});

test('few clusters are fetched, and each part once', async () => {
  const { collection, fetched } = await open(['start']);
  await ask(collection, 'canoe');
  const clusters = fetched.filter((file) => file.startsWith('parts/cluster-'));
  expect(clusters.length).toBeGreaterThan(0);
  expect(clusters.length).toBeLessThan(bundle.manifest.static!.clusters.length);
  await ask(collection, 'canoe');
  expect(new Set(fetched).size).toBe(fetched.length);
});

test('words rank as before in the mode of keywords, and nothing more is fetched', async () => {
  const { collection, fetched } = await open();
  const answer = (await ask(collection, 'kayak', { mode: 'keyword' })).at(-1);
  expect(answer).toMatchObject({ ranking: 'keyword', isStatic: false });
  expect(fetched.filter((file) => /parts\/(static|cluster)-/.test(file))).toEqual([]);
});

test.each([['static'], ['cluster']])('keywords go on where a part “%s” cannot be had', async (kind) => {
  const { collection } = await open(['start', kind]);
  const answers = await ask(collection, 'kayak');
  expect(answers.at(-1)).toMatchObject({ ranking: 'keyword', isStatic: false, isLast: true });
  expect(isAbout(answers.at(-1)!, 'kayak')).toBe(true);
});

test('keywords do not wait for parts that are slow, and meaning follows', async () => {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  const { collection } = await open(['start'], { kind: 'cluster', until });
  const seen: unknown[] = [];
  const nothing = new Promise<null>(() => undefined); // no model answers in this test
  for await (const answer of collection.search(toSearchQuery('kayak', {}), nothing, () => nothing, true)) {
    seen.push([answer.ranking, answer.isStatic, answer.isLast]);
    if (answer.ranking === 'keyword') release();
    else break;
  }
  expect(seen).toEqual([
    ['keyword', false, false],
    ['hybrid', true, false],
  ]);
});

test('a query is read in the passages’ space as the model reads it, without a model', async () => {
  const { collection } = await open();
  const [read, none] = await collection.readStatic(['kayak paddle', 'zzz']);
  expect(dot(read!, readByWords(['kayak paddle']))).toBeGreaterThan(0.9);
  expect(dot(read!, read!)).toBeCloseTo(1, 5);
  expect(none).toBeNull();
});

test('a text of which nothing is known has the answer of its keywords', async () => {
  const { collection } = await open();
  const answer = (await ask(collection, 'number7')).at(-1);
  expect(answer!.pages[0]!.title).toContain('number7');
  const none = (await ask(collection, 'zzz')).at(-1);
  expect(none!.pages).toEqual([]);
});

describe('the known answer', () => {
  const known = async (text: string): Promise<KnownAnswer> =>
    (await knownAnswer(text, standardAnalyzer.tokens(text), encoding.rows, encoding.dims))!;
  const firstOf = async (answer: KnownAnswer): Promise<CollectionFindings> =>
    (await ask((await open([], undefined, await publish({ ...encoding, known: answer }))).collection, 'canoe'))[0]!;

  test('of a collection is what this release reads, and queries are then read without a model', async () => {
    expect(await firstOf(await known('kayak paddle'))).toMatchObject({ ranking: 'hybrid', isStatic: true });
  });

  test.each([
    ['another vector', async () => ({ ...(await known('kayak paddle')), vector: (await known('oven bread')).vector })],
    ['words that are cut otherwise', async () => ({ ...(await known('kayak paddle')), text: 'kayakpaddle' })],
    ['fewer words', async () => ({ ...(await known('kayak paddle')), text: 'kayak' })],
    ['more words', async () => ({ ...(await known('kayak paddle')), text: 'kayak paddle oven' })],
  ])('that is %s leaves the answer to keywords, which say why', async (_, make) => {
    expect(await firstOf(await make())).toMatchObject({
      ranking: 'keyword',
      isStatic: false,
      shortfall: { code: 'self-test-failed' },
    });
  });

  test('is of a text that the table knows every word of', async () => {
    const text = 'kayak zzz';
    expect(await knownAnswer(text, standardAnalyzer.tokens(text), encoding.rows, encoding.dims)).toBeNull();
  });
});
