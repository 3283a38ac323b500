// A tab with a page of the flows: finds its elements, waits for it, and knows what it said of itself (watch.ts).

import type { Browser, Json, Tab } from './browser.ts';

/** What watch.ts gives a page. */
export interface Watched {
  readonly seen: {
    readonly events: readonly {
      readonly type: string;
      readonly query: string | null;
      readonly isLast: boolean | null;
      readonly source: {
        readonly ranking: string;
        readonly vector: string;
        readonly index: string;
        readonly stage: string;
      } | null;
    }[];
    readonly lines: readonly string[];
    readonly complaints: readonly string[];
  };
  readonly allOf: (selector: string) => HTMLElement[];
}

/**
 * A page whose text has not changed for this long hangs: it shows its progress. WebKit on a machine without a GPU needs
 * most of a minute for what it does without a step between.
 */
const STALL_MS = 240_000;
const POLL_MS = 100;

export class WatchedPage {
  readonly tab: Tab;
  readonly #origin: string;

  private constructor(tab: Tab, origin: string) {
    this.tab = tab;
    this.#origin = origin;
  }

  /** @param origin of the site, with a slash at its end */
  static async open(browser: Browser, origin: string, path = 'guide/restore.html'): Promise<WatchedPage> {
    const page = new WatchedPage(await browser.newTab(), origin);
    await page.goto(path);
    return page;
  }

