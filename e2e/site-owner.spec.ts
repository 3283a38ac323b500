// The owner's page on the fixture site, under the strictest headers: from a question to a published adapter that a
// fresh browser uses.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test, type Download, type Locator, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { parseQueries } from '../src/evaluate/parse-task.ts';
import type { Answer } from '../src/index.ts';
import { Frames } from './support/frames.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';
import { WANTED } from './support/wanted-pages.ts';

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

class OwnerPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(address: string = server.url): Promise<void> {
    await this.page.goto(`${address}era-search/playground/`);
    await expect(this.page.getByTestId('index')).toContainText('in this browser');
  }

  async loadModel(): Promise<void> {
    await this.page.getByRole('button', { name: /^Load it \(\d+\.\d MB\)$/ }).click();
    await expect(this.page.getByTestId('model')).toContainText('ready');
  }

  async ask(query: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Query' }).fill(query);
    await this.page.keyboard.press('Enter');
    await expect(this.page.locator('.columns')).toHaveAttribute('data-query', query);
    await expect(this.page.locator('article.ranking[aria-busy="true"]')).toHaveCount(0);
    for (const rest of await this.page.locator('[data-column="dense"] details, [data-column="best"] details').all())
      await rest.evaluate((element) => ((element as HTMLDetailsElement).open = true));
  }

  column(name: 'best' | 'plain' | 'keyword' | 'dense'): Locator {
    return this.page.locator(`[data-column="${name}"]`);
  }

  /** Writes the owner's synonyms.json and tries it. */
  async tune(curation: unknown): Promise<void> {
    const text = typeof curation === 'string' ? curation : JSON.stringify(curation, null, 2);
    await this.page.getByLabel('synonyms.json', { exact: true }).fill(text);
    await this.page.getByRole('button', { name: 'Try it' }).click();
  }

  source(column: 'best'): Locator {
    return this.column(column).getByTestId('source');
  }

  say(id: string, word: 'Right' | 'Wrong'): Locator {
    return this.page
      .locator(`[data-column="dense"] [data-id="${id}"], [data-column="best"] [data-id="${id}"]`)
      .last()
      .getByRole('button', { name: word });
  }

  async saved(button: string): Promise<Download> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: button }).click(),
    ]);
    return download;
  }

  /** Violations that axe finds in the whole page, by rule. */
  async findings(): Promise<string[]> {
    const { violations } = await this.page.evaluate(() =>
      (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
    );
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
    );
  }
}

