// What a browser keeps for a visitor, and what becomes of the search where it keeps nothing, is ended, or has no room.

import { expect, test } from 'vitest';
import { openCollection } from '../../src/node/open-collection.ts';
import type { SiteServer } from '../support/site-server.ts';
import type { FlowContext } from './flows.ts';
import { addServiceWorker } from '../support/service-worker-site.ts';
import type { Watched, WatchedPage } from './watched.ts';

const CONSENT = 'era-search >>> [part~=consent]';
const SOURCE = 'era-search >>> [part~=source]';
const LOST = 'get documents back that I threw away by accident';

/** Allows the small model, and waits for an answer that it has read. */
async function allowModel(page: WatchedPage): Promise<void> {
  await page.click(CONSENT);
  await readByModel(page);
}

async function readByModel(page: WatchedPage): Promise<void> {
  await page.until(
    'an answer by the small model',
    (selector) => (globalThis as unknown as Watched).allOf(selector)[0]?.dataset['vector'] === 'local',
    SOURCE,
  );
}

/** Waits until the whole index is in the browser. */
async function complete(page: WatchedPage): Promise<void> {
  await page.shows(SOURCE, 'index in this browser');
}

/** The first visit, and the second one. */
export function visitFlow(context: FlowContext): void {
  test('a visitor allows the small model, whose steps are told, and the next visit has it and the index without asking', async () => {
    const browser = await context.startOther({});
    const server = await context.serve();
    const page = await context.openAt(server.url, undefined, browser);
    await page.ask('my laptop was stolen');
    await page.shows(CONSENT, 'MB, once');
    await allowModel(page);
    const lines = await page.tab.evaluate(() => (globalThis as unknown as Watched).seen.lines);
    expect(lines).toContain('Preparing the language model');
    await page.ask(LOST);
    await readByModel(page);
    await complete(page);
    const paths = await page.paths();
    expect(paths[0]).toBe('/guide/restore.html');
    expect(await page.pages(3)).toEqual(await pagesInNode(context.sites.fixture, LOST, 3));
    expect(await page.complaints()).toEqual([]);

    await browser.restart();
    const before = server.fetched.length;
    const again = await context.openAt(server.url, 'guide/storage.html', browser);
    await again.ask(LOST);
    await readByModel(again);
    await complete(again);
    expect(await again.texts(CONSENT)).toEqual([]);
    expect(await again.paths()).toEqual(paths);
    expect(indexPartsOf(server, before)).toEqual([]);
    expect(await again.complaints()).toEqual([]);
  });
}

