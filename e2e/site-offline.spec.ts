// The offline recipe on the fixture site, under the strictest headers: what works after the server is gone, and what
// does not.

import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { publishNextRelease } from './support/next-release.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { addServiceWorker, strictHeaders } from './support/service-worker-site.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

const PAGES = ['index.html', 'guide/restore.html', 'guide/storage.html'];

let folder: string;
let server: SiteServer;

test.beforeEach(async () => {
  folder = await indexedFixtureSite();
  await addServiceWorker(folder, ...PAGES);
  server = await startSiteServer(folder, strictHeaders());
});
test.afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function open(page: Page, path: string): Promise<SearchBox> {
  await page.goto(server.url + path);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  return new SearchBox(page);
}

/** Resolves when the worker controls this page and has kept what it fetches ahead. */
async function controlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect.poll(() => keptPages(page)).not.toHaveLength(0);
}

function keptPages(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('era-search pages'));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map(({ url }) => new URL(url).pathname);
  });
}

test('after one visit with a search the page and both kinds of search work without the server', async ({ page }) => {
  const watching = await watch(page, /Failed to load resource|net::ERR/);
  await SearchBox.listen(page);
  const box = await open(page, 'guide/restore.html');
  await controlled(page);
  await box.ask('my laptop was stolen');
  await box.part('consent').click();
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  await expect(box.part('source')).toContainText('index in this browser');

  await server.close();
  await page.reload();
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Get files back');
  expect(await page.evaluate(() => [...document.styleSheets].map(({ href }) => href))).toEqual([
    expect.stringMatching(/\.css$/),
  ] as unknown[]);
  await box.ask('crontab');
  expect((await box.paths())[0]).toContain('/guide/schedule.html');
  await box.ask('get documents back that I threw away by accident');
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  await expect(box.part('source')).toHaveText(/on this device.*index in this browser/);
  expect((await box.paths())[0]).toBe('/guide/restore.html');
  expect(watching.complaints).toEqual([]);

  // An earlier answer is complete; a page that was never opened gives the browser's own error.
  await expect(page.goto(`${server.url}guide/storage.html`)).rejects.toThrow(/ERR_(CONNECTION_REFUSED|FAILED)/);
});

test('a new build of the site replaces the old one; a server that hangs is waited for three seconds', async ({
  page,
}) => {
  await SearchBox.listen(page);
  const box = await open(page, 'index.html');
  await controlled(page);
  await box.ask('crontab');
  await expect(box.part('source')).toContainText('index in this browser');

  const rebuilt = await indexedFixtureSite('--exclude-selectors', 'pre');
  await rm(join(folder, 'era-search'), { recursive: true });
  await cp(join(rebuilt, 'era-search'), join(folder, 'era-search'), { recursive: true });
  await rm(rebuilt, { recursive: true });
  await page.reload();
  await box.ask('crontab');
  await expect(box.part('source')).toContainText('index in this browser');

  server.intervene(() => new Promise(() => undefined));
  const start = Date.now();
  await page.reload();
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  expect(Date.now() - start).toBeGreaterThan(2500);
  await box.ask('snapshot');
  expect(await box.paths()).not.toHaveLength(0);
});

test('a release of the element is kept as a whole: after an upgrade both kinds of search work without the server', async ({
  page,
  context,
}) => {
  await SearchBox.listen(page);
  let box = await open(page, 'guide/restore.html');
  await controlled(page);
  await page.reload(); // from here on through the worker
  await box.ask('my laptop was stolen');
  await box.part('consent').click();
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  await expect(box.part('source')).toContainText('index in this browser');

  const search = await publishNextRelease(join(folder, 'era-search'), 'search');
  const encoder = await publishNextRelease(join(folder, 'era-search'), 'encoder');
  const second = await context.newPage();
  await page.close();
  await SearchBox.listen(second);
  box = await open(second, 'guide/restore.html');
  await box.ask('crontab'); // by the new release, over the network
  await expect.poll(() => releases(second)).toHaveLength(2);
  await expect.poll(() => workerState(second)).toBe('installed');

  const third = await context.newPage(); // the new worker takes over once no page of the old one is open
  await second.goto('about:blank');
  await second.close();
  await SearchBox.listen(third);
  // A visit that comes before the browser has let go of the closed page is still by the old worker.
  const releasesOfNextVisit = async (): ReturnType<typeof releases> => {
    await third.goto('about:blank');
    await open(third, 'guide/restore.html');
    return releases(third);
  };
  await expect.poll(releasesOfNextVisit).toHaveLength(1);
  const [files] = await releases(third);
  expect(files).toEqual(expect.arrayContaining(['era-search.js', search.now, encoder.now]));
  expect(files).not.toContain(search.before);

  await server.close();
  await third.reload();
  box = new SearchBox(third);
  await box.ask('get documents back that I threw away by accident');
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  await expect(box.part('source')).toHaveText(/on this device.*index in this browser/);
  expect((await box.paths())[0]).toBe('/guide/restore.html');
});

