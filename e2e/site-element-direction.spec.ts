// <era-search> in every language of its interface: from right to left it is laid out as in a mirror, and nothing is
// wider than a small screen.

import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { directionOf, loadTexts } from '../src/widget/texts.ts';
import { RIGHT_TO_LEFT, rightToLeftSite } from './support/right-to-left-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

const SIZES = { phone: 360, tablet: 768, desk: 1280 } as const;
const LANGUAGES = readdirSync(new URL('../src/widget/texts/', import.meta.url)).map((file) => file.replace('.ts', ''));

let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  folder = await rightToLeftSite();
  server = await startSiteServer(folder, {});
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
test.beforeEach(({ page }) => SearchBox.listen(page));

async function open(page: Page, path: string, width: number): Promise<SearchBox> {
  await page.setViewportSize({ width, height: 800 });
  await page.goto(server.url + path);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  return new SearchBox(page);
}

/** Asks, opens the filters, and makes the first option active. */
async function ask(box: SearchBox, query: string): Promise<void> {
  await box.ask(query);
  if (!(await box.part('filters').isVisible())) await box.part('filter-button').click();
  await expect(box.part('filters')).toBeVisible();
  await box.field.press('ArrowDown');
  await expect(box.active).toHaveCount(1);
}

/** Gives the elements this language, whatever the page's is. */
async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((lang) => {
    for (const element of document.querySelectorAll('era-search, era-search-trigger'))
      element.setAttribute('lang', lang);
  }, language);
  const { placeholder } = await loadTexts(language);
  const box = new SearchBox(page);
  await expect(box.part('dialog')).toHaveAttribute('lang', language);
  await expect(box.part('dialog')).toHaveAttribute('dir', directionOf(language));
  await expect(box.field).toHaveAttribute('placeholder', placeholder);
}

/** Distances that no text's width has a part in: of a box to the side of the panel where lines begin, or where they end. */
const distances = (page: Page): Promise<Readonly<Record<string, number>>> =>
  page.evaluate(() => {
    const root = document.querySelector('era-search')!.shadowRoot!;
    const panel = root.querySelector('.panel')!.getBoundingClientRect();
    const isRightToLeft = getComputedStyle(root.querySelector('.panel')!).direction === 'rtl';
    const toRight = ({ right }: DOMRect): number => Math.round(panel.right - right);
    const toLeft = ({ left }: DOMRect): number => Math.round(left - panel.left);
    const shown = (selector: string): DOMRect[] =>
      [...root.querySelectorAll(selector)].map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0);
    const measure = (selectors: readonly string[], side: string, distance: (box: DOMRect) => number) =>
      selectors.flatMap((selector) =>
        shown(selector).map((box, i) => [`${selector} ${String(i)}, ${side}`, distance(box)] as const),
      );
    const begins = ['.search > .icon', '.field', '.bar .icon', '.choice input', '.kind', '.words', '.state'];
    const ends = ['[part=close]', '.count', '.enter', '.words', '.keys'];
    return Object.fromEntries([
      ...measure(begins, 'from where lines begin', isRightToLeft ? toRight : toLeft),
      ...measure(ends, 'from where they end', isRightToLeft ? toLeft : toRight),
    ]);
  });

/** How far each text of the results begins from the side of its box where lines begin. */
const indents = (page: Page): Promise<readonly (readonly [part: string, indent: number])[]> =>
  page.evaluate(() => {
    const root = document.querySelector('era-search')!.shadowRoot!;
    const isRightToLeft = getComputedStyle(root.querySelector('.panel')!).direction === 'rtl';
    return [...root.querySelectorAll('[part~=title], [part~=address], [part~=heading], [part~=snippet]')].map(
      (part) => {
        const range = document.createRange();
        range.selectNodeContents(part);
        const text = range.getBoundingClientRect();
        const box = part.getBoundingClientRect();
        return [
          part.getAttribute('part') ?? '',
          Math.round(isRightToLeft ? box.right - text.right : text.left - box.left),
        ];
      },
    );
  });

