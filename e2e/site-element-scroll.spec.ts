// An open <era-search> stops the page from scrolling, and nothing in the page shifts, with scroll bars that take room.

import { rm } from 'node:fs/promises';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;
let browser: Browser;

test.beforeAll(async ({ playwright, launchOptions }) => {
  folder = await indexedFixtureSite('--no-vectors');
  server = await startSiteServer(folder);
  browser = await playwright.chromium.launch({ ...launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] });
});
test.afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
});

/** Styles of root and body, and whether the window has a scroll bar or its gutter. */
const PAGES = {
  'no scroll bar': { root: 'overflow: hidden', body: '', hasBar: false },
  'a classic scroll bar': { root: '', body: '', hasBar: true },
  'a padding of the page': { root: 'padding-right: 30px', body: '', hasBar: true },
  'a stable gutter': { root: 'scrollbar-gutter: stable', body: '', hasBar: true },
  'a stable gutter at both edges': { root: 'scrollbar-gutter: stable both-edges', body: '', hasBar: true },
  'overflow-y: scroll': { root: 'overflow-y: scroll', body: '', hasBar: true },
  'overflow-y: scroll !important': { root: 'overflow-y: scroll !important', body: '', hasBar: true },
  'overflow-y of the body': { root: '', body: 'overflow-y: scroll', hasBar: true },
  'a body that scrolls itself': {
    root: 'height: 100%; overflow: hidden',
    body: 'height: 100%; overflow: auto; margin: 0',
    hasBar: false,
  },
  'from right to left': { root: 'direction: rtl', body: '', hasBar: true },
} as const;

async function open(styles: { readonly root: string; readonly body: string }): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  await page.goto(`${server.url}guide/restore.html`);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  await page.evaluate(({ root, body }) => {
    const tall = document.createElement('div');
    tall.style.height = '3000px';
    const fixed = document.createElement('div');
    fixed.id = 'fixed';
    Object.assign(fixed.style, { position: 'fixed', insetBlockStart: '0', right: '0', width: '10px', height: '10px' });
    document.body.append(tall, fixed);
    document.documentElement.style.cssText = root;
    document.body.style.cssText = body;
  }, styles);
  return page;
}

const places = (page: Page): Promise<unknown> =>
  page.evaluate(() =>
    ['h1', 'main', '#fixed'].map((selector) => {
      const { left, right } = document.querySelector(selector)!.getBoundingClientRect();
      return { selector, left, right };
    }),
  );

const styles = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => [document.documentElement.style.cssText, document.body.style.cssText]);

for (const [name, { hasBar, ...page }] of Object.entries(PAGES)) {
  test(`nothing shifts: ${name}`, async () => {
    const tab = await open(page);
    expect(await tab.evaluate(() => innerWidth > document.documentElement.clientWidth)).toBe(hasBar);
    const before = { places: await places(tab), styles: await styles(tab) };
    const box = new SearchBox(tab);
    await tab.keyboard.press('Control+k');
    await expect(box.field).toBeFocused();
    expect(await places(tab)).toEqual(before.places);
    await tab.keyboard.press('Escape');
    await expect(box.field).toBeHidden();
    expect(await places(tab)).toEqual(before.places);
    expect(await styles(tab), 'restored exactly').toEqual(before.styles);
    await tab.close();
  });
}

test('the page does not scroll behind the dialog, and does afterwards', async () => {
  for (const body of ['', 'overflow-y: scroll']) {
    const tab = await open({ root: '', body });
    const canScroll = (): Promise<boolean> =>
      tab.evaluate(() =>
        ['hidden', 'clip'].every((value) =>
          [document.documentElement, document.body].every((element) => getComputedStyle(element).overflowY !== value),
        ),
      );
    expect(await canScroll()).toBe(true);
    await tab.keyboard.press('Control+k');
    expect(await canScroll()).toBe(false);
    await tab.keyboard.press('Escape');
    expect(await canScroll()).toBe(true);
    await tab.close();
  }
});

test('of two dialogs the last one to close gives the page back, and the page’s own changes stay', async () => {
  const tab = await open({ root: 'overflow: auto', body: '' });
  const before = await styles(tab);
  await tab.evaluate(() => {
    type Search = HTMLElement & { open: () => void; close: () => void };
    const first = document.querySelector<Search>('era-search')!;
    const second = document.createElement('era-search') as Search;
    document.body.append(second);
    first.open();
    second.open();
    first.close();
    Object.assign(globalThis, { second });
  });
  expect(await tab.evaluate(() => document.documentElement.style.overflow)).toBe('hidden');
  await tab.evaluate(() => (globalThis as unknown as { second: { close: () => void } }).second.close());
  expect(await styles(tab)).toEqual(before);
  await tab.keyboard.press('Control+k');
  await tab.evaluate(() => (document.documentElement.style.overflow = 'clip'));
  await tab.keyboard.press('Escape');
  expect(await tab.evaluate(() => document.documentElement.style.overflow)).toBe('clip');
  await tab.close();
});