  async goto(path: string): Promise<void> {
    await this.tab.goto(this.#origin + path);
    await this.until('the scripts of the page', () => 'allOf' in globalThis);
  }

  async reload(): Promise<void> {
    await this.tab.reload();
    await this.until('the scripts of the page', () => 'allOf' in globalThis);
  }

  /** Does what leaves for another page, perhaps of the same path, and waits until that one's scripts run. */
  async follows(path: string, act: () => Promise<void>): Promise<void> {
    await this.tab.evaluate(() => void Object.assign(globalThis, { isLeft: true }));
    await act();
    await this.until(
      `the page ${path}`,
      (wanted) =>
        !('isLeft' in globalThis) &&
        location.pathname === wanted &&
        document.readyState === 'complete' &&
        'allOf' in globalThis,
      path,
    );
  }

  /**
   * Asks the page again and again until the answer is neither false nor null, for as long as its text changes.
   * @returns that answer
   * @throws with what was waited for and what the page shows
   */
  async until<Args extends readonly Json[], Result>(
    what: string,
    condition: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Exclude<Result, false | null | undefined>> {
    let shown = '';
    let movedMs = performance.now();
    for (;;) {
      let problem: unknown;
      try {
        const answer = await this.tab.evaluate(condition, ...args);
        if (answer !== false && answer !== null && answer !== undefined)
          return answer as Exclude<Result, false | null | undefined>;
      } catch (error) {
        problem = error; // a page that is being left answers nothing
      }
      const now = await this.text().catch(() => shown);
      if (now !== shown) [shown, movedMs] = [now, performance.now()];
      else if (performance.now() - movedMs > STALL_MS)
        throw new Error(`Waited in vain for ${what}. The page shows: ${shown}`, { cause: problem });
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Address and all text, shadow trees included, and what progress bars say. */
  text(): Promise<string> {
    return this.tab.evaluate(() => {
      const { allOf, seen } = globalThis as unknown as Watched;
      const texts = [document.body, ...allOf('era-search').map(({ shadowRoot }) => shadowRoot)].map(
        (tree) => tree?.textContent.replaceAll(/\s+/g, ' ') ?? '',
      );
      const bars = [...allOf('progress'), ...allOf('era-search >>> progress')].map(
        (bar) => (bar as HTMLProgressElement).value,
      );
      return [location.href, ...texts, ...bars, ...seen.complaints].join(' | ');
    });
  }

  complaints(): Promise<readonly string[]> {
    return this.tab.evaluate(() => (globalThis as unknown as Watched).seen.complaints);
  }

  /** Texts of the elements that can be seen. */
  texts(selector: string): Promise<readonly string[]> {
    return this.tab.evaluate(
      (named) =>
        (globalThis as unknown as Watched)
          .allOf(named)
          .filter((element) => element.getClientRects().length > 0)
          .map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim()),
      selector,
    );
  }

  /** Waits until an element can be seen whose text contains this one. */
  async shows(selector: string, text = ''): Promise<void> {
    await this.until(
      `${selector} with “${text}”`,
      (named, part) =>
        (globalThis as unknown as Watched)
          .allOf(named)
          .some((element) => element.getClientRects().length > 0 && element.textContent.includes(part)),
      selector,
      text,
    );
  }

  /**
   * Clicks the first element that can be seen and whose text contains this one, with the pointer, once it lies still.
   * Again where it has moved away meanwhile, as a person does.
   */
  async click(selector: string, text = ''): Promise<void> {
    for (let isReached = false; !isReached;) isReached = await this.#clickOnce(selector, text);
  }

  /** @returns whether the element had the click, or the page has gone */
  async #clickOnce(selector: string, text: string): Promise<boolean> {
    const [x, y] = await this.until(
      `${selector} with “${text}”, to click`,
      async (named, part) => {
        const element = (globalThis as unknown as Watched)
          .allOf(named)
          .find((found) => found.getClientRects().length > 0 && found.textContent.includes(part));
        if (!element || element.matches(':disabled')) return null;
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        const middle = (): readonly [number, number] => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        };
        const [x, y] = middle();
        await new Promise((resolve) => setTimeout(resolve, 60));
        const isStill = middle().join() === `${String(x)},${String(y)}`;
        let hit = document.elementFromPoint(x, y);
        for (let tree = hit?.shadowRoot; tree; tree = hit.shadowRoot) {
          const inner: Element | null = tree.elementFromPoint(x, y);
          if (!inner || inner === hit) break;
          hit = inner;
        }
        if (!isStill || !element.contains(hit)) return null;
        Object.assign(globalThis, { isReached: false });
        element.addEventListener('click', () => Object.assign(globalThis, { isReached: true }), { capture: true });
        return middle();
      },
      selector,
      text,
    );
    await this.tab.clickAt(x, y);
    const left = this.tab.evaluate(() => (globalThis as { isReached?: boolean }).isReached !== false);
    return left.catch(() => true);
  }

  /** Opens the search by keyboard where it is closed, types a query in place of the last, and waits for its last answer. */
  async ask(query: string): Promise<void> {
    await this.openByKeys();
    const asked = await this.tab.evaluate(() => (globalThis as unknown as Watched).seen.events.length);
    await this.tab.press('Control+a');
    await this.tab.type(query);
    await this.until(
      `the last answer to “${query}”`,
      (text, since) =>
        (globalThis as unknown as Watched).seen.events
          .slice(since)
          .some((event) => event.type === 'results' && event.query === text && event.isLast === true),
      query,
      asked,
    );
  }

  async openByKeys(): Promise<void> {
    if ((await this.texts('era-search >>> [role=combobox]')).length > 0) return;
    await this.until('the element', () => customElements.get('era-search') !== undefined);
    await this.tab.press('Control+k');
    await this.shows('era-search >>> [role=combobox]');
  }

  /** Of the last answer. */
  source(): Promise<Watched['seen']['events'][number]['source']> {
    return this.tab.evaluate(
      () =>
        (globalThis as unknown as Watched).seen.events.filter(({ type }) => type === 'results').at(-1)?.source ?? null,
    );
  }

  /** Paths of the first pages of the answer. */
  async pages(count: number): Promise<readonly string[]> {
    return [...new Set((await this.paths()).map((path) => path.split('#')[0]!))].slice(0, count);
  }

  /** Paths of the options, in order. */
  paths(): Promise<readonly string[]> {
    return this.tab.evaluate(() =>
      (globalThis as unknown as Watched)
        .allOf('era-search >>> [role=option]')
        .map((link) => new URL((link as HTMLAnchorElement).href))
        .map(({ pathname, hash }) => pathname + hash),
    );
  }
}
