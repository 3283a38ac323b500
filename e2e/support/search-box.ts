// An <era-search> as the specs drive it, and the events that it dispatched meanwhile.

import { expect, type Locator, type Page } from '@playwright/test';

export interface ToldEvent {
  readonly type: string;
  readonly query: string | null;
  readonly ranking: string | null;
  readonly isFirst: boolean | null;
  /** Whether no better answer to the question follows. */
  readonly isLast: boolean | null;
}

export class SearchBox {
  readonly page: Page;
  readonly element: Locator;

  constructor(page: Page, selector = 'era-search') {
    this.page = page;
    this.element = page.locator(selector);
  }

  /** Records every event of the elements. Call before the first navigation. */
  static async listen(page: Page): Promise<void> {
    await page.addInitScript(() => {
      const told: unknown[] = [];
      Object.assign(globalThis, { told });
      for (const type of ['open', 'close', 'ready', 'results', 'select', 'error']) {
        addEventListener(`era-search:${type}`, (event) => {
          const detail = (
            event as CustomEvent<{
              answer?: { query: string; isLast: boolean; source: { ranking: string } };
              isFirst?: boolean;
              query?: string;
            } | null>
          ).detail;
          told.push({
            type,
            query: detail?.answer?.query ?? detail?.query ?? null,
            ranking: detail?.answer?.source.ranking ?? null,
            isFirst: detail?.isFirst ?? null,
            isLast: detail?.answer?.isLast ?? null,
          });
        });
      }
    });
  }

  told(): Promise<readonly ToldEvent[]> {
    return this.page.evaluate(() => (globalThis as unknown as { told: ToldEvent[] }).told);
  }

  get field(): Locator {
    return this.element.getByRole('combobox');
  }

  get options(): Locator {
    return this.element.getByRole('option');
  }

  get active(): Locator {
    return this.element.locator('[role=option][aria-selected=true]');
  }

  get groups(): Locator {
    return this.element.locator('[role=listbox] > [role=group]');
  }

  part(name: string): Locator {
    return this.element.locator(`[part~="${name}"]`);
  }

  /** Opens with the keyboard, types a query, and waits for an answer to exactly this query. */
  async ask(query: string): Promise<void> {
    if (!(await this.field.isVisible())) await this.page.keyboard.press('Control+k');
    await this.field.fill(query);
    await this.answered(query);
  }

  async answered(query: string): Promise<void> {
    await expect
      .poll(async () => (await this.told()).filter(({ type }) => type === 'results').at(-1)?.query)
      .toBe(query);
  }

  /** As `ask`, and waits for the best answer, since a link that is looked up in an earlier one may move. */
  async askToTheEnd(query: string): Promise<void> {
    await this.ask(query);
    await expect
      .poll(async () => (await this.told()).filter(({ type }) => type === 'results').at(-1)?.isLast)
      .toBe(true);
  }

  /** Addresses of all options, in order, without the origin. */
  paths(): Promise<string[]> {
    return this.options.evaluateAll((links) =>
      links.map((link) => new URL((link as HTMLAnchorElement).href)).map(({ pathname, hash }) => pathname + hash),
    );
  }
}
