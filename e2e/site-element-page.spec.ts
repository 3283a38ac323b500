// <era-search> in pages that have their own hidden parts, scroll bars, keys and colours.

import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  folder = await indexedFixtureSite('--no-vectors');
  server = await startSiteServer(folder);
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** A page of the site with a search at the end of its body. */
async function open(page: Page): Promise<SearchBox> {
  await SearchBox.listen(page);
  await page.goto(`${server.url}guide/restore.html`);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  await page.evaluate(() => {
    const search = document.querySelector('era-search')!;
    search.id = 'search';
    document.body.append(search);
  });
  return new SearchBox(page, '#search');
}

/** Whether a press on the middle of the page's heading reaches it, and the page scrolls. */
const isFree = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const heading = document.querySelector('h1')!;
    const { left, top, width, height } = heading.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return hit === heading && getComputedStyle(document.documentElement).overflowY !== 'hidden';
  });

type Hide = (box: HTMLElement) => void;

const HIDDEN: Readonly<Record<string, Hide>> = {
  'display: none': (box) => (box.style.display = 'none'),
  'the attribute hidden': (box) => (box.hidden = true),
  'hidden until found': (box) => box.setAttribute('hidden', 'until-found'),
  'visibility: hidden': (box) => (box.style.visibility = 'hidden'),
  'content-visibility: hidden': (box) => box.style.setProperty('content-visibility', 'hidden'),
  inert: (box) => (box.inert = true),
  'closed details': (box) => {
    const details = document.createElement('details');
    box.replaceWith(details);
    details.append(document.createElement('summary'), box);
  },
  'a closed popover': (box) => (box.popover = 'auto'),
  'a shadow root that shows no children': (box) => void box.attachShadow({ mode: 'open' }),
  'a hidden part of a shadow root': (box) => {
    const part = document.createElement('div');
    part.hidden = true;
    part.append(document.createElement('slot'));
    box.attachShadow({ mode: 'open' }).append(part);
  },
};

const SHOWN: Readonly<Record<string, Hide>> = {
  'no size': (box) => Object.assign(box.style, { height: '0', width: '0', overflow: 'hidden' }),
  'no opacity': (box) => (box.style.opacity = '0'),
  'display: contents': (box) => (box.style.display = 'contents'),
  'the summary of closed details': (box) => {
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    box.replaceWith(details);
    details.append(summary);
    summary.append(box);
  },
  'open details': (box) => {
    const details = document.createElement('details');
    details.open = true;
    box.replaceWith(details);
    details.append(document.createElement('summary'), box);
  },
};

/** Puts the search into a box, and the box into the state. */
async function enclose(page: Page, state: Hide): Promise<void> {
  await page.evaluate(() => {
    const box = document.createElement('div');
    document.body.append(box);
    box.append(document.getElementById('search')!);
    box.id = 'box';
  });
  await page.locator('#box').evaluate(state);
}

for (const [name, state] of Object.entries(HIDDEN)) {
  test(`a search that cannot be seen is not opened: ${name}`, async ({ page }) => {
    const box = await open(page);
    await enclose(page, state);
    const prevented = await page.evaluate(() => {
      const event = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true });
      return !document.body.dispatchEvent(event);
    });
    expect(prevented, 'the key is left to the page').toBe(false);
    await box.element.evaluate((element) => (element as HTMLElement & { open: () => void }).open());
    expect(await box.element.evaluate((element) => (element as unknown as { isShowing: boolean }).isShowing)).toBe(
      false,
    );
    expect(await isFree(page)).toBe(true);

    await page.evaluate(() => {
      const second = document.createElement('era-search');
      second.id = 'second';
      document.body.append(second);
    });
    await page.keyboard.press('Control+k');
    await expect(new SearchBox(page, '#second').field, 'of two, the one that can be seen').toBeFocused();
    await page.keyboard.press('Escape');
    await page.locator('era-search-trigger').getByRole('button').click();
    await expect(new SearchBox(page, '#second').field, 'the button too').toBeFocused();
  });
}

