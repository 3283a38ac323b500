// The playground and the owner's page of the same collection share their labels and adapters, in both directions.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { root, runCli } from './support/cli.ts';
import { Playground, watch } from './support/playground.ts';

const TASK = 'HumanEval-X';
const QUERY = 'Return sorted unique elements in a list';

// A service worker would answer instead of the routes.
test.use({ serviceWorkers: 'block' });

/** Publishes the bundled task with the element and the owner's page, which the server's copy does not have. */
async function publishWhole(context: BrowserContext, folder: string): Promise<void> {
  await runCli('index', join(root, 'public/corpora', TASK, 'docs.jsonl'), '--out', folder, '--no-model-files');
  await context.route(`**/indexes/${TASK}/**`, (route) => {
    const path = new URL(route.request().url()).pathname.split(`/${TASK}/`)[1]!;
    return route.fulfill({ path: join(folder, path.endsWith('/') ? `${path}index.html` : path) });
  });
}

const marks = (page: Page): Promise<string> => page.getByTestId('own-labels-count').innerText();

test('labels and learned adapters of one face are also in the other, and in another tab at once', async ({
  page,
  context,
  baseURL,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'era-workbench-'));
  await publishWhole(context, folder);
  const seen = await watch(page);
  const playground = new Playground(page);
  await playground.open(`?corpus=${TASK}&path=local`);
  await playground.expectIndex('network', '984');
  await page.getByLabel('Compare').selectOption('modes');
  await playground.ask(QUERY);
  await playground.answered();
  const byWords = page.locator('[data-column="keyword"] li.hit').nth(2);
  await byWords.getByRole('button', { name: /^Right/ }).click();
  await expect(page.getByTestId('own-labels-count')).toContainText('1 query, 1 mark');

  const owner = await context.newPage();
  const ownerSeen = await watch(owner);
  await owner.goto(`${baseURL!}indexes/${TASK}/playground/?q=${encodeURIComponent(QUERY)}`);
  await expect(owner.getByTestId('own-labels-count')).toContainText('1 query, 1 mark');
  const there = owner
    .locator(`[data-column="keyword"] li.hit[data-id="${(await byWords.getAttribute('data-id'))!}"]`)
    .getByRole('button', { name: /^Right/ });
  await expect(there).toHaveAttribute('aria-pressed', 'true');
  await owner
    .locator('[data-column="keyword"] li.hit')
    .first()
    .getByRole('button', { name: /^Wrong/ })
    .click();
  await expect(page.getByTestId('own-labels-count')).toContainText('1 query, 2 marks'); // no reload
  expect(await marks(page)).toBe(await marks(owner));

  // Learned in the playground: the adapter is used on the site, and the owner's page can remove it.
  await page.getByRole('button', { name: 'Adapt', exact: true }).click();
  await expect(page.getByTestId('scores').locator('tr[data-mode="hybrid"][data-path="local"]').first()).toBeVisible();
  await playground.idle();
  await expect(page.locator('article.ranking')).toHaveCount(5);
  expect(
    await page
      .locator('article.ranking')
      .evaluateAll((columns) => columns.map((column) => column.getAttribute('data-mode'))),
  ).toEqual(['hybrid', 'hybrid', 'hybrid', 'keyword', 'dense']);
  await owner.reload();
  await expect(
    owner
      .getByTestId('adapters')
      .getByRole('button', { name: /^Save local-/ })
      .first(),
  ).toBeVisible();
  expect([...seen.complaints, ...ownerSeen.complaints]).toEqual([]);
  await rm(folder, { recursive: true });
});

test('a task that cannot be opened leaves the open one unchanged', async ({ page, context }) => {
  await context.route('**/indexes/QMSum/**', (route) => route.fulfill({ status: 404 }));
  const playground = new Playground(page);
  await playground.open(`?corpus=${TASK}&path=local`);
  await playground.expectIndex('network', '984');
  await playground.ask(QUERY);
  await playground.answered();
  await playground
    .ranking('none')
    .getByRole('button', { name: /^Right/ })
    .first()
    .click();
  await page.getByRole('radio', { name: /Meeting/ }).click(); // not `check`: the choice may be taken back before it is looked at
  await expect(page.getByRole('alert')).toContainText('network');
  await expect(page.getByRole('radio', { name: /Code/ })).toBeChecked();
  await playground
    .ranking('none')
    .getByRole('button', { name: /^Wrong/ })
    .last()
    .click();
  await expect(page.getByTestId('own-labels-count')).toContainText('1 query, 2 marks');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export your labels' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${TASK}-labels.jsonl`);
  await page.reload();
  await expect(page.getByTestId('own-labels-count')).toContainText('1 query, 2 marks');
});

test('the keyboard focus stays in its part when a button is removed, and links skip the results', async ({ page }) => {
  const playground = new Playground(page);
  await playground.open(`?corpus=${TASK}&path=both&store=memory`);
  await playground.expectIndex('network', '984');
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Let it learn' }).focus();
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'Let it learn' });
  await expect(heading).toBeFocused();
  await page.getByRole('button', { name: 'Align', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(heading).toBeFocused(); // the button is disabled while it runs
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await cancel.focus();
  await page.keyboard.press('Enter');
  await expect(cancel).toHaveCount(0);
  await expect(heading).toBeFocused();
});

test('an error of training stays visible when the last question is asked again', async ({ page }) => {
  const playground = new Playground(page);
  await playground.open(`?corpus=${TASK}&path=local&store=memory`);
  await playground.expectIndex('network', '984');
  await playground.ask(QUERY);
  await playground.answered();
  const label = JSON.stringify({ qid: '1', query: 'gone', labels: [{ id: 'not there', score: 1 }] });
  await page
    .getByLabel('Import labels')
    .setInputFiles({ name: 'labels.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(label) });
  await page.getByRole('radio', { name: 'your labels only' }).check();
  await page.getByRole('button', { name: 'Adapt', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('no-labels');
  await playground.idle();
  await playground.answered();
  await expect(page.getByRole('alert')).toContainText('no-labels');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
