// <era-search> and its index on another origin than the page, as on a content delivery network: an answer however late
// the worker's script comes, and a typed error where it does not come, under the strictest headers that allow it.

import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import type {} from '../src/widget/events.ts'; // the element's event types for addEventListener
import { indexedFixtureSite } from './support/indexed-site.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, STRICT_HEADERS, type SiteServer } from './support/site-server.ts';

const WORKER = /\/search\.worker-[^/]*\.js$/;

let folder: string;
let files: SiteServer;
let site: SiteServer;

test.beforeAll(async () => {
  folder = await indexedFixtureSite('--no-vectors');
  files = await startSiteServer(folder, { ...STRICT_HEADERS, 'access-control-allow-origin': '*' });
  // What src/widget/ELEMENT.md tells a site to add where its index is on another origin.
  const origin = new URL(files.url).origin;
  const policy = STRICT_HEADERS['content-security-policy']!.replace("script-src 'self'", `script-src 'self' ${origin}`)
    .replace("connect-src 'self'", `connect-src 'self' ${origin}`)
    .replace("worker-src 'self'", "worker-src 'self' blob:");
  site = await startSiteServer(folder, { ...STRICT_HEADERS, 'content-security-policy': policy });
  site.intervene((path, response) => {
    if (path !== '/host.html') return false;
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(
      `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="icon.svg"><script type="module" src="${files.url}era-search/era-search.js"></script><era-search></era-search>`,
    );
    return true;
  });
});
test.afterAll(async () => {
  await site.close();
  await files.close();
  await rm(folder, { recursive: true });
});
test.afterEach(() => {
  files.intervene(null);
});

async function open(page: Page): Promise<SearchBox> {
  await SearchBox.listen(page);
  await page.goto(`${site.url}host.html`);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  return new SearchBox(page);
}

test('the element answers from another origin, and nothing violates the policy', async ({ page }) => {
  const { complaints } = await watch(page);
  const box = await open(page);
  await page.keyboard.press('/');
  await box.ask('object storage');
  await expect(box.options.first()).toBeVisible();
  expect(files.fetched.filter(({ path }) => WORKER.test(path)).length).toBeGreaterThan(0);
  expect(site.fetched.filter(({ path }) => path.includes('/era-search/'))).toEqual([]);
  expect(complaints).toEqual([]);
});

test('what is asked before a slow worker script has come is answered when it has', async ({ page }) => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  files.intervene(async (path) => {
    if (!WORKER.test(path)) return false;
    asked();
    await held;
    return false;
  });
  const box = await open(page);
  await page.keyboard.press('/');
  await box.field.fill('restore a file');
  await isAsked;
  // The first script of the worker has run to its end, so that the worker takes messages: the search has been sent by
  // now, and nothing that came is left for the script that is still to come.
  await expect.poll(() => page.workers().length).toBe(1);
  expect(await page.workers()[0]!.evaluate(() => 'runs')).toBe('runs');
  expect((await box.told()).map(({ type }) => type)).toEqual(['open']);
  release();
  await box.answered('restore a file');
  await expect(box.options.first()).toBeVisible();
});

test('a worker script that is missing on the other origin is a typed error', async ({ page }) => {
  files.intervene((path, response) => {
    if (!WORKER.test(path)) return false;
    response.writeHead(404, { 'access-control-allow-origin': '*' }).end();
    return true;
  });
  await open(page);
  const code = await page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener('era-search:error', ({ detail }) => {
          resolve(detail.error.code);
        });
        const element = document.querySelector('era-search') as unknown as { search: (text: string) => void };
        element.search('object storage');
      }),
  );
  expect(code).toBe('worker-died');
});
