// <era-search> on a site made by the real command, under the strictest headers: answers and their updates, links,
// filters, failures.

import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import type {} from '../src/widget/events.ts'; // the element's event types for addEventListener
import { QUERY_MODEL, startEmbeddings } from './support/embeddings-server.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { watch, type PageWatch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, STRICT_HEADERS, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  folder = await indexedFixtureSite();
  server = await startSiteServer(folder);
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
test.afterEach(() => {
  server.intervene(null);
});

async function open(
  page: Page,
  path = 'guide/restore.html',
  expected?: RegExp,
): Promise<{ box: SearchBox; watching: PageWatch }> {
  const watching = await watch(page, expected);
  await SearchBox.listen(page);
  await page.goto(server.url + path);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  return { box: new SearchBox(page), watching };
}

test('one script tag is enough: the first answer comes by meaning too, nothing violates the policy, and the policy is in force', async ({
  page,
}) => {
  const { box, watching } = await open(page);
  await box.ask('object storage');
  expect((await box.paths())[0]).toBe('/guide/storage.html');
  await expect(box.part('source')).toContainText('By meaning and keywords');
  await expect(box.part('mark').first()).toBeVisible();
  expect(watching.complaints).toEqual([]);

  const refused = await page.evaluate(() => {
    try {
      Object.assign(document.createElement('div'), { innerHTML: '<b>x</b>' });
      return false;
    } catch (error) {
      return error instanceof TypeError;
    }
  });
  expect(refused).toBe(true);
});

test('the visitor allows the model: results by meaning are added, and neither the active option nor anything above it moves', async ({
  page,
}) => {
  const { box, watching } = await open(page);
  await box.ask('my laptop was stolen');
  await expect(box.part('consent')).toContainText(/Search by meaning on this device\s+\(\d+ MB, once\)/);
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  const before = {
    paths: await box.paths(),
    active: await box.active.getAttribute('href'),
    place: await box.active.boundingBox(),
  };

  await box.part('consent').click();
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  await expect(box.part('source')).toContainText('on this device');
  const after = await box.paths();
  expect(after.slice(0, before.paths.length)).toEqual(before.paths);
  expect(await box.active.getAttribute('href')).toBe(before.active);
  expect(await box.active.boundingBox()).toEqual(before.place);

  // Both retrievers rank a new question from the start: the page that answers it contains none of its words.
  await box.ask('get documents back that I threw away by accident');
  await expect.poll(async () => (await box.told()).at(-1)?.ranking).toBe('hybrid');
  expect((await box.paths())[0]).toBe('/guide/restore.html');
  expect(watching.complaints).toEqual([]);
});

test('an answer to a question that was replaced is never shown', async ({ page }) => {
  const { box } = await open(page);
  await box.ask('tern'); // opens the site, so that only parts of answers remain to be fetched
  const held: (() => void)[] = [];
  server.intervene(async (path) => {
    if (path.includes('/parts/texts-')) await new Promise<void>((resolve) => held.push(resolve));
    return false;
  });
  const toldBefore = (await box.told()).length;
  await box.field.fill('cipher nonce');
  await page.waitForTimeout(300);
  await box.field.fill('crontab');
  await page.waitForTimeout(300);
  server.intervene(null);
  for (const release of held) release();
  await box.answered('crontab');
  const results = (await box.told()).slice(toldBefore).filter(({ type }) => type === 'results');
  expect((await box.paths())[0]).toContain('/guide/schedule.html');
  expect(results.findLastIndex(({ query }) => query === 'cipher nonce')).toBeLessThan(
    results.findIndex(({ query }) => query === 'crontab'),
  );
});

test('options are real links: a middle click and Ctrl+Enter open elsewhere, a plain click follows and closes', async ({
  page,
  context,
}) => {
  const { box } = await open(page);
  await box.askToTheEnd('forgotten passphrase');
  const [middle] = await Promise.all([context.waitForEvent('page'), box.options.first().click({ button: 'middle' })]);
  expect(middle.url()).toBe(await box.options.first().getAttribute('href'));
  await middle.close();
  await page.keyboard.press('ArrowDown');
  const [tab] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Control+Enter')]);
  await tab.close();
  await expect(box.field).toBeVisible();
  const section = box.part('option-section').first();
  const href = await section.getAttribute('href');
  await section.click();
  await expect(page).toHaveURL(href!);
  await expect(box.field).toBeHidden();
});

test('a page may handle the selection itself', async ({ page }) => {
  const { box } = await open(page);
  await page.evaluate(() => {
    addEventListener('era-search:select', (event) => {
      event.preventDefault();
      document.title = new URL(event.detail.url!).pathname;
    });
  });
  const address = page.url();
  await box.askToTheEnd('error codes');
  await box.options.first().click();
  await expect(page).toHaveTitle('/reference/errors.html');
  expect(page.url()).toBe(address);
});

