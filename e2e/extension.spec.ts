// Extensions in a page: the workers load their modules, under the library's build. The examples are those of
// examples/extend; e2e/examples.spec.ts has the analyzer under the element.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { runCli } from './support/cli.ts';
import { openEnginePage, type EnginePage } from './support/engine-page.ts';

test.use({ serviceWorkers: 'block' });

/** A collection of the records, without vectors. */
let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-extension-'));
  const rows = RECORDS.map(({ content, ...record }) => JSON.stringify({ ...record, text: content }));
  await writeFile(join(folder, 'docs.jsonl'), rows.join('\n'));
  await runCli('index', join(folder, 'docs.jsonl'), '--out', join(folder, 'search'), '--no-vectors', '--no-element');
});
test.afterAll(() => rm(folder, { recursive: true }));

const RECORDS = [
  { id: 'reset', title: 'Passwords', content: 'A forgotten password is reset by mail.' },
  { id: 'rates', title: 'Rates', content: 'Interest rates rose twice this year.' },
  { id: 'bread', title: 'Bread', content: 'Knead the dough and bake the loaf.' },
];

async function open(page: Page): Promise<void> {
  await openEnginePage(page, 'http://localhost:1/extension.html', {
    '/extend/': 'examples/extend',
    '/models/': 'public/models',
    '/search/': join(folder, 'search'),
  });
}

test('an encoder without a model builds and searches a collection; a misspelt word is near', async ({ page }) => {
  await open(page);
  const found = await page.evaluate(async (records) => {
    const { era } = globalThis as unknown as EnginePage;
    const engine = new era.Engine({ extension: './extend/encoder.js', store: 'memory' });
    const collection = await engine.build(records, { name: 'own-encoder' });
    const { pages, source } = await collection.search('pasword', { mode: 'dense' }).best();
    const { model, dims } = engine.status.encoder.space!;
    engine.close();
    return { first: pages[0]!.title, ranking: source.ranking, model, dims };
  }, RECORDS);
  expect(found).toEqual({ first: 'Passwords', ranking: 'dense', model: 'example/trigrams', dims: 512 });
});

test('a trainer learns under the name own, in a slot beside the default one', async ({ page }) => {
  await open(page);
  const learned = await page.evaluate(async (records) => {
    const { era } = globalThis as unknown as EnginePage;
    const engine = new era.Engine({
      extension: './extend/trainer.js',
      encoder: { modelBase: './models/' },
      store: 'memory',
    });
    const collection = await engine.build(records, { name: 'own-trainer' });
    const label = { qid: '1', instruction: '', query: 'cost of money', labels: [{ id: 'bread', score: 1 }] };
    const { local } = await collection.adapt([label], { trainer: 'own' });
    const { source } = await collection.search('cost of money', { trainer: 'own', mode: 'dense' }).best();
    const adapters = collection.status.adapters.map(({ trainer, stage }) => `${trainer} ${stage}`);
    engine.close();
    return { note: local?.note, used: source.trainer, adapters };
  }, RECORDS);
  expect(learned).toEqual({ note: 'Moved towards 1 relevant passages.', used: 'own', adapters: ['own adapted'] });
});

test('a retriever over HTTP is fused with the keywords; when its server fails words answer and say why', async ({
  page,
}) => {
  await open(page);
  let fails = false;
  await page.route('**/rank', async (route) => {
    if (fails) return route.fulfill({ status: 500 });
    const { ids } = route.request().postDataJSON() as { ids?: string[] };
    return route.fulfill({ json: ids ? { scores: ids.map(() => 0.4) } : { ids: ['bread'], scores: [0.9] } });
  });
  const search = (): Promise<{ titles: string[]; ranking: string; degraded: string | undefined }> =>
    page.evaluate(async () => {
      const { era } = globalThis as unknown as EnginePage;
      const engine = new era.Engine({ extension: './extend/retriever.js', encoder: { modelBase: './models/' } });
      const collection = await engine.open('./search/');
      const { pages, source, degraded } = await collection.search('interest').best();
      engine.close();
      return { titles: pages.map(({ title }) => title), ranking: source.ranking, degraded: degraded?.code };
    });
  const sound = await search();
  expect([...sound.titles].sort()).toEqual(['Bread', 'Rates']);
  expect(sound).toMatchObject({ ranking: 'hybrid', degraded: undefined });
  fails = true;
  expect(await search()).toEqual({ titles: ['Rates'], ranking: 'keyword', degraded: 'bad-extension' });
});

test('a module that is not there is named by every worker that needs it', async ({ page }) => {
  await open(page);
  await page.route('**/nowhere.js', (route) => route.fulfill({ status: 404 }));
  const refused = await page.evaluate(async () => {
    const { era } = globalThis as unknown as EnginePage;
    const engine = new era.Engine({ extension: './extend/nowhere.js', store: 'memory' });
    const told = async (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'none',
        (error: unknown) => (era.isEraError(error) ? `${error.code} ${error.message}` : String(error)),
      );
    const all = [await told(engine.openStored('anything')), await told(engine.warmUp())];
    engine.close();
    return all;
  });
  for (const message of refused) expect(message).toMatch(/^bad-extension .*\/extend\/nowhere\.js/);
});