test('ask, label, learn, publish: a fresh browser on the published site searches with what the labels taught', async ({
  page,
  browser,
}, info) => {
  const watching = await watch(page);
  await page.addInitScript(axe); // added before the page's own policy applies
  const owner = new OwnerPage(page);
  await owner.open();
  expect(await owner.findings(), 'at first').toEqual([]);
  await owner.ask('crontab');
  await expect(owner.source('best')).toHaveAttribute('data-vector', 'static');
  await expect(owner.column('keyword').locator('.hit').first()).toHaveAttribute('data-id', /^guide\/schedule\.html/);

  await owner.loadModel();
  await expect(owner.source('best')).toHaveAttribute('data-vector', 'local'); // repeated by the page itself
  await expect(owner.column('keyword').locator('.hit').first()).toHaveAttribute('data-id', 'guide/schedule.html#cron');
  await expect(owner.column('dense').locator('.hit')).not.toHaveCount(0);
  await expect(owner.column('best').locator('.why').first()).toHaveText(
    /keywords 1 \(\d+\.\d\d\) · meaning \d+ \(0\.\d{3}\) · together\s+\d\.\d{3} · crontab/,
  );

  await page.getByLabel('Language').selectOption('de');
  for (const [query, id] of WANTED) {
    await owner.ask(query);
    await owner.say(id, 'Right').click();
    await expect(owner.say(id, 'Right')).toHaveAttribute('aria-pressed', 'true');
  }
  await page.getByLabel('Language').selectOption('');
  await owner.ask('crontab'); // so that the next answer is not taken for the last one
  await owner.ask(WANTED.at(-1)![0]);
  await owner.say('guide/schedule.html#battery', 'Wrong').click();
  expect(await owner.findings(), 'labelled').toEqual([]);

  const labels = parseQueries(await readFile(await (await owner.saved('Export your labels')).path(), 'utf8'));
  expect(labels.map(({ query, labels: judged }) => [query, judged])).toEqual(
    [...WANTED]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([query, id]) => [
        query,
        [{ id, score: 1 }, ...(query === 'laptop on battery' ? [{ id: 'guide/schedule.html#battery', score: 0 }] : [])],
      ]),
  );
  await page.reload();
  await expect(page.getByTestId('own-labels-count')).toHaveText(/12 queries, 13 marks/);
  await expect(page.getByTestId('model')).toContainText('ready'); // consent is kept

  await page.getByRole('button', { name: 'Adapt', exact: true }).click();
  const lesson = page.getByTestId('reports').locator('[data-path="local"]');
  await expect(lesson).toHaveAttribute('data-decision', 'applied');
  await expect(lesson).toHaveText(
    /Small model only \(offline\):\s+applied, \+\d+\.\d \(95 %: \+\d+\.\d to \+\d+\.\d\) points in cross-validation on 12 labelled queries/,
  );
  await expect(page.getByTestId('reports').locator('[data-path="static"]')).toHaveAttribute('data-decision', /./);
  const scores = page.getByTestId('scores').locator('tr[data-mode="dense"][data-path="local"]');
  await expect(scores).toHaveCount(2);
  await expect(scores.nth(1)).toHaveText(/Small model only \(offline\)\s+Adapted\s+\d+\.\d/);
  await owner.ask('which systems does the timer run on');
  await expect(owner.source('best')).toHaveAttribute('data-stage', 'adapted');
  await expect(owner.column('plain').locator('.hit')).not.toHaveCount(0);
  await expect(owner.column('best').locator('.place .better').first()).toBeVisible();
  expect(await owner.findings(), 'learned').toEqual([]);

  const file = info.outputPath('local-adapted.safetensors');
  await (await owner.saved('Save local-adapted.safetensors')).saveAs(file);
  await page.getByRole('button', { name: 'Forget what was learned' }).click();
  await expect(owner.source('best')).toHaveAttribute('data-stage', 'none');
  expect(watching.complaints).toEqual([]);

  const published = await indexedFixtureSite('--adapter', file);
  const site = await startSiteServer(published);
  const fresh = await (await browser.newContext()).newPage();
  const freshWatching = await watch(fresh);
  await SearchBox.listen(fresh);
  await fresh.addInitScript(() => {
    addEventListener('era-search:results', (event) =>
      Object.assign(globalThis, { source: (event as CustomEvent<{ answer: Answer }>).detail.answer.source }),
    );
  });
  await fresh.goto(`${site.url}guide/restore.html`);
  const box = new SearchBox(fresh);
  await box.ask('laptop on battery');
  await box.part('consent').click();
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
  expect(await fresh.evaluate(() => (globalThis as unknown as { source: Answer['source'] }).source)).toMatchObject({
    path: 'local',
    stage: 'adapted',
    index: 'store',
  });
  expect(freshWatching.complaints).toEqual([]);
  await fresh.context().close();
  await site.close();
  await rm(published, { recursive: true });
});

test('text typed while the page is busy stays in the form', async ({ page }) => {
  const frames = await Frames.of(page);
  const owner = new OwnerPage(page);
  await owner.open();
  await owner.ask('snapshot');
  const field = page.getByRole('searchbox', { name: 'Query' });
  await frames.hold();
  await field.fill('crontab');
  await field.press('Enter');
  await field.fill('crontab at night');
  await frames.release();
  await expect(page.locator('.columns')).toHaveAttribute('data-query', 'crontab');
  await expect(field).toHaveValue('crontab at night');
});

