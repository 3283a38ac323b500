// How <era-search> looks on pages of other looks: their font sizes, light and dark.

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
test.afterEach(() => server.intervene(null));

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
  // The state line grows until the index is here, and its width with it.
  await expect(box.part('source')).toContainText('index in this browser');
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

interface Look {
  readonly system: 'light' | 'dark';
  /** Styles of the page, which has no others. */
  readonly styles?: string;
  readonly root?: Readonly<Record<string, string>>;
  readonly element?: Readonly<Record<string, string>>;
  readonly meta?: string;
  readonly dialog: 'light' | 'dark';
  /** Where it differs. */
  readonly trigger?: 'light' | 'dark';
}

const BY_SYSTEM = '@media (prefers-color-scheme: dark) { body { background: #1b1b1f } }';

const LOOKS: Readonly<Record<string, Look>> = {
  'nothing said': { system: 'dark', dialog: 'light' },
  'a light body': { system: 'dark', styles: 'body { background: #fafafa }', dialog: 'light' },
  'a dark body': { system: 'light', styles: 'body { background: #1b1b1f; color: #ddd }', dialog: 'dark' },
  'a dark root': { system: 'light', styles: ':root { background: #102a3c }', dialog: 'dark' },
  'a light body on a dark root': {
    system: 'dark',
    styles: ':root { background: #000 } body { background: #fff }',
    dialog: 'light',
  },
  'a body that is nearly clear on a dark root': {
    system: 'light',
    styles: ':root { background: #111 } body { background: rgb(255 255 255 / 4%) }',
    dialog: 'dark',
  },
  'a colour of a newer notation': {
    system: 'light',
    styles: 'body { background: oklch(21% 0.03 264) }',
    dialog: 'dark',
  },
  'a mixed colour': {
    system: 'dark',
    styles: 'body { background: color-mix(in lab, white, red 5%) }',
    dialog: 'light',
  },
  'a background by system, dark': { system: 'dark', styles: BY_SYSTEM, dialog: 'dark' },
  'a background by system, light': { system: 'light', styles: BY_SYSTEM, dialog: 'light' },
  'the scheme dark': { system: 'light', styles: ':root { color-scheme: dark }', dialog: 'dark' },
  'the scheme light': { system: 'dark', styles: ':root { color-scheme: light }', dialog: 'light' },
  'both schemes, dark': { system: 'dark', styles: ':root { color-scheme: light dark }', dialog: 'dark' },
  'both schemes, light': { system: 'light', styles: ':root { color-scheme: light dark }', dialog: 'light' },
  'both schemes in a <meta>, dark': { system: 'dark', meta: 'light dark', dialog: 'dark' },
  'both schemes in a <meta>, light': { system: 'light', meta: 'light dark', dialog: 'light' },
  'a dark gradient': {
    system: 'light',
    styles: 'body { background: linear-gradient(#111, #345); color: #eee }',
    dialog: 'dark',
  },
  'a light gradient': {
    system: 'dark',
    styles: 'body { background: linear-gradient(#fff, #eee); color: #333 }',
    dialog: 'light',
  },
  'a dark image over white': {
    system: 'light',
    styles: 'body { background: white url(night.png); color: #eee }',
    dialog: 'dark',
  },
  'a dark attribute and nothing painted': { system: 'light', root: { 'data-theme': 'dark' }, dialog: 'dark' },
  'a dark attribute on a light page': {
    system: 'dark',
    styles: 'body { background: #fff }',
    root: { 'data-theme': 'dark' },
    dialog: 'light',
  },
  'a dark header on a light page': {
    system: 'dark',
    styles: 'body { background: #fff } header { background: #222 }',
    dialog: 'light',
    trigger: 'dark',
  },
  'a light header on a dark page': {
    system: 'light',
    styles: 'body { background: #222 } header { background: rgb(255 255 255 / 90%) }',
    dialog: 'dark',
    trigger: 'light',
  },
  'the owner’s attribute on a light page': {
    system: 'light',
    styles: 'body { background: #fff }',
    element: { theme: 'dark' },
    dialog: 'dark',
  },
  'the owner’s attribute on a dark page': {
    system: 'dark',
    styles: 'body { background: #000 }',
    element: { theme: 'light' },
    dialog: 'light',
  },
};

