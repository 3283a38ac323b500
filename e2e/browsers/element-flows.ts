// What a visitor does with the element: opens it, types, moves, follows, filters; under the strictest headers, and from
// right to left.

import { expect, test } from 'vitest';
import { loadTexts } from '../../src/widget/texts.ts';
import { RIGHT_TO_LEFT } from '../support/right-to-left-site.ts';
import type { FlowContext } from './flows.ts';
import type { Watched } from './watched.ts';

const COMBOBOX = 'era-search >>> [role=combobox]';
const ACTIVE = 'era-search >>> [role=option][aria-selected=true]';

export function elementFlows(context: FlowContext): void {
  test('a visitor opens the search, types, moves through the results, closes it, and follows one', async () => {
    const page = await context.open();
    await page.click('era-search-trigger >>> button');
    await page.shows(COMBOBOX);
    await page.tab.press('Escape');
    await page.until(
      'the dialog to close',
      () => (globalThis as unknown as Watched).seen.events.at(-1)?.type === 'close',
    );
    expect(await page.texts(COMBOBOX)).toEqual([]);
    expect(await page.tab.evaluate(() => document.activeElement?.localName)).toBe('era-search-trigger');

    await page.ask('object storage');
    const paths = await page.paths();
    expect(paths[0]).toBe('/guide/storage.html');
    expect(await page.source()).toMatchObject({ ranking: 'hybrid', vector: 'static' });
    const active = (): Promise<string | null> =>
      page.tab.evaluate((selector) => {
        const [option] = (globalThis as unknown as Watched).allOf(selector) as HTMLAnchorElement[];
        return option ? new URL(option.href).pathname + new URL(option.href).hash : null;
      }, ACTIVE);
    expect(await active()).toBeNull();
    for (const at of [0, 1, 2]) {
      await page.tab.press('ArrowDown');
      expect(await active()).toBe(paths[at]);
    }
    await page.tab.press('ArrowUp');
    expect(await active()).toBe(paths[1]);
    expect(await page.complaints()).toEqual([]);
    await page.follows(paths[1]!.split('#')[0]!, () => page.tab.press('Enter'));
    expect(await page.texts(COMBOBOX)).toEqual([]);

    await page.openByKeys();
    await page.shows('era-search >>> [part~=recent-query]', 'object storage');
    await page.click('era-search >>> [part~=recent-query]', 'object storage');
    await page.follows('/guide/storage.html', () => page.click('era-search >>> [part~=title]'));
    expect(await page.complaints()).toEqual([]);
  });

  test('filters show how many pages match, and then show these pages', async () => {
    const page = await context.open();
    await page.ask('snapshot');
    const before = await page.texts('era-search >>> [part~=count]');
    await page.click('era-search >>> [part~=filter-button]');
    await page.click('era-search >>> [part~=filter-value]', 'Reference');
    const checked = await page.until('the filter', () => {
      const { allOf } = globalThis as unknown as Watched;
      const value = allOf('era-search >>> [part~=filter-value]').find(({ textContent }) =>
        textContent.includes('Reference'),
      );
      return value?.querySelector<HTMLInputElement>('input')?.checked === true
        ? Number(value.querySelector('[part~=filter-count]')?.textContent)
        : null;
    });
    await page.shows('era-search >>> [part~=count]', checked === 1 ? '1 page' : `${String(checked)} pages`);
    for (const path of await page.paths()) expect(path).toMatch(/^\/reference\//);
    await page.click('era-search >>> [part~=filter-clear]');
    await page.until(
      'all pages again',
      (count) =>
        (globalThis as unknown as Watched).allOf('era-search >>> [part~=count]')[0]?.textContent.trim() === count,
      before[0]!,
    );
    expect(await page.complaints()).toEqual([]);
  });

  test('a page under the strictest policy searches; what the policy forbids is refused, where the browser knows how', async () => {
    const page = await context.open();
    await page.ask('crontab');
    expect((await page.paths())[0]).toContain('/guide/schedule.html');
    const { knows, refused, inline } = await page.tab.evaluate(() => {
      const script = document.createElement('script');
      let isRefused = false;
      try {
        script.textContent = 'globalThis.inline = true';
        document.head.append(script);
        Object.assign(document.createElement('div'), { innerHTML: '<b>x</b>' });
      } catch (error) {
        isRefused = error instanceof TypeError;
      }
      return {
        knows: 'trustedTypes' in globalThis,
        refused: isRefused,
        inline: 'inline' in globalThis,
      };
    });
    expect(inline).toBe(false);
    expect(refused).toBe(knows);
    // So that an empty list elsewhere means something. The event that tells of a refusal comes as a task of its own.
    await page.until('a complaint', () => (globalThis as unknown as Watched).seen.complaints.length > 0);
  });

  test('a page from right to left has its search as in a mirror', async () => {
    const { url } = await context.serve(context.sites.rightToLeft, {});
    const { query } = RIGHT_TO_LEFT.ar;
    const page = await context.openAt(url, 'ar/restore.html');
    const { search, placeholder } = await loadTexts('ar');
    await page.shows('era-search-trigger >>> [part=label]', search);
    await page.ask(query);
    expect((await page.paths())[0]).toBe('/ar/restore.html');
    await page.click('era-search >>> [part~=filter-button]');
    await page.shows('era-search >>> [part~=filters]');
    const { direction, text, hint, places, filter, outside } = await page.tab.evaluate(() => {
      const one = (selector: string): HTMLElement =>
        (globalThis as unknown as Watched).allOf(`era-search >>> ${selector}`)[0]!;
      const left = (selector: string): number => one(selector).getBoundingClientRect().left;
      const panel = one('.panel').getBoundingClientRect();
      const field = one('[role=combobox]') as HTMLInputElement;
      return {
        direction: one('[part~=dialog]').getAttribute('dir'),
        text: getComputedStyle(field).textAlign,
        hint: field.placeholder,
        places: ['.search > .icon', '.field', '[part=clear]', '[part=close]'].map(left),
        filter: left('.filters input') > left('.filters .pages'),
        outside: panel.right > innerWidth + 1 || panel.left < -1 || document.documentElement.scrollWidth > innerWidth,
      };
    });
    expect({ direction, text, hint, filter, outside }).toEqual({
      direction: 'rtl',
      text: 'right',
      hint: placeholder,
      filter: true,
      outside: false,
    });
    expect(places).toEqual(places.toSorted((a, b) => b - a));
    expect(await page.complaints()).toEqual([]);
  });
}