test('a release of which a file is missing, or is something else, does not replace the one before', async ({
  page,
  context,
}) => {
  await SearchBox.listen(page);
  const box = await open(page, 'index.html');
  await controlled(page);
  await box.ask('crontab');
  await expect(box.part('source')).toContainText('index in this browser');
  const [before] = await releases(page);

  const { now } = await publishNextRelease(join(folder, 'era-search'), 'search');
  let refused = 0;
  server.intervene((path, response) => {
    if (!path.endsWith(now)) return false;
    refused += 1;
    response.setHeader('content-type', 'text/html').end('<h1>Sign in to this network</h1>');
    return true;
  });
  await page.reload();
  await expect.poll(() => refused).toBeGreaterThan(1); // the second time past the browser's cache
  await expect.poll(() => workerState(page)).toBe('activated');
  await page.close();

  await server.close();
  const second = await context.newPage();
  await SearchBox.listen(second);
  const again = await open(second, 'index.html');
  await again.ask('crontab');
  expect((await again.paths())[0]).toContain('/guide/schedule.html');
  expect((await releases(second)).find((files) => files.includes('era-search.js'))).toEqual(before);
});

test('a bad file among the copies, whatever it is, is dropped and fetched again', async ({ page }) => {
  await SearchBox.listen(page);
  const box = await open(page, 'index.html');
  await controlled(page);
  await box.ask('my laptop was stolen');
  await box.part('consent').click();
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  await page.reload();
  await box.ask('crontab');
  const spoiled = await page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => /^era-search (files|models)/.test(name));
    let count = 0;
    for (const name of names) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys())
        if (!url.endsWith('.json') && ++count)
          await cache.put(url, new Response('<h1>502</h1>', { headers: { 'content-type': 'text/html' } }));
    }
    return count;
  });
  expect(spoiled).toBeGreaterThan(5);
  await page.reload();
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  await box.ask('get documents back that I threw away by accident');
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  expect((await box.paths())[0]).toBe('/guide/restore.html');
});

test('without strict headers one line is enough; a site that opts out caches no pages', async ({ page }) => {
  await writeFile(
    join(folder, 'sw.js'),
    "self.eraSearchOffline = { pages: false };\nimportScripts('/era-search/offline.js');\n",
  );
  const lax = await startSiteServer(folder, { 'cache-control': 'no-cache' });
  await page.goto(`${lax.url}index.html`);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.reload();
  await expect
    .poll(async () =>
      (await page.evaluate(() => caches.keys())).map((name) => name.replace(/ [0-9a-f]{16}$/, '')).sort(),
    )
    .toEqual([`era-search files ${lax.url}era-search/`, `era-search models ${lax.url}era-search/`]);
  await lax.close();
  await expect(page.reload()).rejects.toThrow(/ERR_/);
});

/** Paths below the folder of the search, for each release that is kept. */
function releases(page: Page): Promise<string[][]> {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('era-search files'));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept.map((requests) => requests.map(({ url }) => url.slice(url.indexOf('/era-search/') + 12)).sort());
  });
}

/** Of the newest service worker. */
function workerState(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration())!;
    return (installing ?? waiting ?? active)?.state;
  });
}
