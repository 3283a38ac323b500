// <era-search> with a keyboard, assistive technology, touch and other scripts: axe with no tolerated violation, under
// the strictest headers.

import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;
let axe: string;

test.beforeAll(async () => {
  folder = await indexedFixtureSite();
  server = await startSiteServer(folder);
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
test.afterEach(() => {
  server.intervene(null);
});

async function open(page: Page, path = 'guide/restore.html'): Promise<SearchBox> {
  await SearchBox.listen(page);
  await page.goto(server.url + path);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  return new SearchBox(page);
}

/** Violations that axe finds in the whole page, by rule. Every rule is on, best practices and contrast included. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${scheme}: closed, open, recent, answered, filters open, nothing found`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.addInitScript(axe); // added before the page's own policy applies
    const box = await open(page);
    expect(await findings(page), 'closed').toEqual([]);
    await page.keyboard.press('/');
    expect(await findings(page), 'open').toEqual([]);
    await box.ask('restore a file');
    await page.keyboard.press('ArrowDown');
    expect(await findings(page), 'answered').toEqual([]);
    await box.part('filter-button').click();
    expect(await findings(page), 'filters').toEqual([]);
    await box.part('filter-button').click();
    await box.ask('zzxqjw');
    expect(await findings(page), 'nothing found').toEqual([]);
    await box.askToTheEnd('restore');
    await page.evaluate(() => addEventListener('era-search:select', (event) => event.preventDefault()));
    await box.options.first().click();
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await expect(box.part('recent')).toBeVisible();
    expect(await findings(page), 'recent').toEqual([]);
  });
}

test('axe finds nothing in an error, inline, and from right to left', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(axe);
  server.intervene((path, response) => {
    if (!path.includes('era-search.json')) return false;
    response.writeHead(503).end();
    return true;
  });
  const box = await open(page);
  await page.keyboard.press('/');
  await box.field.fill('x');
  await expect(box.part('error')).toBeVisible();
  expect(await findings(page), 'error').toEqual([]);
  server.intervene(null);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  await page.evaluate(() => {
    const inline = document.createElement('era-search');
    inline.setAttribute('mode', 'inline');
    inline.id = 'inline';
    document.querySelector('main')?.append(inline);
  });
  const inline = new SearchBox(page, '#inline');
  await inline.field.fill('restore a file');
  await inline.answered('restore a file');
  expect(await findings(page), 'inline').toEqual([]);

  await page.locator('#inline').evaluate((element) => element.setAttribute('lang', 'ar'));
  await expect(inline.part('root')).toHaveAttribute('dir', 'rtl');
  await expect(inline.field).toHaveAttribute('placeholder', 'ابحث في هذا الموقع');
  expect(await findings(page), 'right to left').toEqual([]);
});

test('everything can be done by keyboard', async ({ page }) => {
  const { complaints } = await watch(page);
  const box = await open(page);
  const trigger = page.locator('era-search-trigger').getByRole('button');
  await expect(trigger).toHaveAttribute('aria-keyshortcuts', 'Control+K /');
  await trigger.focus();
  await page.keyboard.press('Enter');
  await expect(box.field).toBeFocused();
  await expect(box.field).toHaveAttribute('aria-expanded', 'false');

  await page.keyboard.type('restore');
  await box.answered('restore');
  await expect(box.field).toHaveAttribute('aria-expanded', 'true');
  await expect(box.element.getByRole('listbox')).toHaveAttribute(
    'id',
    (await box.field.getAttribute('aria-controls'))!,
  );
  await expect(box.active).toHaveCount(0);
  const count = await box.options.count();
  await page.keyboard.press('ArrowUp');
  await expect(box.options.nth(count - 1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(box.options.first()).toHaveAttribute('aria-selected', 'true');
  expect(await box.field.getAttribute('aria-activedescendant')).toBe(await box.options.first().getAttribute('id'));
  await page.keyboard.press('ArrowDown');
  await expect(box.active).toBeInViewport();

  // Keys for text editing keep their meaning.
  await page.keyboard.press('Home');
  await page.keyboard.type('x ');
  await expect(box.field).toHaveValue('x restore');
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await expect(box.field).toHaveValue('x restor');

  // Tab stays within the dialog; a letter moves the focus back to the field.
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.localName)).toMatch(/^(era-search|body)$/);
  }
  await box.part('filter-button').focus();
  await page.keyboard.press('e');
  await expect(box.field).toBeFocused();
  await expect(box.field).toHaveValue('x restore');

  await page.keyboard.press('Escape');
  await expect(box.field).toHaveValue('');
  await expect(box.options).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(box.field).toBeHidden();
  await expect(trigger).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('passphrase lost');
  await box.answered('passphrase lost');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/restore\.html#forgotten-passphrase$/);
  expect(complaints).toEqual([]);
});

test('shortcuts are not taken from places to write in, work with caps lock, and can be turned off', async ({
  page,
}) => {
  const box = await open(page);
  await page.evaluate(() => {
    const shadow = document.createElement('x-editor');
    const inShadow = document.createElement('input');
    shadow.attachShadow({ mode: 'open' }).append(inShadow);
    const closed = document.createElement('x-closed');
    const inClosed = document.createElement('input');
    closed.attachShadow({ mode: 'closed' }).append(inClosed);
    const editable = document.createElement('div');
    editable.contentEditable = 'true';
    document.body.append(
      document.createElement('input'),
      document.createElement('textarea'),
      document.createElement('select'),
      editable,
      shadow,
      closed,
    );
    Object.assign(globalThis, {
      places: [
        ...document.querySelectorAll('body > input, body > textarea, body > select, body > div'),
        inShadow,
        inClosed,
      ],
    });
  });
  for (let i = 0; i < 6; i++) {
    await page.evaluate((place) => (globalThis as unknown as { places: HTMLElement[] }).places[place]!.focus(), i);
    await page.keyboard.press('/');
    await page.keyboard.press('Control+k');
    await expect(box.field, `place ${i}`).toBeHidden();
  }
  expect(await page.evaluate(() => (globalThis as unknown as { places: HTMLInputElement[] }).places[0]!.value)).toBe(
    '/',
  );

  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('Control+K'); // with caps lock on, the key is upper case
  await expect(box.field).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(box.field).toBeHidden();
  await box.element.evaluate((element) => element.setAttribute('shortcut', ''));
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k');
  await expect(box.field).toBeHidden();
});

test('what an input method composes is searched, and its keys stay its own', async ({ page }) => {
  const box = await open(page);
  await page.keyboard.press('/');
  const input = await page.context().newCDPSession(page);
  const compose = (text: string): Promise<unknown> =>
    input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  for (const text of ['r', 're', 'rest', 'restore']) await compose(text);
  await box.answered('restore');
  await expect(box.options.first()).toBeVisible();
  const address = page.url();
  for (const key of ['ArrowDown', 'Enter', 'Escape'] as const) {
    // As browsers report them: while it composes, and in Safari just after.
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      await box.field.evaluate((field, all) => field.dispatchEvent(new KeyboardEvent('keydown', all)), {
        key,
        ...init,
        bubbles: true,
        composed: true,
        cancelable: true,
      });
    }
    await expect(box.active, key).toHaveCount(0);
    await expect(box.field, key).toHaveValue('restore');
  }
  expect(page.url()).toBe(address);
  await compose('restore a');
  await box.answered('restore a');
  await expect(box.field, 'the composition goes on').toHaveValue('restore a');
  await input.send('Input.insertText', { text: 'restore a' });
  await page.keyboard.press('ArrowDown');
  await expect(box.active).toHaveCount(1);
});

test('Japanese text is found when it is converted', async ({ page }) => {
  const box = await open(page, 'ja/index.html');
  await page.keyboard.press('/');
  const input = await page.context().newCDPSession(page);
  for (const text of ['あ', 'あん', 'あんご'])
    await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await input.send('Input.insertText', { text: '暗号' });
  await box.answered('暗号');
  expect((await box.paths()).join()).toContain('/ja/');
});

test('the number of pages is announced politely, once for each question', async ({ page }) => {
  const box = await open(page);
  await box.ask('snapshot');
  const regions = box.element.locator('[aria-live=polite]');
  await expect(regions).toHaveCount(2);
  const count = await box.part('count').textContent();
  await expect.poll(async () => (await regions.allTextContents()).sort()).toEqual(['', count]);
});

test('on a small screen the dialog fills the screen, targets are large, and the field does not make the page zoom', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 640 });
  const box = await open(page);
  await page.locator('era-search-trigger').click();
  await box.ask('restore');
  expect(await box.part('panel').boundingBox()).toMatchObject({ x: 0, y: 0, width: 360, height: 640 });
  for (const part of ['option', 'clear', 'close', 'filter-button', 'consent']) {
    const size = await box.part(part).first().boundingBox();
    expect(Math.round(size!.height), part).toBeGreaterThanOrEqual(44);
    expect(Math.round(size!.width), part).toBeGreaterThanOrEqual(44);
  }
  expect(await box.field.evaluate((field) => parseFloat(getComputedStyle(field).fontSize))).toBeGreaterThanOrEqual(16);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('the theme follows the page before the visitor’s preference, and motion ends where it is not wanted', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const box = await open(page);
  await page.keyboard.press('/');
  const background = (): Promise<string> =>
    box.part('panel').evaluate((panel) => getComputedStyle(panel).backgroundColor);
  expect(await background()).toBe('rgb(255, 255, 255)');
  await page.evaluate(() => (document.documentElement.style.backgroundColor = '#111'));
  await expect.poll(background).not.toBe('rgb(255, 255, 255)');
  await box.element.evaluate((element) => element.setAttribute('theme', 'light'));
  await expect.poll(background).toBe('rgb(255, 255, 255)');
  expect(await box.element.evaluate((element) => element.shadowRoot!.getAnimations().length)).toBe(0);
});
