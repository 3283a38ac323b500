// The main task of the playground, end to end: real models, real data, a real server, nothing recorded.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, runCli } from './support/cli.ts';
import { Frames } from './support/frames.ts';
import { startTrace, stopTrace } from './support/main-thread.ts';
import { Playground, watch } from './support/playground.ts';

test('a visitor aligns, adapts and gets better rankings, then searches offline', async ({ page, context }) => {
  const seen = await watch(page, /ERR_INTERNET_DISCONNECTED|Failed to load resource/);
  const playground = new Playground(page);
  await playground.open('?corpus=HumanEval-X');
  await playground.expectIndex('network', '984');

  await playground.ask('Return sorted unique elements in a list');
  expect(await playground.hits('none')).toHaveLength(8);

  await playground.align();
  await playground.adapt(0.4);
  const alone = await playground.score('local', 'none');
  expect(alone).toBeGreaterThan(30);
  expect(await playground.score('both', 'adapted')).toBeGreaterThan(alone + 1);
  expect(await playground.score('local', 'adapted')).toBeGreaterThan(alone + 1);
  expect(await playground.hits('adapted')).toHaveLength(8);
  await page.evaluate(async () => navigator.serviceWorker.ready);

  // The next visit reads the index and the adapters from the browser's storage.
  await page.reload();
  await playground.expectIndex('store', '984');

  await context.setOffline(true);
  await page.reload();
  await playground.expectIndex('store', '984');
  await playground.ask('Return sorted unique elements in a list');
  expect(await playground.hits('adapted')).toHaveLength(8);
  await expect(playground.ranking('adapted')).toContainText('remote from cache'); // asked on the first visit
  await playground.ask('Count the vowels of a word');
  await expect(playground.ranking('adapted')).toContainText('The remote model is unavailable');
  expect(await playground.hits('adapted')).toHaveLength(8);
  expect(seen.complaints).toEqual([]);
});

test('the page stays free while it loads, searches and learns', async ({ page, browser }) => {
  const playground = new Playground(page);
  const address = '?corpus=HumanEval-X&store=memory';
  await playground.open(address); // the machine's fonts are loaded by the first layout of a browser
  await playground.expectIndex('network', '984');
  await startTrace(browser, page);
  await playground.open(address);
  await playground.expectIndex('network', '984');
  await playground.ask('Return sorted unique elements in a list');
  await playground.hits('none');
  await playground.align();
  await playground.adapt(0.1);
  const { tasksMs, knownWorkMs } = await stopTrace(browser, page);
  test.info().annotations.push({
    type: 'main thread',
    description: JSON.stringify({ longest: tasksMs.slice(0, 10), knownWorkMs }),
  });
  expect(tasksMs.length, 'the trace knows the main thread').toBeGreaterThan(100);
  expect(tasksMs.filter((ms) => !(ms < knownWorkMs))).toEqual([]);
});

test('text typed while the page is busy stays in the search field and is searched', async ({ page }) => {
  const frames = await Frames.of(page);
  const playground = new Playground(page);
  await playground.open('?corpus=HumanEval-X&store=memory&path=local');
  await playground.expectIndex('network', '984');
  await playground.ask('sort a list');
  await frames.hold();
  await playground.submit('sort a list in reverse');
  await playground.queryField.fill('reverse a list');
  await frames.release();
  await expect(page.getByTestId('columns')).toHaveAttribute('data-query', 'sort a list in reverse');
  await expect(playground.queryField).toHaveValue('reverse a list');
  await playground.queryField.press('Enter');
  await expect(page.getByTestId('columns')).toHaveAttribute('data-query', 'reverse a list');
  const example = page.locator('.examples button').first();
  await example.click();
  await expect(playground.queryField).toHaveValue(
    ((await example.getAttribute('title')) ?? '').replace(/\s*\n\s*/g, ' '),
  );
});

test.describe('without a service worker, which would answer in place of the routes', () => {
  test.use({ serviceWorkers: 'block' });

  test('an index built in the page ranks like one built in Node', async ({ page }) => {
    const folder = test.info().outputPath('part');
    await mkdir(folder, { recursive: true });
    const docs = (await readFile(join(root, 'public/corpora/HumanEval-X/docs.jsonl'), 'utf8'))
      .split('\n')
      .slice(0, 200)
      .join('\n');
    await writeFile(join(folder, 'docs.jsonl'), docs);
    await runCli(
      'index',
      join(folder, 'docs.jsonl'),
      '--out',
      join(folder, 'index'),
      '--no-element',
      '--no-model-files',
    );
    await page.route('**/corpora/HumanEval-X/docs.jsonl', (route) =>
      route.fulfill({ body: docs, contentType: 'application/jsonl' }),
    );
    await page.route('**/indexes/HumanEval-X/**', (route) =>
      route.fulfill({ path: join(folder, 'index', route.request().url().split('/HumanEval-X/')[1]!) }),
    );
    const playground = new Playground(page);
    await playground.open('?corpus=HumanEval-X');
    await playground.expectIndex('network', '200');
    await playground.ask('Return sorted unique elements in a list');
    const fromNode = await playground.hits('none');
    await page.getByRole('button', { name: 'Build it in this page instead' }).click();
    await playground.expectIndex('built', '200');
    await playground.idle();
    await playground.ask('Return sorted unique elements in a list');
    const fromPage = await playground.hits('none');
    expect(fromPage[0]).toBe(fromNode[0]);
    expect(fromPage.filter((id) => fromNode.includes(id)).length).toBeGreaterThanOrEqual(6);
  });
});

test('relevant passages are marked where labels exist', async ({ page }) => {
  const playground = new Playground(page);
  await playground.open('?corpus=HumanEval-X&path=local');
  await playground.expectIndex('network', '984');
  await playground.ask('takes as input string encoded with encode_shift function. Returns decoded string.');
  await playground.hits('none');
  await expect(page.getByText(/marks what the corpus’s labels call an answer/)).toBeVisible();
});
