// The playground as the specs drive it, and the policy violations and errors that it reported meanwhile.

import { expect, type Locator, type Page } from '@playwright/test';
import type { Stage, TrainerName } from '../../src/index.ts';
import { whileMoving } from './progress.ts';

export interface PageWatch {
  /** CSP and Trusted Types violations, uncaught errors, console errors. */
  readonly complaints: string[];
}

/** Call before the first navigation. @param expected console errors that the spec causes on purpose */
export async function watch(page: Page, expected?: RegExp): Promise<PageWatch> {
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (!expected?.test(text)) complaints.push(text);
  };
  page.on('pageerror', (error) => complain(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return { complaints };
}

export class Playground {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`/${query}`);
  }

  get indexFact(): Locator {
    return this.page.getByTestId('index-fact');
  }

  /** Waits until an index is open that came from `source`. */
  async expectIndex(source: 'network' | 'store' | 'built', passages: string): Promise<void> {
    await whileMoving(this.page, (options) => expect(this.indexFact).toHaveAttribute('data-source', source, options));
    await whileMoving(this.page, (options) => expect(this.indexFact).toContainText(`${passages} passages`, options));
  }

  get queryField(): Locator {
    return this.page.getByRole('searchbox', { name: 'Query' });
  }

  /** Waits until the page shows that it received the query. */
  async ask(query: string): Promise<void> {
    await this.submit(query);
    await expect(this.page.getByTestId('columns')).toHaveAttribute('data-query', query);
  }

  async submit(query: string): Promise<void> {
    await this.queryField.fill(query);
    await this.page.getByRole('button', { name: 'Search' }).click();
  }

  /** Waits until every column shows its hits or its error. */
  async answered(): Promise<void> {
    await whileMoving(this.page, (options) =>
      expect(this.page.locator('article.ranking[aria-busy="true"]')).toHaveCount(0, options),
    );
  }

  ranking(stage: Stage | 'none', trainer: TrainerName = 'closed-form'): Locator {
    return this.page.locator(`article.ranking${adapter(stage, trainer)}`);
  }

  /** Ids of the hits of one column, in order, once it is filled. */
  async hits(stage: Stage | 'none', trainer: TrainerName = 'closed-form'): Promise<string[]> {
    const items = this.ranking(stage, trainer).locator('li.hit');
    let ids: string[] = [];
    const filled = async (): Promise<void> => {
      ids = await items.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-id') ?? ''));
      expect(ids).not.toEqual([]);
    };
    await whileMoving(this.page, (options) => expect(filled).toPass(options));
    return ids;
  }

  async align(passages = 200): Promise<void> {
    await this.page.getByLabel(/past queries, no labels/).selectOption(String(passages));
    await this.page.getByRole('button', { name: 'Align', exact: true }).click();
    await whileMoving(this.page, (options) =>
      expect(this.page.getByTestId('scores').locator('tr[data-stage="aligned"]').first()).toBeVisible(options),
    );
    await this.idle();
  }

  async adapt(share: number): Promise<void> {
    await this.page.getByLabel(/of the labels/).selectOption(String(share));
    await this.page.getByRole('button', { name: 'Adapt', exact: true }).click();
    await whileMoving(this.page, (options) =>
      expect(this.page.getByTestId('scores').locator('tr[data-stage="adapted"]').first()).toBeVisible(options),
    );
    await this.idle();
  }

  /** Waits until no progress bar is shown. */
  async idle(): Promise<void> {
    await whileMoving(this.page, (options) => expect(this.page.locator('.progress')).toHaveCount(0, options));
  }

  /** nDCG@10 in points, as the table shows it. */
  async score(
    path: 'local' | 'remote' | 'both',
    stage: Stage | 'none',
    trainer: TrainerName = 'closed-form',
  ): Promise<number> {
    const row = this.page
      .getByTestId('scores')
      .locator(`tr[data-mode="dense"][data-path="${path}"]${adapter(stage, trainer)}`);
    return Number(await row.locator('td.number').first().textContent());
  }
}

/** The attributes that identify an adapter in the page. */
function adapter(stage: Stage | 'none', trainer: TrainerName): string {
  return stage === 'none' ? '[data-stage="none"]' : `[data-stage="${stage}"][data-trainer="${trainer}"]`;
}
