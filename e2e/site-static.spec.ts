// The first answer of a first visit on a site with a static query encoder: by meaning, without a model and without a
// question to the visitor; by keywords where its parts cannot be had.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { runCli } from './support/cli.ts';
import { openEnginePage } from './support/engine-page.ts';
import { indexedFiles } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { download, open, search, status, type SitePage } from './support/site-calls.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

const page = (title: string, text: string): string => `<!doctype html><html lang="en"><title>${title}</title>
  <main><h1>${title}</h1><p>${text}</p></main>
  <script type="module" src="/era-search/era-search.js"></script><era-search mode="inline"></era-search></html>`;

test.beforeAll(async () => {
  folder = await indexedFiles([
    ['gears.html', page('Gears', 'Shifting is loud where the derailleur is bent or its cable has stretched.')],
    ['bread.html', page('Bread', 'Knead the dough for ten minutes, let it rise, and put it into a hot oven.')],
    ['tides.html', page('Tides', 'The moon pulls the sea, so that harbours fall dry twice a day.')],
    ['violins.html', page('Violins', 'The bow is tightened before a concert, and loosened after it.')],
  ]);
  await runCli('index', '--site', folder, '--no-model-files');
  server = await startSiteServer(folder);
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('words that no page has find the page that means them, and the line says how', async ({ page: tab }) => {
  const asked: string[] = [];
  tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await SearchBox.listen(tab);
  await tab.goto(`${server.url}tides.html`);
  const box = new SearchBox(tab);
  await box.ask('bicycle noise');
  await expect(box.part('source')).toHaveText(/^By meaning and keywords( ·|$)/);
  await expect(box.part('source')).toHaveAttribute('data-vector', 'static');
  await expect(box.options.first()).toHaveAttribute('href', /gears\.html/);
  expect(asked.filter((path) => /\.onnx|ort-wasm|models\/|encoder\.worker/.test(path))).toEqual([]);
});

test('keywords answer where the parts of meaning cannot be had', async ({ page: tab }) => {
  await tab.route(/parts\/(start|static|cluster)-/, (route) => route.abort());
  await SearchBox.listen(tab);
  await tab.goto(`${server.url}tides.html`);
  const box = new SearchBox(tab);
  await box.ask('dough');
  await expect(box.options.first()).toHaveAttribute('href', /bread\.html/);
  await expect(box.part('source')).toHaveAttribute('data-ranking', 'keyword');
});

/** A page with an engine without a model and an API. */
async function openEngine(tab: Page): Promise<void> {
  await openEnginePage(tab, `${server.url}engine-page`);
  await tab.evaluate(() => {
    const scope = globalThis as unknown as SitePage;
    scope.engine = new scope.era.Engine({ encoder: false, store: 'memory' });
  });
}

test('a page without a model and an API learns from labels, and what it learned can be published', async ({
  page: tab,
}) => {
  const asked: string[] = [];
  tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openEngine(tab);
  expect((await open(tab)).readsWithoutModel).toBe(true);
  await download(tab);
  const before = await search(tab, 'bicycle noise');
  expect(before.source).toMatchObject({ ranking: 'hybrid', vector: 'static', path: 'static', stage: 'none' });
  expect(before.pages[0]!.title).toBe('Gears');
  expect((await search(tab, 'zzz')).pages).toEqual([]);

  // The visitor's word for what is on the page about bread; four labels are too few to decide by.
  const bread = (await search(tab, 'dough')).pages[0]!.sections[0]!.id;
  const report = await tab.evaluate(async (id) => {
    const { collection } = globalThis as unknown as SitePage;
    const queries = ['bicycle noise', 'noise of a bicycle', 'loud bicycle', 'my bicycle is noisy'];
    const labels = queries.map((query, i) => ({ qid: String(i), query, labels: [{ id, score: 1 }], instruction: '' }));
    return (await collection.adapt(labels, { force: true })).static;
  }, bread);
  expect(report).toMatchObject({ applied: true, decision: 'forced' });
  expect((await status(tab)).adapters).toMatchObject([{ path: 'static', trainer: 'closed-form', stage: 'adapted' }]);
  const after = await search(tab, 'bicycle noise', { mode: 'dense' });
  expect(after.source).toMatchObject({ vector: 'static', path: 'static', stage: 'adapted' });
  expect(after.pages[0]!.title).toBe('Bread');

  // The owner publishes what was learned, and a visitor's page uses it once the index is here.
  const bytes = await tab.evaluate(() => {
    const { collection } = globalThis as unknown as SitePage;
    return [...collection.exportAdapter('static')];
  });
  await writeFile(join(folder, 'learned.safetensors'), Uint8Array.from(bytes));
  await runCli('index', '--site', folder, '--no-model-files', '--adapter', join(folder, 'learned.safetensors'));
  await openEngine(tab);
  expect((await open(tab)).adapters).toMatchObject([{ path: 'static', stage: 'adapted' }]);
  expect((await search(tab, 'bicycle noise')).source).toMatchObject({ vector: 'static', stage: 'none' });
  await download(tab);
  const published = await search(tab, 'bicycle noise');
  expect(published.source).toMatchObject({ ranking: 'hybrid', vector: 'static', path: 'static', stage: 'adapted' });
  expect(published.pages[0]!.title).toBe('Bread');
  expect(asked.filter((path) => /\.onnx|ort-wasm|models\/|encoder\.worker/.test(path))).toEqual([]);
});
