// A visitor's own labels: given, learned from, kept and taken back; the learning curve; ERA beside the default trainer.
// Models, data and server are real.

import { readFile } from 'node:fs/promises';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { Playground, watch } from './support/playground.ts';
import { whileMoving } from './support/progress.ts';

/**
 * Queries in a visitor's words, each with the rank of the passage that is marked as relevant; the passage ranked first
 * is marked as not relevant.
 */
const ASKED = [
  ['which numbers are in both lists', 3],
  ['is this text the same backwards', 4],
  ['how many vowels does a word have', 3],
  ['the largest prime that divides a number', 2],
  ['turn roman numerals around', 2],
] as const;

const own = (page: Page): Locator => page.getByTestId('own-labels');
const count = (page: Page): Locator => page.getByTestId('own-labels-count');

async function opened(page: Page, query: string): Promise<Playground> {
  const playground = new Playground(page);
  await playground.open(query);
  await playground.expectIndex('network', '984');
  await playground.idle();
  return playground;
}

async function asked(playground: Playground, query: string): Promise<Locator> {
  await playground.ask(query);
  await playground.answered();
  return playground.ranking('none').locator('li.hit');
}

/** Ids with scores, so that any change of the adapter shows. */
function ranked(playground: Playground, stage: 'none' | 'adapted'): Promise<string[]> {
  return playground
    .ranking(stage)
    .locator('li.hit')
    .evaluateAll((hits) =>
      hits.map((hit) => `${hit.getAttribute('data-id') ?? ''} ${hit.querySelector('.score')?.textContent ?? ''}`),
    );
}

async function exported(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export your labels' }).click();
  return readFile(await (await download).path(), 'utf8');
}