for (const [name, state] of Object.entries(SHOWN)) {
  test(`a dialog is drawn above the page, whatever is around it: ${name}`, async ({ page }) => {
    const box = await open(page);
    await enclose(page, state);
    await page.keyboard.press('/');
    await expect(box.field).toBeFocused();
    await expect(box.field).toBeInViewport();
  });
}

test('a dialog that the page hides while it is open gives the page back', async ({ page }) => {
  const box = await open(page);
  await enclose(page, () => undefined);
  await page.keyboard.press('/');
  await expect(box.field).toBeFocused();
  await page.locator('#box').evaluate((element) => element.setAttribute('hidden', ''));
  await expect.poll(() => isFree(page)).toBe(true);
  expect((await box.told()).map(({ type }) => type)).toContain('close');
});

test('a key is the page’s part’s first, then the search’s, then the document’s', async ({ page }) => {
  const box = await open(page);
  await page.evaluate(() => {
    // Sphinx's doctools.js: takes the key at the document, and moves the focus without asking whether it was used.
    const field = document.createElement('input');
    field.name = 'q';
    document.addEventListener('keydown', (event) => {
      if (['TEXTAREA', 'INPUT', 'SELECT', 'BUTTON'].includes(document.activeElement!.tagName)) return;
      if (event.altKey || event.ctrlKey || event.metaKey || event.key !== '/') return;
      document.querySelectorAll<HTMLInputElement>('input[name=q]')[0]?.focus();
      event.preventDefault();
    });
    const sheet = document.createElement('div');
    sheet.tabIndex = 0;
    sheet.id = 'sheet';
    sheet.addEventListener('keydown', (event) => event.preventDefault());
    document.body.append(field, sheet);
  });
  await page.keyboard.press('/');
  await expect(box.field).toBeFocused();
  await page.keyboard.press('Escape');
  await page.locator('#sheet').focus();
  await page.keyboard.press('/');
  await expect(box.field).toBeHidden();

  await box.element.evaluate((element) => element.setAttribute('mode', 'inline'));
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('/');
  await expect(box.field, 'an inline field keeps the focus').toBeFocused();
});

test('an element that is moved in the page keeps its index open', async ({ page }) => {
  const box = await open(page);
  await box.askToTheEnd('restore');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const main = document.createElement('main');
    document.body.append(main);
    main.append(document.getElementById('search')!);
  });
  await page.waitForTimeout(3000); // more than the time after which an engine that nobody has is closed
  const before = (await box.told()).length;
  await box.askToTheEnd('passphrase');
  const told = (await box.told()).slice(before).map(({ type }) => type);
  expect(told).toContain('results');
  expect(told).not.toContain('error');
  expect(told, 'it was open all the time').not.toContain('ready');
});

test('a shortcut that is held down opens the search once', async ({ page }) => {
  const box = await open(page);
  await page.keyboard.down('Control');
  for (let i = 0; i < 4; i++) await page.keyboard.down('k'); // all but the first are repeats
  await page.keyboard.up('k');
  await page.keyboard.up('Control');
  await expect(box.field).toBeFocused();
  const told = (await box.told()).map(({ type }) => type);
  expect(told.filter((type) => type === 'open' || type === 'close')).toEqual(['open']);
});

test('the element that a page names as the opener has the focus afterwards', async ({ page }) => {
  const box = await open(page);
  await box.element.evaluate((element) => {
    const opener = Object.assign(document.createElement('button'), { id: 'opener', textContent: 'Find' });
    document.body.prepend(opener);
    // Safari does not focus a button that is pressed, so that the browser itself could not give it back.
    (element as HTMLElement & { open: (opener: HTMLElement) => void }).open(opener);
  });
  await expect(box.field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#opener')).toBeFocused();
});