export function storageFlows(context: FlowContext): void {
  test('after a visit with a search, the page and both kinds of search work without the server', async () => {
    const folder = await context.ownSite();
    await addServiceWorker(folder, 'guide/restore.html');
    const server = await context.serve(folder);
    const page = await context.openAt(server.url);
    await page.until('the service worker', () => navigator.serviceWorker.controller !== null);
    await page.until('the page to be kept', async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith('era-search pages'));
      const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return kept.flat().length > 0;
    });
    await page.ask('my laptop was stolen');
    await allowModel(page);
    await complete(page);

    await server.close();
    await page.reload();
    expect(await page.texts('h1')).toEqual(['Get files back']);
    await page.ask('crontab');
    expect((await page.paths())[0]).toContain('/guide/schedule.html');
    await page.ask(LOST);
    await readByModel(page);
    expect((await page.paths())[0]).toBe('/guide/restore.html');
    await complete(page);
    expect(await page.complaints()).toEqual([]);
  });

  test('two tabs search side by side, share what one of them was allowed, and one goes on when the other is closed', async () => {
    const server = await context.serve();
    const [first, second] = [await context.openAt(server.url), await context.openAt(server.url, 'guide/storage.html')];
    await first.ask('crontab');
    await second.ask('snapshot');
    await first.ask('my laptop was stolen');
    await allowModel(first);
    await complete(first);
    await second.reload();
    await second.ask(LOST);
    await readByModel(second);
    expect(await first.complaints()).toEqual([]);
    await first.tab.close();
    await second.ask('forgotten passphrase');
    await readByModel(second);
    await complete(second);
    expect((await second.paths())[0]).toBe('/guide/restore.html');
    expect(await second.complaints()).toEqual([]);
  });

  test('in a private window everything works, and nothing of it is left for the next one', async () => {
    const browser = await context.startOther({ storage: 'private' });
    const server = await context.serve();
    const page = await context.openAt(server.url, undefined, browser);
    await worksFromStart(page);
    await browser.restart();
    const again = await context.openAt(server.url, undefined, browser);
    await again.ask('my laptop was stolen');
    await again.shows(CONSENT);
    expect(await again.complaints()).toEqual([]);
  });

  test('where pages may store nothing, everything works from memory', async () => {
    const browser = await context.startOther({ storage: 'none' });
    const page = await context.openAt((await context.serve()).url, undefined, browser);
    const opened = await page.tab.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          try {
            const request = indexedDB.open('any');
            request.onsuccess = () => resolve(true);
            request.onerror = () => resolve(false);
          } catch {
            resolve(false); // absent, or refused
          }
        }),
    );
    expect(opened).toBe(false);
    await worksFromStart(page);
    await page.reload();
    await page.ask('my laptop was stolen');
    await page.shows(CONSENT);
    expect(await page.complaints()).toEqual([]);
  });

  if (context.engine.outlivesPages)
    test('a tab that is killed while its index arrives leaves nothing broken: the next one searches and completes it', async () => {
      const browser = await context.startOther({});
      const server = await context.serve();
      const page = await context.openAt(server.url, undefined, browser);
      const held: (() => void)[] = [];
      server.intervene(async (path) => {
        if (/\/parts\/rest-/.test(path)) await new Promise<void>((resolve) => held.push(resolve));
        return false;
      });
      await page.ask('crontab');
      await expect.poll(() => held.length).toBeGreaterThan(0);
      await browser.killPages();
      server.intervene(null);
      for (const release of held) release();

      const next = await context.openAt(server.url, undefined, browser);
      await next.ask('my laptop was stolen');
      await complete(next);
      await allowModel(next);
      expect(await next.complaints()).toEqual([]);
      await browser.killPages(); // with everything stored

      const last = await context.openAt(server.url, undefined, browser);
      const before = server.fetched.length;
      await last.ask(LOST);
      await readByModel(last);
      await complete(last);
      expect((await last.paths())[0]).toBe('/guide/restore.html');
      expect(indexPartsOf(server, before)).toEqual([]);
      expect(await last.complaints()).toEqual([]);
    });

  if (context.engine.limitsStorage)
    test('on a full disk everything works from memory', async () => {
      const browser = await context.startOther({ quotaBytes: 20_000 });
      const page = await context.openAt((await context.serve()).url, undefined, browser);
      await worksFromStart(page);
    });
}

/** The parts of the index that were fetched since, but for words that no page has: those are asked for when they are typed. */
function indexPartsOf({ fetched }: SiteServer, since: number): readonly string[] {
  return fetched
    .slice(since)
    .map(({ path }) => path)
    .filter((path) => /\/era-search\/parts\/(?!words-)/.test(path));
}

async function worksFromStart(page: WatchedPage): Promise<void> {
  await page.ask('object storage');
  expect((await page.paths())[0]).toBe('/guide/storage.html');
  await allowModel(page);
  await page.ask(LOST);
  await readByModel(page);
  expect((await page.paths())[0]).toBe('/guide/restore.html');
  expect(await page.complaints()).toEqual([]);
}

/** Paths of the first pages that Node answers with, from the same folder with the same model. */
async function pagesInNode(folder: string, query: string, count: number): Promise<readonly string[]> {
  const url = 'http://site.invalid/era-search/';
  const collection = await openCollection(folder, { url, device: 'wasm' });
  const { pages } = await collection.search(query, { language: 'en' }).best();
  await collection.close();
  return pages.slice(0, count).map((page) => new URL(page.url!).pathname);
}