test('by keyboard alone, in the dark scheme, on a narrow screen: results are judged and judgements removed; queries without a matching word are listed', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.addInitScript(axe);
  const owner = new OwnerPage(page);
  await owner.open();
  const field = page.getByRole('searchbox', { name: 'Query' });
  while (!(await field.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.type('snapshot');
  await page.keyboard.press('Enter');
  const right = owner
    .column('best')
    .getByRole('button', { name: /^Right/ })
    .first();
  await expect(right).toBeVisible();
  while (!(await right.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(right).toHaveAttribute('aria-pressed', 'true');
  await expect(right).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(right).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('own-labels-count')).toHaveText(/1 query, 1 mark/);
  const remove = page.getByRole('button', { name: 'Remove “snapshot”' });
  while (!(await remove.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(remove).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Your labels' })).toBeFocused();

  await owner.ask('xylophone');
  const unanswered = page.getByRole('list', { name: 'Queries without a word here' });
  await expect(unanswered.getByRole('button', { name: 'xylophone', exact: true })).toBeVisible();
  expect(await owner.findings()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.reload();
  await unanswered.getByRole('button', { name: 'Remove xylophone' }).click();
  await expect(unanswered).toHaveCount(0);
});

test('labels from a file are imported; sections that the site no longer has are left out and reported; an invalid query API is reported', async ({
  page,
}, info) => {
  const owner = new OwnerPage(page);
  await page.goto(`${server.url}era-search/playground/?query-url=https://[&query-model=m&q=crontab`);
  await expect(page.getByRole('alert')).toContainText('invalid-option');
  await owner.open();
  const file = join(info.outputDir, 'labels.jsonl');
  const row = (query: string, id: string): string => JSON.stringify({ qid: query, query, labels: [{ id, score: 1 }] });
  await mkdir(info.outputDir, { recursive: true });
  await writeFile(
    file,
    [row('gone', 'guide/gone.html#x'), ...WANTED.slice(0, 2).map(([query, id]) => row(query, id))].join('\n'),
  );
  await page.getByLabel('Import labels').setInputFiles(file);
  await expect(page.getByTestId('label-note')).toHaveText('3 labelled queries imported.');
  await owner.loadModel();
  await page.getByRole('button', { name: 'Adapt', exact: true }).click();
  for (const path of ['local', 'static'])
    await expect(page.getByTestId('reports').locator(`[data-path="${path}"]`)).toHaveAttribute(
      'data-decision',
      'too-few-labels',
    );
  await expect(page.getByText('1 label left out: these passages are not in the collection any more.')).toBeVisible();
});

test('synonyms and pins are tried, their changes shown, saved and published: a first visit has the pinned page first', async ({
  page,
  browser,
}, info) => {
  const watching = await watch(page);
  await page.addInitScript(axe);
  const owner = new OwnerPage(page);
  await owner.open();
  const first = owner.column('best').locator('.hit').first();
  const changes = page.getByTestId('tune-changes');
  await owner.ask('zeitmaschine');
  await expect(owner.column('keyword').locator('.hit')).toHaveCount(0);
  const curation = {
    synonyms: ['zeitmaschine => snapshot'],
    boosts: { 'guide/**': 2 },
    pins: { crontab: ['reference/commands.html', 'guide/gone.html'] },
    excluded: ['program'],
  };
  await owner.tune(curation);
  await expect(page.getByTestId('tune-note')).toHaveText(
    /^Tried on this page: 1 line of synonyms, \d+ boosted pages, 1 pinned query, 1 excluded word\. No page matches “guide\/gone\.html”\.$/,
  );
  await expect(owner.column('keyword').locator('.hit')).not.toHaveCount(0);
  await expect(changes.getByRole('listitem')).not.toHaveCount(0);
  await owner.ask('crontab');
  await expect(first).toHaveAttribute('data-id', /^reference\/commands\.html/);
  await expect(first.locator('.why').first()).toHaveText(/^\s*pinned/);
  await expect(owner.column('keyword').locator('.hit').nth(1).locator('.why').first()).toHaveText('boosted × 2');
  await expect(changes.getByRole('listitem').first()).toHaveText(/1, was/);
  expect(await owner.findings(), 'tried').toEqual([]);

  await owner.tune('{"pins": {"crontab": "reference/commands.html"}}');
  const problem = page.getByRole('alert').filter({ hasText: 'synonyms.json: pins, “crontab” takes a list' });
  await expect(problem).toBeVisible();
  expect(await owner.findings(), 'refused').toEqual([]);
  await page.getByRole('button', { name: 'As published' }).click();
  await expect(problem).toHaveCount(0);
  await expect(first).toHaveAttribute('data-id', /^guide\/schedule\.html/);
  await expect(changes).toHaveCount(0);

  await owner.tune(curation);
  const file = info.outputPath('synonyms.json');
  await (await owner.saved('Save synonyms.json')).saveAs(file);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(curation);
  expect(watching.complaints).toEqual([]);

  const published = await indexedFixtureSite('--synonyms', file);
  const site = await startSiteServer(published);
  // The parts of the background never come, so that every answer is of an index that is not complete.
  let held = 0;
  site.intervene((path) => {
    const isLater = /\/parts\/rest-/.test(path);
    if (isLater) held++;
    return isLater;
  });
  const fresh = await (await browser.newContext()).newPage();
  const freshWatching = await watch(fresh);
  await SearchBox.listen(fresh);
  await fresh.goto(`${site.url}guide/restore.html`);
  const box = new SearchBox(fresh);
  await box.ask('Crontab');
  expect((await box.paths())[0]).toMatch(/^\/reference\/commands\.html/);
  await box.ask('zeitmaschine');
  await expect(box.options).not.toHaveCount(0);
  await expect.poll(() => held).toBeGreaterThan(0);
  expect(freshWatching.complaints).toEqual([]);
  const ownersPage = new OwnerPage(fresh);
  site.intervene(null);
  await ownersPage.open(site.url);
  await expect(fresh.getByLabel('synonyms.json', { exact: true })).toHaveValue(/zeitmaschine => snapshot/);
  await fresh.context().close();
  await site.close();
  await rm(published, { recursive: true });
});
