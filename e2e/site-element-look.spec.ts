// How <era-search> looks on pages of other looks: their font sizes.

import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

test.use({ viewport: { width: 1500, height: 1200 } });
test.beforeAll(async () => {
  folder = await indexedFixtureSite('--no-vectors');
  server = await startSiteServer(folder, {});
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test.beforeEach(({ page }) => SearchBox.listen(page));

/** A page of the site with these styles beside its own. */
async function open(page: Page, styles: string): Promise<SearchBox> {
  await page.goto(`${server.url}guide/restore.html`);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  await page.addStyleTag({ content: `${styles}\n` });
  return new SearchBox(page);
}

interface Box {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly textSize: number;
}

/** The boxes of the trigger and of an open search with results and filters, in the order of the page. */
async function boxes(page: Page, styles: string): Promise<readonly Box[]> {
  const box = await open(page, styles);
  await box.ask('restore');
  await box.part('filter-button').click();
  await expect(box.part('filters')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  return page.evaluate(() =>
    [...document.querySelectorAll('era-search-trigger, era-search')].flatMap((element) =>
      [...element.shadowRoot!.querySelectorAll('[part], kbd')]
        .filter((part) => part.getClientRects().length > 0 && part.textContent !== '')
        .map((part) => ({
          name: part.getAttribute('part') ?? part.localName,
          height: part.getBoundingClientRect().height,
          width: part.getBoundingClientRect().width,
          textSize: parseFloat(getComputedStyle(part).fontSize),
        })),
    ),
  );
}

const THEMES = {
  'a root of 62.5 %': ':root { font-size: 62.5% } body { font-size: 1.6rem }',
  'a root of 125 %': ':root { font-size: 125% } body { font-size: 0.5rem } header { font-size: 0.9rem }',
  'small text around': 'body, header, era-search, era-search-trigger { font-size: 9px }',
  'a size of every element': '* { font-size: 11px } main * { font-size: 30px }',
} as const;

test('the sizes of trigger and dialog hold together whatever the page’s are', async ({ page }) => {
  const usual = await boxes(page, '');
  for (const name of ['button', 'panel', 'option-page', 'footer', 'kbd', 'filter-value'])
    expect(usual.map(({ name: part }) => part).join(' ')).toContain(name);
  for (const { name, textSize } of usual) expect(textSize, name).toBeGreaterThanOrEqual(14);
  for (const [theme, styles] of Object.entries(THEMES)) expect(await boxes(page, styles), theme).toEqual(usual);
});

test('one property makes all of it larger, in em, px or rem, and none of it too small to read', async ({ page }) => {
  const usual = await boxes(page, '');
  const sizes = [
    ['1.25em', 1.25],
    ['20px', 1.25],
    ['1.5rem', 1.5],
    ['0.2em', 14 / 16],
  ] as const;
  for (const [size, ratio] of sizes) {
    const scaled = await boxes(page, `:root { font-size: 100%; --era-font-size: ${size} }`);
    expect(scaled.map(({ name }) => name)).toEqual(usual.map(({ name }) => name));
    for (const [i, { name, textSize, height }] of scaled.entries()) {
      const before = usual[i]!;
      if (name === 'input') expect(textSize).toBeGreaterThanOrEqual(16);
      else expect(textSize / before.textSize, `text of ${name} at ${size}`).toBeCloseTo(ratio, 2);
      // Rows of text may wrap otherwise, and small buttons keep the least size for a finger.
      if (ratio > 1 && ['button', 'search', 'close', 'title'].includes(name))
        expect(height / before.height, `height of ${name} at ${size}`).toBeCloseTo(ratio, 1);
    }
  }
});