/** Visible boxes that are wider than the panel or stand out of it, and the page where it can be scrolled sideways. */
const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('era-search')!.shadowRoot!;
    const panel = root.querySelector('.panel')!.getBoundingClientRect();
    const outside = [...root.querySelectorAll<HTMLElement>('.panel *:not(.unseen)')].filter((part) => {
      const { left, right, width } = part.getBoundingClientRect();
      const isClipped = getComputedStyle(part).clipPath !== 'none';
      return width > 0 && !isClipped && (left < panel.left - 1 || right > panel.right + 1);
    });
    const names = outside.map((part) => `${part.localName}.${part.className}: ${part.textContent}`);
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth || panel.right > innerWidth + 1 || panel.left < -1 ? [...names, 'page'] : names;
  });

for (const [language, { query }] of Object.entries(RIGHT_TO_LEFT)) {
  for (const [size, width] of Object.entries(SIZES)) {
    test(`${language} is laid out as in a mirror: ${size}`, async ({ page }) => {
      const box = await open(page, `${language}/restore.html`, width);
      await ask(box, query);
      await expect(box.part('dialog')).toHaveAttribute('dir', 'rtl');
      await expect(box.part('source')).toContainText((await loadTexts(language)).inBrowser);
      const mirrored = await distances(page);
      expect(await tooWide(page)).toEqual([]);
      const starts = await indents(page);
      expect(new Set(starts.map(([part]) => part))).toEqual(new Set(['title', 'address', 'heading', 'snippet']));
      for (const [part, indent] of starts) expect(indent, part).toBeLessThanOrEqual(2);

      const left = async (selector: string): Promise<number> => (await box.element.locator(selector).boundingBox())!.x;
      const order = ['.search > .icon', '.field', '[part=clear]', '[part=close]'];
      const places = await Promise.all(order.map(left));
      expect(places).toEqual(places.toSorted((a, b) => b - a));
      expect(await left('.filters input')).toBeGreaterThan(await left('.filters .pages'));

      await speak(page, 'en');
      await expect(box.part('source')).toContainText('index in this browser');
      expect(await distances(page)).toEqual(mirrored);
      for (const [part, indent] of await indents(page)) expect(indent, part).toBeLessThanOrEqual(2);
    });
  }

  test(`${language} has its field and its button begin at the right, in whatever script one types`, async ({
    page,
  }) => {
    const box = await open(page, `${language}/restore.html`, SIZES.desk);
    const { search } = await loadTexts(language);
    const trigger = page.locator('era-search-trigger');
    await expect(trigger.locator('[part=label]')).toHaveText(search);
    const left = async (selector: string): Promise<number> => (await trigger.locator(selector).boundingBox())!.x;
    expect(await left('.icon')).toBeGreaterThan(await left('[part=label]'));
    expect(await left('[part=label]')).toBeGreaterThan(await left('kbd'));
    await expect(trigger.locator('kbd')).toHaveCSS('direction', 'ltr');

    await page.keyboard.press('/');
    await expect(box.field).toHaveCSS('text-align', 'right');
    await expect(box.field).toHaveCSS('direction', 'rtl'); // of the placeholder
    await box.ask('tern restore');
    await expect(box.field).toHaveCSS('text-align', 'right');
    await expect(box.field).toHaveCSS('direction', 'ltr');
    await box.ask('zzqq++');
    await expect(box.part('empty')).toContainText('\u2068zzqq++\u2069');
    await expect(box.part('empty').locator('.headline')).toHaveCSS('direction', 'rtl');
  });
}

test('every language is there, and fits on a phone', async ({ page }) => {
  const box = await open(page, 'ar/restore.html', SIZES.phone);
  expect(LANGUAGES.length).toBeGreaterThan(40);
  for (const query of [RIGHT_TO_LEFT.ar.query, 'zzqq++', '']) {
    if (query === RIGHT_TO_LEFT.ar.query) await ask(box, query);
    else if (query !== '') await box.ask(query);
    else await box.field.fill(query);
    for (const language of LANGUAGES) {
      await test.step(`${language}: ${query}`, async () => {
        await speak(page, language);
        expect(await tooWide(page), language).toEqual([]);
      });
    }
  }
});
