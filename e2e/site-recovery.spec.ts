// What a page does when a worker or its site changes under it: a worker that hangs or dies while the server is silent, and a
// site that is published anew while a tab is open.

import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page, type Worker } from '@playwright/test';
import { runCli } from './support/cli.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { publishNextRelease } from './support/next-release.ts';
import { SearchBox } from './support/search-box.ts';
import { ask, download, open, search, startEngine, status, type SitePage } from './support/site-calls.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

test.use({ serviceWorkers: 'block' });

let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  folder = await indexedFixtureSite();
});
test.afterAll(() => rm(folder, { recursive: true }));
test.beforeEach(async ({ page }) => {
  server = await startSiteServer(folder);
  await startEngine(page, server.url, { scan: 'wasm', store: 'memory' });
});
test.afterEach(() => server.close());

const searchWorker = (page: Page): Worker =>
  page.workers().find((candidate) => candidate.url().includes('search.worker'))!;

test('a tab that is open while the site is published anew, twice, goes on with what is there', async ({ page }) => {
  let { build } = await open(page);
  await search(page, 'if the passphrase is lost', { mode: 'keyword' });
  for (const [animal, complete] of [
    ['platypus', false],
    ['echidna', true],
  ] as const) {
    await appendFile(join(folder, 'about/contributors.html'), `<main data-pagefind-body><p>An ${animal}.</p></main>`);
    await rm(join(folder, 'era-search'), { recursive: true });
    await runCli('index', '--site', folder);
    if (complete) await download(page);
    else expect((await search(page, animal, { mode: 'keyword' })).total).toBe(1);
    const { info } = await status(page);
    expect(info.build).not.toBe(build);
    ({ build } = info);
    expect((await search(page, animal, { mode: 'keyword' })).total).toBe(1);
  }
  expect((await status(page)).info).toMatchObject({ source: 'store', missingBytes: 0 });
  expect((await search(page, 'if the passphrase is lost', { mode: 'dense', path: 'static' })).total).toBeGreaterThan(0);
});

test('a tab that lacks only the parts for meaning takes up the new build too; where there is none, words answer', async ({
  page,
}) => {
  const own = await indexedFixtureSite();
  const site = await startSiteServer(own);
  await startEngine(page, site.url, { scan: 'wasm', store: 'memory', encoder: false });
  const parts = join(own, 'era-search/parts');
  for (const file of await readdir(parts)) if (/^(?:start|rest|cluster)-/.test(file)) await rm(join(parts, file));
  const { build } = await open(page);
  const query = 'if the passphrase is lost';
  const words = await search(page, query, { mode: 'keyword' });
  const { answer, degraded } = await ask(page, query);
  expect(degraded).toBe('network');
  expect(answer).toMatchObject({ total: words.total, source: { ranking: 'keyword' } });
  expect((await status(page)).info.build).toBe(build);

  await appendFile(join(own, 'about/contributors.html'), '<main data-pagefind-body><p>A platypus.</p></main>');
  await rm(join(own, 'era-search'), { recursive: true });
  await runCli('index', '--site', own);
  const healed = await ask(page, query);
  expect(healed.degraded).toBeUndefined();
  expect(healed.answer.source.ranking).toBe('hybrid');
  expect((await status(page)).info.build).not.toBe(build);
  await site.close();
  await rm(own, { recursive: true });
});

test('a page of a release that is no longer on the server asks for a new page, in one sentence', async ({ page }) => {
  const own = await indexedFixtureSite('--no-vectors');
  const site = await startSiteServer(own);
  await SearchBox.listen(page);
  await page.goto(site.url);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  const { before } = await publishNextRelease(join(own, 'era-search'), 'search');

  const box = new SearchBox(page);
  await page.keyboard.press('Control+k');
  await box.field.fill('crontab');
  await expect(box.part('error')).toContainText('The site has been updated. Reload this page.');
  await expect(box.part('retry')).toHaveCount(0);
  expect(site.fetched.some(({ path, status }) => path.endsWith(before) && status === 404)).toBe(true);

  await page.reload();
  await box.ask('crontab');
  expect((await box.paths())[0]).toContain('/guide/schedule.html');
  await site.close();
  await rm(own, { recursive: true });
});

test('a search worker that dies while the server is silent: a search is aborted at once, and the site is opened when it answers', async ({
  page,
}) => {
  await open(page);
  const before = await search(page, 'my laptop was stolen');
  server.intervene(() => new Promise<true>(() => undefined)); // never answers
  const worker = searchWorker(page);
  const closed = worker.waitForEvent('close');
  await worker.evaluate(() => self.close());
  await closed;
  const reasons = await page.evaluate(async () => {
    const { collection } = globalThis as unknown as SitePage;
    const aborted = async (): Promise<string> => {
      const control = new AbortController();
      const outcome = collection.search('my laptop was stolen', { signal: control.signal }).best();
      control.abort(new Error('enough'));
      return outcome.then(
        () => 'answered',
        (error: unknown) => (error as Error).message,
      );
    };
    return [await aborted(), await aborted()];
  });
  expect(reasons).toEqual(['enough', 'enough']);
  server.intervene(null);
  const after = await search(page, 'my laptop was stolen');
  expect(after.pages).toEqual(before.pages);
});

test('a search worker in a loop without end: an abort is felt at once, a search ends, and the next one is answered', async ({
  page,
}) => {
  await open(page);
  const before = await search(page, 'my laptop was stolen');
  const worker = searchWorker(page);
  const closed = worker.waitForEvent('close');
  await worker.evaluate(
    () =>
      void setTimeout(() => {
        for (;;);
      }),
  );
  const outcomes = await page.evaluate(async () => {
    const { collection } = globalThis as unknown as SitePage;
    const control = new AbortController();
    const [stuck, aborted] = [undefined, control.signal].map((signal) =>
      collection
        .search('my laptop was stolen', { signal })
        .best()
        .then(
          () => 'answered',
          (error: unknown) => (error as { code?: string }).code ?? (error as Error).message,
        ),
    );
    control.abort(new Error('enough'));
    return [await aborted, await stuck];
  });
  expect(outcomes).toEqual(['enough', 'worker-died']);
  await closed;
  const after = await search(page, 'my laptop was stolen');
  expect(after.pages).toEqual(before.pages);
});