/** A page that has these styles alone. */
async function openBare(page: Page, { system, styles = '', root = {}, element = {}, meta }: Look): Promise<SearchBox> {
  await page.emulateMedia({ colorScheme: system, reducedMotion: 'no-preference' });
  server.intervene((path, response) => {
    if (!path.endsWith('/style.css')) return false;
    response.writeHead(200, { 'content-type': 'text/css' }).end(styles);
    return true;
  });
  await page.goto(`${server.url}guide/restore.html`);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  await page.evaluate(
    ({ root, element, meta }) => {
      if (meta !== null)
        document.head.append(Object.assign(document.createElement('meta'), { name: 'color-scheme', content: meta }));
      for (const [name, value] of Object.entries(root)) document.documentElement.setAttribute(name, value);
      for (const one of document.querySelectorAll('era-search, era-search-trigger'))
        for (const [name, value] of Object.entries(element)) one.setAttribute(name, value);
    },
    { root, element, meta: meta ?? null },
  );
  return new SearchBox(page);
}

/** The colour of text, which a scheme decides for all parts. */
const shownScheme = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).evaluate((part) => {
    const [red = 0] = /\d+/.exec(getComputedStyle(part).color) ?? [];
    return Number(red) > 128 ? 'dark' : 'light';
  });
const PANEL = 'era-search [part=panel]';
const BUTTON = 'era-search-trigger [part=button]';

// One browser window for all: a window of its own would take longer than the page.
test('light or dark as the page is', async ({ page }) => {
  for (const [name, look] of Object.entries(LOOKS)) {
    await test.step(name, async () => {
      await openBare(page, look);
      await page.keyboard.press('/');
      await expect.poll(() => shownScheme(page, PANEL), name).toBe(look.dialog);
      await expect.poll(() => shownScheme(page, BUTTON), name).toBe(look.trigger ?? look.dialog);
    });
  }
});

type Toggle = (page: Page) => Promise<unknown>;

const inPage =
  (toggle: () => void): Toggle =>
  (page) =>
    page.evaluate(toggle);

const TOGGLES: Readonly<Record<string, { readonly styles: string; readonly toggle: Toggle }>> = {
  'a class of the root': {
    styles: 'body { background: #fff } .night body { background: #111 }',
    toggle: inPage(() => document.documentElement.classList.toggle('night')),
  },
  'an attribute of the body': {
    styles: 'body { background: #fff } [data-md-color-scheme=slate] { background: #1e2129 }',
    toggle: inPage(() => document.body.setAttribute('data-md-color-scheme', 'slate')),
  },
  'an attribute that nobody has heard of': {
    styles: 'html { background: #fff } [look=coal] { background: #111 }',
    toggle: inPage(() => document.documentElement.setAttribute('look', 'coal')),
  },
  'a style of the root': {
    styles: 'body { background: var(--page, #fff) }',
    toggle: inPage(() => document.documentElement.style.setProperty('--page', '#111')),
  },
  'a background that fades': {
    styles: 'body { background: #fff; transition: background-color 300ms } .night body { background: #111 }',
    toggle: inPage(() => document.documentElement.classList.toggle('night')),
  },
  'the visitor’s system': {
    styles: 'body { background: #fff } @media (prefers-color-scheme: dark) { body { background: #111 } }',
    toggle: (page) => page.emulateMedia({ colorScheme: 'dark' }),
  },
  'a style sheet that is added': {
    styles: 'body { background: #fff }',
    toggle: inPage(() =>
      document.head.append(
        Object.assign(document.createElement('style'), { textContent: 'body { background: #111 }' }),
      ),
    ),
  },
  'a style sheet that is replaced': {
    styles: 'body { background: #fff }',
    toggle: async (page) => {
      server.intervene((path, response) => {
        if (!path.endsWith('/dark.css')) return false;
        response.writeHead(200, { 'content-type': 'text/css' }).end('body { background: #111 }');
        return true;
      });
      await page.evaluate(() => document.querySelector('link[rel=stylesheet]')!.setAttribute('href', '/dark.css'));
    },
  },
};

test('the open search follows the page', async ({ page }) => {
  for (const [name, { styles, toggle }] of Object.entries(TOGGLES)) {
    await test.step(name, async () => {
      await openBare(page, { system: 'light', styles, dialog: 'light' });
      await page.keyboard.press('/');
      expect(await shownScheme(page, PANEL), name).toBe('light');
      await toggle(page);
      await expect.poll(() => shownScheme(page, PANEL), name).toBe('dark');
      await expect.poll(() => shownScheme(page, BUTTON), name).toBe('dark');
    });
  }
});

test('a theme that nothing told of is read when the search is opened', async ({ page }) => {
  await openBare(page, { system: 'light', styles: 'body { background: #fff }', dialog: 'light' });
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('body { background: #111 !important }');
    document.adoptedStyleSheets.push(sheet);
  });
  await page.keyboard.press('/');
  expect(await shownScheme(page, PANEL)).toBe('dark');
});
