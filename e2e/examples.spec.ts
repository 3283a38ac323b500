// The examples as a reader opens them: each does what its text says.

import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { serveExamples } from '../examples/serve.mjs';
import { root } from './support/cli.ts';
import { QUERY_MODEL, startEmbeddings, type EmbeddingsServer } from './support/embeddings-server.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';

let folder: string;
let embeddings: EmbeddingsServer;
let examples: Awaited<ReturnType<typeof serveExamples>>;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-examples-'));
  embeddings = await startEmbeddings();
  examples = await serveExamples(folder, { api: { url: embeddings.url, model: QUERY_MODEL.model } });
});
test.afterAll(async () => {
  examples.close();
  embeddings.process.kill();
  await rm(folder, { recursive: true });
});

async function open(page: Page, name: string): Promise<{ box: SearchBox; complaints: readonly string[] }> {
  const { complaints } = await watch(page);
  await SearchBox.listen(page);
  await page.goto(`${examples.url}${name}/`);
  return { box: new SearchBox(page), complaints };
}

test('no page or script of an example has more than 60 lines', async () => {
  const files = await readdir(join(root, 'examples'), { recursive: true });
  const pages = files.filter((file) => /\.(html|js)$/.test(file));
  expect(pages.length).toBeGreaterThan(8);
  for (const file of pages)
    expect((await readFile(join(root, 'examples', file), 'utf8')).split('\n').length, file).toBeLessThanOrEqual(61);
});

test('the list of examples names those that there are', async ({ page }) => {
  await page.goto(examples.url);
  const links = await page.getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  const folders = await readdir(join(root, 'examples'), { withFileTypes: true });
  const named = folders.filter((entry) => entry.isDirectory() && entry.name !== 'extend').map(({ name }) => `${name}/`);
  expect([...links].sort()).toEqual(named.sort());
});

test('the element in plain HTML finds a section of another page', async ({ page }) => {
  const { box, complaints } = await open(page, 'element');
  await box.askToTheEnd('late book fee');
  await expect(box.part('mark').first()).toBeVisible();
  expect((await box.paths())[0]).toBe('/element/guide/borrow.html');
  expect(complaints).toEqual([]);
});

test('records from JSON are found although they have no pages', async ({ page }) => {
  const { box, complaints } = await open(page, 'records');
  await box.ask('chickpeas tahini');
  await expect(box.part('results')).toContainText('Hummus');
  expect(complaints).toEqual([]);
});

test('an interface of one’s own shows results by words and meaning', async ({ page }) => {
  const { complaints } = await open(page, 'own-interface');
  await page.getByRole('searchbox').fill('avocado with lime');
  await expect(page.getByRole('listitem').first()).toContainText('Guacamole');
  await expect(page.getByRole('status')).toContainText('words and meaning');
  await expect(page.locator('mark').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a query API behind the sample proxy reads the query, and its key is not in the page', async ({ page }) => {
  const { box, complaints } = await open(page, 'query-api');
  await box.ask('something for a sore throat');
  await expect(box.part('state')).toContainText(/query model|meaning/i);
  await expect(box.part('results')).toContainText('Chicken soup');
  expect(complaints).toEqual([]);
});

test('ten labels change what is found', async ({ page }) => {
  const { complaints } = await open(page, 'teaching');
  await page.getByRole('button', { name: 'Teach' }).click();
  await expect(page.getByRole('row')).toHaveCount(11);
  const firsts = await page.locator('tbody tr').allInnerTexts();
  const cells = firsts.map((line) => line.split('\t'));
  expect(cells.filter(([, before, after]) => before !== after).length).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
});

test('an analyzer of one’s own finds and marks an inflected word', async ({ page }) => {
  const { box, complaints } = await open(page, 'own-analyzer');
  await box.ask('libron');
  await expect(box.part('mark').filter({ hasText: 'libroj' }).first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('an element whose extension is missing says so, and the page’s script learns its name', async ({ page }) => {
  await page.route('**/own-analyzer/', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll('analyzer.js', 'gone.js') });
  });
  const { box } = await open(page, 'own-analyzer');
  await page.evaluate(() => {
    addEventListener('era-search:error', (event) => {
      const { code, message } = (event as CustomEvent<{ error: { code: string; message: string } }>).detail.error;
      Object.assign(globalThis, { refused: { code, message } });
    });
  });
  await box.field.fill('libron');
  await expect(box.element.getByRole('button', { name: 'Try again' })).toBeVisible();
  const refused = await page.evaluate(
    () => (globalThis as unknown as { refused: { code: string; message: string } }).refused,
  );
  expect(refused.code).toBe('bad-extension');
  expect(refused.message).toContain('gone.js');
});

test('an extension of another site is not loaded, and words are searched without it', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.route('**/element/', async (route) => {
    const response = await route.fetch();
    const html = (await response.text()).replace('<era-search>', '<era-search extension="data:text/javascript,0">');
    await route.fulfill({ response, body: html });
  });
  const { box } = await open(page, 'element');
  await box.askToTheEnd('late book fee');
  expect((await box.paths())[0]).toBe('/element/guide/borrow.html');
  expect((await box.told()).filter(({ type }) => type === 'error').length).toBeGreaterThan(0);
  expect(asked.filter((url) => url.startsWith('data:text'))).toEqual([]);
});