test('labels from marks are learned from or the report says not, survive a reload, and can be exported and imported', async ({
  page,
}) => {
  const seen = await watch(page);
  const playground = await opened(page, '?corpus=HumanEval-X&path=local');
  for (const [query, place] of ASKED) {
    const hits = await asked(playground, query);
    await hits
      .nth(place)
      .getByRole('button', { name: /^Right/ })
      .click();
    await hits
      .nth(0)
      .getByRole('button', { name: /^Wrong/ })
      .click();
  }
  await expect(count(page)).toContainText(`${ASKED.length} queries, ${2 * ASKED.length} marks`);

  await page.getByRole('radio', { name: 'your labels only' }).check();
  await page.getByRole('button', { name: 'Adapt', exact: true }).click();
  const report = page.getByTestId('reports').locator('li[data-path="local"]');
  await whileMoving(page, (options) => expect(report).toBeVisible(options));
  await playground.idle();
  const isApplied = (await report.getAttribute('data-decision')) === 'applied';
  await expect(report).toContainText(isApplied ? 'applied' : 'kept as it was, because');
  expect((await ranked(playground, 'adapted')).join() !== (await ranked(playground, 'none')).join()).toBe(isApplied);

  const anyway = page.getByRole('button', { name: 'Use it anyway' });
  if (isApplied) await expect(anyway).toHaveCount(0);
  else {
    await anyway.click();
    await expect(report).toHaveAttribute('data-decision', 'forced');
    await playground.idle();
    expect(await ranked(playground, 'adapted')).not.toEqual(await ranked(playground, 'none'));
  }
  await page.getByRole('button', { name: 'Go back to before the labels' }).click();
  await expect(playground.ranking('adapted')).toHaveCount(0);

  await page.reload();
  await playground.expectIndex('store', '984');
  await expect(count(page)).toContainText(`${ASKED.length} queries, ${2 * ASKED.length} marks`);
  const hits = await asked(playground, ASKED[0][0]);
  await expect(hits.nth(ASKED[0][1]).getByRole('button', { name: /^Right/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(hits.nth(0).getByRole('button', { name: /^Wrong/ })).toHaveAttribute('aria-pressed', 'true');

  const file = await exported(page);
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(count(page)).toContainText('None yet');
  await page
    .getByLabel('Import labels')
    .setInputFiles({ name: 'labels.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(file) });
  await expect(count(page)).toContainText(`${ASKED.length} queries, ${2 * ASKED.length} marks`);
  expect(await exported(page)).toBe(file);
  await hits
    .nth(0)
    .getByRole('button', { name: /^Wrong/ })
    .click(); // imported labels are taken back like marks
  await expect(count(page)).toContainText(`${2 * ASKED.length - 1} marks`);
  expect(seen.complaints).toEqual([]);
});

test('a click log makes labels within its caps, and a broken one changes nothing', async ({ page }) => {
  const playground = await opened(page, '?corpus=HumanEval-X&store=memory');
  const log = (clicks: readonly object[]): Buffer =>
    Buffer.from(clicks.map((click) => JSON.stringify(click)).join('\n'));
  const click = { query: 'sort a list', passageId: 'Python/34', rank: 3 };
  const upload = (buffer: Buffer): Promise<void> =>
    page
      .getByLabel('Import a click log')
      .setInputFiles({ name: 'clicks.jsonl', mimeType: 'application/jsonl', buffer });
  await upload(log(Array.from({ length: 30 }, (_, i) => ({ ...click, source: 'one', time: i }))));
  await expect(page.getByTestId('label-note')).toContainText('30 clicks read; 0 new labels');
  await upload(log([{ ...click, source: 'two' }]));
  await expect(count(page)).toContainText('1 query, 1 mark');
  await upload(Buffer.from('{"query": 1}'));
  await expect(page.getByRole('alert')).toContainText('malformed-jsonl');
  await expect(count(page)).toContainText('1 query, 1 mark');
  await own(page)
    .getByRole('button', { name: /^Remove “sort/ })
    .click();
  await expect(count(page)).toContainText('None yet');
  await playground.idle();
});

test('own passages without labels are adapted to by marks alone', async ({ page }) => {
  const playground = new Playground(page);
  await playground.open('?store=memory&path=local');
  await page.getByRole('radio', { name: /Your own/ }).check();
  const passages = [
    'bread dough rises before it is baked',
    'a flat tyre is patched',
    'tomatoes are sown in March',
    'a chess game is lost on time',
  ];
  const docs = Buffer.from(passages.map((text, i) => JSON.stringify({ id: `p${i}`, text })).join('\n'));
  await page
    .getByLabel('Passages', { exact: true })
    .setInputFiles({ name: 'docs.jsonl', mimeType: 'application/jsonl', buffer: docs });
  await page.getByRole('button', { name: 'Build the index' }).click();
  await playground.expectIndex('built', '4');
  await expect(page.getByRole('button', { name: 'Adapt', exact: true })).toBeDisabled();
  const hits = await asked(playground, 'wheels');
  await hits
    .nth(0)
    .getByRole('button', { name: /^Right/ })
    .click();
  await page.getByRole('button', { name: 'Adapt', exact: true }).click();
  await expect(page.getByTestId('reports').locator('li')).toHaveAttribute('data-decision', 'too-few-labels');
  await page.getByRole('button', { name: 'Use it anyway' }).click();
  await expect(page.getByTestId('reports').locator('li')).toHaveAttribute('data-decision', 'forced');
});

test('the learning curve is drawn point by point with its band, nothing moves, and it can be cancelled', async ({
  page,
}) => {
  const playground = await opened(page, '?corpus=HumanEval-X&path=local&store=memory');
  const curve = page.getByTestId('curve');
  const draw = page.getByRole('button', { name: 'Draw the learning curve' });
  // Cancelled in the page, so that no further point can arrive between the third point and the cancel.
  await page.evaluate(() => {
    const places: number[] = [];
    Object.assign(globalThis, { places });
    const below = [...document.querySelectorAll('button')].find(
      (button) => button.textContent.trim() === 'Forget what was learned',
    )!;
    new MutationObserver((_, observer) => {
      const drawn = Number(document.querySelector('[data-testid="curve"]')?.getAttribute('data-points') ?? 0);
      if (drawn > 0) places.push(below.getBoundingClientRect().y + scrollY);
      if (drawn < 3) return;
      observer.disconnect();
      document.querySelector<HTMLButtonElement>('[data-testid="curve"] .progress button')?.click();
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await draw.click();
  await whileMoving(page, (options) =>
    expect(page.getByTestId('curve-reading')).toContainText('Stopped after', options),
  );
  await expect(curve.locator('.points circle')).toHaveCount(Number(await curve.getAttribute('data-points')));
  await expect(curve.locator('.band path')).toHaveCount(1);
  const places = await page.evaluate(() => (globalThis as unknown as { places: number[] }).places);
  expect(places.length).toBeGreaterThanOrEqual(1);
  expect(new Set(places).size).toBe(1);
  await playground.idle();
  await expect(draw).toBeEnabled();
});

test('ERA’s ranking is shown beside the default trainer’s, which is kept', async ({ page }) => {
  const playground = await opened(page, '?corpus=HumanEval-X&store=memory');
  await asked(playground, ASKED[0][0]);
  await expect(page.getByRole('radio', { name: /Closed form/ })).toBeChecked();
  await playground.align();
  const own = await playground.hits('aligned');
  await page.getByRole('radio', { name: /ERA, as in the paper/ }).check();
  await page.getByRole('button', { name: 'Align', exact: true }).click();
  await whileMoving(page, (options) =>
    expect(
      page
        .getByTestId('scores')
        .locator('tr[data-mode="dense"][data-path="remote"][data-trainer="era"][data-stage="aligned"]'),
    ).toBeVisible(options),
  );
  await playground.idle();
  expect(
    await page
      .locator('article.ranking')
      .evaluateAll((columns) =>
        columns.map(
          (column) => `${column.getAttribute('data-trainer') ?? 'none'}/${column.getAttribute('data-stage') ?? ''}`,
        ),
      ),
  ).toEqual(['none/none', 'closed-form/aligned', 'era/aligned']);
  expect(await playground.hits('aligned')).toEqual(own);
  expect(await playground.hits('aligned', 'era')).toHaveLength(8);
  expect(await playground.score('both', 'aligned')).toBeGreaterThan(await playground.score('remote', 'aligned', 'era'));
});

test('all label actions work by keyboard alone, with the focus visible', async ({ page }) => {
  const playground = await opened(page, '?corpus=HumanEval-X&path=local&store=memory');
  await tabTo(page, page.getByRole('searchbox', { name: 'Query' }));
  await page.keyboard.type('which numbers are in both lists');
  await page.keyboard.press('Enter');
  const hits = playground.ranking('none').locator('li.hit');
  await expect(hits).toHaveCount(8);
  const right = hits.nth(1).getByRole('button', { name: /^Right/ });
  await tabTo(page, right);
  expect(await right.evaluate((button) => getComputedStyle(button).outlineStyle)).toBe('solid');
  await page.keyboard.press('Space');
  await expect(right).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(hits.nth(1).getByRole('button', { name: /^Wrong/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(right).toHaveAttribute('aria-pressed', 'false');
  await tabTo(page, own(page).getByRole('button', { name: /^Remove “/ }));
  await page.keyboard.press('Enter');
  await expect(count(page)).toContainText('None yet');
  await expect(page.getByRole('heading', { name: 'Your labels' })).toBeFocused();
  await tabTo(page, page.getByLabel('Import labels'));
});

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The key Tab does not lead there.');
}

test.describe('on a touch screen', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 780 } });

  test('what can be tapped is 44 pixels high and wide, and nothing is wider than the page', async ({ page }) => {
    const playground = await opened(page, '?corpus=HumanEval-X&path=local&store=memory');
    const hits = await asked(playground, ASKED[0][0]);
    await hits
      .nth(0)
      .getByRole('button', { name: /^Right/ })
      .tap();
    const small = await page.locator('button, label.button, select').evaluateAll((elements) =>
      elements
        .map((element) => ({ name: element.textContent, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.height < 44 || box.width < 44)
        .map(({ name }) => name),
    );
    expect(small).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});
