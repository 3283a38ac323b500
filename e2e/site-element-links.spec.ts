// Where a result of <era-search> leads: sections without an address, routers of the page, other tabs.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { runCli } from './support/cli.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

const FILLER = '<p>Nothing of interest stands in this line of the page.</p>'.repeat(60);
const page = (title: string, body: string): string => `<!doctype html><html lang="en"><title>${title}</title>
  <meta name="viewport" content="width=device-width"><main><h1>${title}</h1>${body}</main>
  <script type="module" src="/era-search/era-search.js"></script><era-search></era-search></html>`;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-search-links-'));
  await writeFile(join(folder, 'index.html'), page('Harbours', '<p>Where boats rest.</p>'));
  await writeFile(
    join(folder, 'boats.html'),
    page('Boats', `${FILLER}<h2>Masts, sails &amp; up-to-date rigging</h2><p>A brigantine has two masts.</p>${FILLER}`),
  );
  await runCli('index', '--site', folder, '--no-vectors');
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

/** A router as many sites have: it takes plain clicks on links that it finds from the target of the event upwards. */
const startRouter = (): void => {
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    history.pushState(null, '', new URL(link.href).pathname);
    document.title = 'routed';
  });
};

for (const [how, choose] of [
  ['a click', (box: SearchBox) => box.part('option-section').click()],
  ['Enter', (box: SearchBox) => box.page.keyboard.press('Enter')],
] as const)
  test(`a router of the page takes the result that is chosen by ${how}`, async ({ page: tab }) => {
    const box = await ask(tab);
    await tab.evaluate(startRouter);
    await choose(box);
    await expect(tab).toHaveTitle('routed');
    expect(new URL(tab.url()).pathname).toBe('/boats.html');
    await expect(box.field).toBeHidden();
    expect(await tab.evaluate(() => document.querySelectorAll('body > a').length)).toBe(0);
  });

test('a result in another tab cannot be cancelled, nor taken by a router', async ({ page: tab, context }) => {
  const box = await ask(tab);
  await tab.evaluate(startRouter);
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
