// Where a result of <era-search> leads: sections without an address, routers of the page, other tabs.

import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import type {} from '../src/widget/events.ts'; // the element's event types for addEventListener
import { indexedFiles } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

const FILLER = '<p>Nothing of interest stands in this line of the page.</p>'.repeat(60);
const page = (title: string, body: string): string => `<!doctype html><html lang="en"><title>${title}</title>
  <meta name="viewport" content="width=device-width"><main><h1>${title}</h1>${body}</main>
  <script type="module" src="/era-search/era-search.js"></script><era-search></era-search></html>`;

test.beforeAll(async () => {
  const masts = '<h2>Masts, sails &amp; up-to-date rigging</h2><p>A brigantine has two masts.</p>';
  folder = await indexedFiles([
    ['index.html', page('Harbours', '<p>Where boats rest.</p>')],
    ['boats.html', page('Boats', FILLER + masts + FILLER)],
  ]);
  server = await startSiteServer(folder);
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function ask(tab: Page): Promise<SearchBox> {
  await SearchBox.listen(tab);
  await tab.goto(server.url);
  await tab.waitForFunction(() => customElements.get('era-search') !== undefined);
  const box = new SearchBox(tab);
  await box.ask('brigantine');
  await expect(box.part('option-section')).toHaveCount(1);
  return box;
}

test('a heading without an id is scrolled to', async ({ page: tab }) => {
  const box = await ask(tab);
  await box.part('option-section').click();
  await expect(tab.getByRole('heading', { name: 'Masts' })).toBeInViewport();
  expect(new URL(tab.url()).pathname).toBe('/boats.html');
});

interface Routed {
  routed: string[];
}

/** Routers by how they find the link of a click: each takes its address and keeps the page. */
const ROUTERS: Readonly<Record<string, () => void>> = {
  'links at the window': () => {
    addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      (globalThis as unknown as Routed).routed.push(link.href);
    });
  },
  'links at the window, captured, as VitePress does': () => {
    addEventListener(
      'click',
      (event) => {
        const link = event.target instanceof Element ? event.target.closest('a') : null;
        if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || link.hasAttribute('target')) return;
        event.preventDefault();
        (globalThis as unknown as Routed).routed.push(link.href);
      },
      { capture: true },
    );
  },
  'links at the body': () => {
    document.body.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      (globalThis as unknown as Routed).routed.push(link.href);
    });
  },
  'links in shadow roots too': () => {
    document.addEventListener('click', (event) => {
      const [target] = event.composedPath();
      const link = target instanceof Element ? target.closest('a') : null;
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      (globalThis as unknown as Routed).routed.push(link.href);
    });
  },
  'links in shadow roots too, captured': () => {
    addEventListener(
      'click',
      (event) => {
        const [target] = event.composedPath();
        const link = target instanceof Element ? target.closest('a') : null;
        if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        (globalThis as unknown as Routed).routed.push(link.href);
      },
      { capture: true },
    );
  },
  'the Navigation API': () => {
    navigation.addEventListener('navigate', (event) => {
      if (!event.canIntercept) return;
      event.intercept({ focusReset: 'manual' }); // it would take the focus by default
      (globalThis as unknown as Routed).routed.push(event.destination.url);
    });
  },
  'the event of a choice': () => {
    addEventListener('era-search:select', (event) => {
      if (!event.cancelable) return;
      event.preventDefault();
      (globalThis as unknown as Routed).routed.push(event.detail.url!);
    });
  },
};

const startRouter = async (tab: Page, router: () => void): Promise<void> => {
  await tab.evaluate(() => void Object.assign(globalThis, { routed: [] }));
  await tab.evaluate(router);
};

for (const [name, router] of Object.entries(ROUTERS))
  for (const [how, choose] of [
    ['a click', (box: SearchBox) => box.part('option-section').click()],
    ['Enter', (box: SearchBox) => box.page.keyboard.press('Enter')],
  ] as const)
    test(`a router of the page takes the result that is chosen by ${how} once: ${name}`, async ({ page: tab }) => {
      const box = await ask(tab);
      await startRouter(tab, router);
      await choose(box);
      await expect(box.field).toBeHidden();
      await expect
        .poll(() => tab.evaluate(() => (globalThis as unknown as Routed).routed.map((url) => url.split('#')[0])))
        .toEqual([`${server.url}boats.html`]);
      expect(await tab.evaluate(() => document.querySelectorAll('body > a').length)).toBe(0);
      expect((await box.told()).filter(({ type }) => type === 'select')).toHaveLength(1);
    });

test('a result in another tab cannot be cancelled, nor taken by a router', async ({ page: tab, context }) => {
  const box = await ask(tab);
  await startRouter(tab, ROUTERS['links at the window']!);
  await tab.evaluate(() => {
    addEventListener('era-search:select', (event) => {
      document.title = `cancelable: ${event.cancelable}`;
      event.preventDefault();
    });
  });
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    box.part('option-section').click({ modifiers: ['ControlOrMeta'] }),
  ]);
  expect(new URL(other.url()).pathname).toBe('/boats.html');
  await expect(tab).toHaveTitle('cancelable: false');
  await expect(box.field).toBeVisible();
});