test('filters show how many pages match, and then show these pages', async ({ page }) => {
  const { box } = await open(page);
  await box.ask('snapshot');
  await expect(box.part('filters')).toBeHidden();
  await box.part('filter-button').click();
  const reference = box.element.getByRole('checkbox', { name: /Reference/ });
  const count = Number(
    await box.part('filter-value').filter({ hasText: 'Reference' }).locator('[part=filter-count]').textContent(),
  );
  expect(count).toBeGreaterThan(0);
  await reference.check();
  await expect(box.part('count')).toHaveText(count === 1 ? '1 page' : `${count} pages`);
  for (const path of await box.paths()) expect(path).toMatch(/^\/reference\//);
  await box.part('filter-clear').click();
  await expect(reference).not.toBeChecked();
  await expect(box.part('count')).not.toHaveText(`${count} pages`);
});

test('results and interface are in the language of the page', async ({ page }) => {
  const { box, watching } = await open(page, 'de/index.html');
  await box.ask('Tern');
  for (const path of await box.paths()) expect(path).toMatch(/^\/de\//);
  await expect(box.part('count')).toHaveText(/^\d+ Seiten$/);
  await expect(box.field).toHaveAttribute('placeholder', 'Diese Website durchsuchen');
  await expect(page.locator('era-search-trigger').getByRole('button')).toContainText('Suchen');
  await page.locator('era-search').evaluate((element) => element.setAttribute('language', 'all'));
  await box.ask('Tern backup');
  expect((await box.paths()).some((path) => !path.startsWith('/de/'))).toBe(true);
  expect(watching.complaints).toEqual([]);
});

test('what was asked is offered again, can be removed, and is gone with recent="0"', async ({ page }) => {
  const { box } = await open(page);
  await box.askToTheEnd('retention keep_daily');
  await box.options.first().click();
  await page.waitForURL('**/reference/config.html*');
  await page.keyboard.press('Control+k');
  await box.part('recent-query').click();
  await box.answered('retention keep_daily');
  await page.keyboard.press('Escape');
  await box.element.getByRole('button', { name: 'Remove “retention keep_daily”' }).click();
  await expect(box.part('recent')).toHaveCount(0);
  await expect(box.field).toBeFocused();
  await page.reload();
  await page.keyboard.press('Control+k');
  await expect(box.part('recent')).toHaveCount(0);
});

test('a failed server is reported with a retry button, which works', async ({ page }) => {
  const { box } = await open(page, undefined, /503|Failed to load/);
  server.intervene((path, response) => {
    if (!path.includes('era-search.json')) return false;
    response.writeHead(503).end();
    return true;
  });
  await page.keyboard.press('Control+k');
  await box.field.fill('snapshot');
  await expect(box.part('error')).toContainText('The search does not work right now');
  await expect(box.part('error')).toContainText('Try again in a moment.');
  await expect(box.part('error')).not.toContainText(/server-error|503|options?\b/);
  expect((await box.told()).filter(({ type }) => type === 'error')).toHaveLength(1);
  server.intervene(null);
  await box.part('retry').click();
  await box.answered('snapshot');
  await expect(box.field).toBeFocused();
  await expect(box.options.first()).toBeVisible();
});

test('a query without hits shows a message, and a query that looks like markup is text', async ({ page }) => {
  const { box, watching } = await open(page);
  await box.ask('<zzxqjw onqqwvk=vvkqzp>');
  await expect(box.part('empty')).toContainText('<zzxqjw onqqwvk=vvkqzp>');
  await expect(box.element.locator('zzxqjw')).toHaveCount(0);
  expect(watching.complaints).toEqual([]);
});

test('a query that the site does not answer is said to be none, and its nearest pages are shown', async ({ page }) => {
  const { box, watching } = await open(page);
  await box.askToTheEnd('mortgage interest rates');
  await expect(box.part('doubt')).toHaveText('Perhaps not on this site. The nearest pages:');
  await expect(box.options).not.toHaveCount(0);
  await box.askToTheEnd('restore a file');
  await expect(box.part('doubt')).toHaveCount(0);
  expect(watching.complaints).toEqual([]);
});

test('two searches on a page share one index and nothing else', async ({ page }) => {
  const { watching } = await open(page);
  const manifests = (): number => server.fetched.filter(({ path }) => path.endsWith('era-search.json')).length;
  const before = manifests();
  await page.evaluate(() => {
    const inline = document.createElement('era-search');
    inline.setAttribute('mode', 'inline');
    inline.setAttribute('shortcut', '');
    document.querySelector('main')?.prepend(inline);
  });
  const inline = new SearchBox(page, 'era-search[mode=inline]');
  const modal = new SearchBox(page, 'era-search:not([mode=inline])');
  await inline.field.fill('disk');
  await inline.answered('disk');
  await page.locator('era-search-trigger').click();
  await modal.ask('clock');
  await expect(inline.field).toHaveValue('disk');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(modal.field).toBeHidden();
  await expect(inline.options.first()).toBeVisible();
  expect(manifests() - before).toBe(1);
  expect(watching.complaints).toEqual([]);
});

test('a visitor who saves data is asked before the rest of the index is fetched', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  const { box } = await open(page);
  const vectors = (): number => server.fetched.filter(({ path }) => path.includes('/parts/vectors-')).length;
  const before = vectors();
  await box.ask('disk');
  await page.waitForTimeout(500);
  expect(vectors()).toBe(before);
  await box.part('load-index').click();
  await expect(box.part('source')).toContainText('index in this browser');
  expect(vectors()).toBe(before + 1);
});

test('a <base> that somebody slipped into the page does not lead the search elsewhere', async ({ page }) => {
  const lax = await startSiteServer(folder, {});
  await SearchBox.listen(page);
  await page.goto(`${lax.url}guide/restore.html`);
  await page.evaluate(() => {
    const base = document.createElement('base');
    base.href = 'https://elsewhere.invalid/';
    document.head.append(base);
    document.querySelector('era-search')?.setAttribute('bundle', '../era-search/');
  });
  const box = new SearchBox(page);
  await box.ask('disk');
  for (const link of await box.options.all()) expect(await link.getAttribute('href')).toContain(lax.url);
  await lax.close();
});

test('keywords alone are all that semantic="off" downloads', async ({ page }) => {
  const { box } = await open(page);
  await box.element.evaluate((element) => element.setAttribute('semantic', 'off'));
  const before = server.fetched.length;
  await box.ask('disk');
  await page.waitForTimeout(1000);
  expect(server.fetched.slice(before).filter(({ path }) => /vectors-|models/.test(path))).toEqual([]);
  await expect(box.part('source')).toHaveText('Keywords only');
  await expect(box.part('consent')).toHaveCount(0);
});

for (const [name, value] of [
  ['query-url', '/v1'], // without a model
  ['query-url', 'http://proxy:undefined/v1'],
  ['bundle', 'http://'],
  ['extension', 'https://[half'],
] as const)
  test(`an attribute that cannot be followed (${name}: ${value}) is told of, and the search works without it`, async ({
    page,
  }) => {
    const { box } = await open(page);
    await box.element.evaluate((element, attribute) => element.setAttribute(...attribute), [name, value] as const);
    await box.ask('disk');
    await expect(box.options.first()).toBeVisible();
    expect((await box.told()).filter(({ type }) => type === 'error')).toHaveLength(1);
  });

test('an API reads the query; its vector is stored; when the API is unavailable, the answer without a model stays, with the reason', async ({
  page,
}) => {
  const api = await startEmbeddings();
  const aligned = await indexedFixtureSite(
    '--query-url',
    api.url,
    '--query-model',
    QUERY_MODEL.model,
    '--query-prompt',
    QUERY_MODEL.prompt,
  );
  const policy = STRICT_HEADERS['content-security-policy']!.replace(
    "connect-src 'self'",
    `connect-src 'self' ${new URL(api.url).origin}`,
  );
  const withApi = await startSiteServer(aligned, { ...STRICT_HEADERS, 'content-security-policy': policy });
  try {
    await SearchBox.listen(page);
    await page.goto(`${withApi.url}guide/restore.html`);
    await page.evaluate(
      ({ url, model, prompt }) => {
        const element = document.querySelector('era-search');
        for (const [name, value] of Object.entries({ 'query-url': url, 'query-model': model, 'query-prompt': prompt }))
          element?.setAttribute(name, value);
      },
      { url: api.url, ...QUERY_MODEL },
    );
    const box = new SearchBox(page);
    await box.ask('my laptop was stolen');
    const source = box.part('source');
    await expect(source).toHaveAttribute('data-vector', 'remote');
    await expect(source).toContainText('with a model on the web');
    await expect(box.part('consent')).toHaveCount(0);
    api.process.kill();
    await once(api.process, 'close');
    await box.ask('where should the disk be');
    await expect(source).toContainText('the language model cannot be reached');
    await box.ask('my laptop was stolen');
    await expect(source).toHaveAttribute('data-vector', 'cache');
  } finally {
    api.process.kill();
    await withApi.close();
    await rm(aligned, { recursive: true });
  }
});
