// Extensions from the command's folder to an answer in Node: an index made with one is searched with it, refused without
// it, and where one of its parts fails the rest of the search goes on.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../answer.ts';
import { isEraError } from '../errors.ts';
import type { Extension } from '../extension/extension.ts';
import { openCollection, type OpenCollectionOptions } from './open-collection.ts';
import { runCli } from './run-cli.ts';
import { folderForTest } from './setup/folder-for-test.ts';
import { createIndex } from './site/create-index.ts';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/extend/${name}.js`, import.meta.url));
const RECORDS = [
  { url: 'libroj/', title: 'Novaj libroj', language: 'eo', content: 'En la domo estas multaj novaj libroj.' },
  { url: 'tabloj/', title: 'Tabloj', language: 'eo', content: 'La tabloj staras apud la fenestro.' },
  { url: 'bread/', title: 'Bread', language: 'en', content: 'Knead the dough and bake the loaf.' },
];
const io = { print: () => undefined, note: () => undefined };

let folder: string;
let analyzers: Extension;
let both: Extension;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-extension-'));
  const load = async (name: string): Promise<Extension> =>
    ((await import(example(name))) as { default: Extension }).default;
  analyzers = await load('analyzer');
  both = { ...analyzers, ...(await load('encoder')) };
  const index = await createIndex({ extension: both, elementDir: null, cacheDir: null });
  for (const record of RECORDS) await index.addRecord(record);
  const summary = await index.write({ outputPath: join(folder, 'search') });
  expect(summary).toMatchObject({ pages: 3, embedded: 3, bytes: { model: 0 } });
  index.close();
});
afterAll(() => rm(folder, { recursive: true }));

async function ask(text: string, options: OpenCollectionOptions, mode?: 'dense'): Promise<Answer> {
  const collection = await openCollection(join(folder, 'search'), options);
  try {
    return await collection.search(text, { ...(mode ? { mode } : {}) }).best();
  } finally {
    await collection.close();
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (isEraError(error) ? error.code : String(error)),
  );
}

test('its analyzer finds another form of a word, its encoder a misspelt one', async () => {
  const { pages, source } = await ask('libron', { extension: both });
  expect(pages[0]!.title).toBe('Novaj libroj');
  expect(pages[0]!.sections[0]!.snippet).toContainEqual({ text: 'libroj', mark: true });
  expect(source.ranking).toBe('hybrid');
  const dense = await ask('tabloj fenestroo', { extension: both }, 'dense');
  expect(dense.pages[0]!.title).toBe('Tabloj');
});

test('an index is refused without its analyzer, and with one that cuts otherwise', async () => {
  expect(await codeOf(ask('libro', {}))).toBe('unknown-analyzer');
  const [mine] = analyzers.analyzers!;
  const changed: Extension = {
    analyzers: [
      {
        ...mine!,
        load: async (standard) => ({ ...(await mine!.load(standard)), tokens: (text) => standard.tokens(text) }),
      },
    ],
  };
  expect(await codeOf(ask('libro', { extension: changed }))).toBe('unknown-analyzer');
});

test('where its encoder is missing, or fails, words answer and say why', async () => {
  const missing = await ask('libron', { extension: analyzers });
  expect(missing).toMatchObject({ source: { ranking: 'keyword' }, degraded: { code: 'invalid-option' } });
  const failing: Extension = {
    ...both,
    openEncoder: async (options) => {
      const opened = await both.openEncoder!(options);
      return { ...opened, encoder: { ...opened.encoder, encode: () => Promise.reject(new Error('no luck')) } };
    },
  };
  const failed = await ask('libron', { extension: failing });
  expect(failed).toMatchObject({ source: { ranking: 'keyword' }, degraded: { code: 'bad-extension' } });
  expect(failed.pages[0]!.title).toBe('Novaj libroj');
  expect(await codeOf(ask('libron', { extension: failing }, 'dense'))).toBe('bad-extension');
});

test('where its retriever gives nonsense words answer and say why; else it ranks in place of the vectors', async () => {
  const giving = (ids: number[], scores: number[]): Extension => ({
    ...analyzers,
    openRetriever: ({ count }) => ({
      count,
      retrieve: () =>
        Promise.resolve({
          ids: Int32Array.from(ids),
          scores: Float32Array.from(scores),
          scoresOf: (some) => Promise.resolve(new Float32Array(some.length).fill(0.5)),
        }),
    }),
  });
  const sound = await ask('dom', { extension: giving([0], [0.9]) });
  expect(sound.source.ranking).toBe('hybrid');
  expect(sound.pages.map(({ title }) => title)).toContain('Bread');
  for (const [ids, scores] of [
    [[7], [0.9]],
    [
      [1, 1],
      [0.9, 0.9],
    ],
    [[1], [NaN]],
  ] as const) {
    const answer = await ask('libron', { extension: giving([...ids], [...scores]) });
    expect(answer).toMatchObject({ source: { ranking: 'keyword' }, degraded: { code: 'bad-extension' } });
    expect(answer.pages[0]!.title).toBe('Novaj libroj');
  }
});

test('where its analyzer fails on a query the others cut it, and the answer says so', async () => {
  const [mine] = analyzers.analyzers!;
  const moody: Extension = {
    ...both,
    analyzers: [
      {
        ...mine!,
        load: async (standard) => {
          const analyzer = await mine!.load(standard);
          return {
            ...analyzer,
            tokens: (text) => {
              if (text.includes('kaput')) throw new TypeError('kaput');
              return analyzer.tokens(text);
            },
          };
        },
      },
    ],
  };
  const answer = await ask('libroj kaput', { extension: moody });
  expect(answer.degraded).toMatchObject({ code: 'bad-extension' });
  expect(answer.pages[0]!.title).toBe('Novaj libroj');
});

test('where its analyzer fails on a page no index is made, and the message names analyzer and text', async () => {
  const [mine] = analyzers.analyzers!;
  const failing: Extension = {
    analyzers: [
      {
        ...mine!,
        load: async (standard) => ({
          ...(await mine!.load(standard)),
          tokens: (text) => {
            if (text.includes('fenestro')) throw new TypeError('no such window');
            return standard.tokens(text);
          },
        }),
      },
    ],
  };
  const index = await createIndex({ extension: failing, vectors: false, elementDir: null });
  for (const record of RECORDS) await index.addRecord(record);
  await expect(index.write({ outputPath: join(folder, 'never') })).rejects.toMatchObject({
    code: 'bad-extension',
    message: expect.stringMatching(/esperanto\/1.*tabloj.*no such window/is) as string,
  });
});

test('the command takes its path', async () => {
  const site = folderForTest({
    'docs.jsonl': RECORDS.map((record) => JSON.stringify(record)).join('\n'),
    'mine.mjs': 'export default { analyzers: 3 };',
  });
  const args = ['index', join(site, 'docs.jsonl'), '--out', join(site, 'out'), '--no-vectors', '--no-element'];
  expect(await runCli([...args, '--base-url', 'https://a.example/', '--extension', example('analyzer')], io)).toBe(0);
  const opened = await openCollection(join(site, 'out'), { extension: example('analyzer') });
  expect((await opened.search('libron').best()).total).toBe(1);
  await opened.close();
  expect(await runCli([...args, '--extension', join(site, 'mine.mjs')], io)).not.toBe(0);
});
