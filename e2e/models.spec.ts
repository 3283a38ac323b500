// A model that the engine does not know: its collection names it, the page fetches it, checks it against its reference
// vectors, and reads queries with it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { tinyModelFiles } from '../src/node/golden-command/tiny-model-for-test.ts';
import { runCli } from './support/cli.ts';
import { openEnginePage, type EnginePage } from './support/engine-page.ts';

const RECORDS = { apple: 'red apple', pear: 'green pears', sky: 'blue blue blue' };

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-models-'));
  for (const [base, seed] of [
    [folder, 1],
    [join(folder, 'other'), 2],
  ] as const) {
    for (const [path, content] of Object.entries(tinyModelFiles(seed))) {
      await mkdir(dirname(join(base, 'org/tiny', path)), { recursive: true });
      await writeFile(join(base, 'org/tiny', path), content);
    }
    await runCli('golden', '--model', 'org/tiny', '--models', base);
  }
  await writeFile(
    join(folder, 'docs.jsonl'),
    Object.entries(RECORDS)
      .map(([id, text]) => JSON.stringify({ id, text }))
      .join('\n'),
  );
  await runCli(
    'index',
    join(folder, 'docs.jsonl'),
    '--out',
    join(folder, 'search'),
    '--no-element',
    '--model',
    'org/tiny',
    '--models',
    folder,
  );
});
test.afterAll(() => rm(folder, { recursive: true }));

for (const device of ['wasm', 'webgpu'] as const)
  test(`a collection’s model is fetched and used on ${device}, whatever its architecture`, async ({
    page,
    baseURL,
  }) => {
    await openEnginePage(page, `${baseURL!}models.html`, { '/search/': join(folder, 'search') });
    const found = await page.evaluate(async (on) => {
      const engine = new (globalThis as unknown as EnginePage).era.Engine({ encoder: { device: on }, store: 'memory' });
      const collection = await engine.open('./search/');
      await collection.download();
      const { pages, source } = await collection.search('green pear', { mode: 'dense' }).best();
      const { space, device: used } = engine.status.encoder;
      engine.close();
      return { first: pages[0]!.sections[0]!.id, vector: source.vector, space, used };
    }, device);
    expect(found).toMatchObject({
      first: 'pear',
      vector: 'local',
      used: device,
      space: { model: 'org/tiny', pooling: 'mean', dims: 8, dtype: 'fp32', passagePrompt: 'passage: {text}' },
    });
  });

test('another model under the same name is not used: keywords alone rank, with the reason', async ({
  page,
  baseURL,
}) => {
  await openEnginePage(page, `${baseURL!}models.html`, {
    '/search/': join(folder, 'search'),
    '/search/models/': join(folder, 'other'),
  });
  const found = await page.evaluate(async () => {
    const engine = new (globalThis as unknown as EnginePage).era.Engine({
      encoder: { device: 'wasm' },
      store: 'memory',
    });
    const collection = await engine.open('./search/');
    await collection.download();
    await collection.warmUp();
    const { source, degraded, pages } = await collection.search('green pears').best();
    const dense = await collection
      .search('green pears', { mode: 'dense' })
      .best()
      .catch((error: unknown) => (error as { code: string }).code);
    const { state } = engine.status.encoder; // its own self-test is passed
    engine.close();
    return { ranking: source.ranking, code: degraded?.code, first: pages[0]!.sections[0]!.id, dense, state };
  });
  expect(found).toEqual({
    ranking: 'keyword',
    code: 'self-test-failed',
    first: 'pear',
    dense: 'self-test-failed',
    state: 'ready',
  });
});

test('an option describes a model for records built in the page; a model without a description is reported', async ({
  page,
  baseURL,
}) => {
  await openEnginePage(page, `${baseURL!}models.html`, { '/own/': join(folder, 'org') });
  const found = await page.evaluate(async () => {
    const { Engine } = (globalThis as unknown as EnginePage).era;
    const records = Object.entries({ apple: 'red apple', pear: 'green pears' }).map(([id, content]) => ({
      id,
      content,
    }));
    const built = async (model: object | string): Promise<unknown> => {
      const engine = new Engine({ encoder: { device: 'wasm', model: model as string }, store: 'memory' });
      try {
        const collection = await engine.build(records, { name: 'mine' });
        const { pages } = await collection.search('apple', { mode: 'dense' }).best();
        return [pages[0]!.sections[0]!.id, engine.status.encoder.space?.pooling];
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        engine.close();
      }
    };
    return [
      await built('./own/tiny/'),
      await built({ name: './own/tiny/', queryPrompt: '', passagePrompt: '', dims: 8, maxTokens: 32, pooling: 'mean' }),
      await built('./nowhere/none/'),
    ];
  });
  expect(found[0]).toEqual(['apple', 'mean']);
  expect(found[1]).toBe('self-test-failed'); // its reference vectors have a prompt
  expect(found[2]).toBe('invalid-option');
});
