// The playground while the server is still making collections: what cannot be chosen yet is shown with its progress,
// and becomes a choice by itself. The server is that of npm start; the spec says when a build goes on.

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import type { CollectionState } from '../src/node/serve/collection-states.ts';
import { root, runCli } from './support/cli.ts';
import { Playground, watch } from './support/playground.ts';
import { startUnfinished, type UnfinishedServer } from './support/unfinished-server.ts';

const PASSAGES = 200;
const WAITING: CollectionState = { name: 'NL2Bash', state: 'waiting', done: 0, total: 6000, problem: null };
const EMBEDDING: CollectionState = { name: 'QMSum', state: 'embedding', done: 0, total: 3200, problem: null };
const READY: CollectionState = { name: 'HumanEval-X', state: 'ready', done: 984, total: 984, problem: null };

// A service worker would answer when the server is away.
test.use({ serviceWorkers: 'block' });

let folder: string;
let server: UnfinishedServer;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-unfinished-'));
  await cp(join(root, '.cache/collections/HumanEval-X'), join(folder, 'HumanEval-X'), { recursive: true });
  server = await startUnfinished(folder, [READY, EMBEDDING, WAITING]);
});
test.afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const card = (playground: Playground, name: string): Locator => playground.page.locator(`[data-corpus="${name}"]`);

/** The first passages of a corpus, made into its collection by the command. */
async function finish(name: string): Promise<void> {
  const docs = await readFile(join(root, `public/corpora/${name}/docs.jsonl`), 'utf8');
  await mkdir(join(folder, 'docs'), { recursive: true });
  const path = join(folder, 'docs', `${name}.jsonl`);
  await writeFile(path, docs.split('\n').slice(0, PASSAGES).join('\n'));
  await runCli('index', path, '--out', join(folder, name), '--no-element', '--no-model-files');
}

test('what is not ready shows how far it is, cannot be chosen, and becomes a choice without a reload', async ({
  page,
}) => {
  const seen = await watch(page);
  const playground = new Playground(page);
  await page.goto(`${server.url}?corpus=QMSum&path=local`); // not ready: the first that is takes its place
  await playground.expectIndex('network', '984');
  await expect(page.getByRole('radio', { name: /Code/ })).toBeChecked();
  const meetings = page.getByRole('radio', { name: /Meeting/ });
  await expect(meetings).toBeDisabled();
  await expect(page.getByRole('radio', { name: /Shell/ })).toBeDisabled();
  await expect(card(playground, 'NL2Bash')).toContainText('Waiting to be embedded');
  server.tell({ ...EMBEDDING, done: 1200 });
  await expect(card(playground, 'QMSum')).toContainText('Being embedded, 1,200 of 3,200 passages');

  // By keyboard what cannot be chosen is passed over.
  await page.getByRole('radio', { name: /Code/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /Your own/ })).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('radio', { name: /Code/ })).toBeChecked();
  await playground.idle();

  // What is ready is searched meanwhile.
  await playground.ask('Return sorted unique elements in a list');
  expect(await playground.hits('none')).toHaveLength(8);

  await finish('QMSum');
  server.tell({ ...EMBEDDING, state: 'ready', done: 3200 });
  await expect(meetings).toBeEnabled();
  await expect(page.getByRole('status').filter({ hasText: 'Ready to choose: Meeting transcripts.' })).toHaveCount(1);
  await expect(page.getByRole('radio', { name: /Code/ })).toBeChecked();
  await meetings.check();
  await playground.expectIndex('network', String(PASSAGES));
  expect(seen.complaints).toEqual([]);
});

test('a build that failed is told beside its corpus, and the others go on', async ({ page }) => {
  const playground = new Playground(page);
  await page.goto(`${server.url}?path=local`);
  await playground.expectIndex('network', '984');
  server.tell({ ...EMBEDDING, state: 'failed', problem: 'The disk is full. Free some space.' });
  server.tell({ ...WAITING, state: 'embedding', done: 10 });
  await expect(card(playground, 'QMSum')).toContainText('The disk is full. Free some space.');
  await expect(page.getByRole('radio', { name: /Meeting/ })).toBeDisabled();
  await expect(card(playground, 'NL2Bash')).toContainText('Being embedded, 10 of 6,000 passages');
});

test('a page that is open goes on with a server that was started again', async ({ page }) => {
  const playground = new Playground(page);
  await page.goto(`${server.url}?path=local`);
  await playground.expectIndex('network', '984');
  await expect(card(playground, 'NL2Bash')).toHaveAttribute('data-state', 'waiting');
  const { url } = server;
  const refused = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/collections.json'));
  await server.close();
  await refused;
  await expect(card(playground, 'NL2Bash')).toHaveAttribute('data-state', 'waiting');
  server = await startUnfinished(
    folder,
    [READY, { ...EMBEDDING, done: 5 }, { ...WAITING, state: 'ready', done: 6000 }],
    Number(new URL(url).port),
  );
  await expect(page.getByRole('radio', { name: /Shell/ })).toBeEnabled();
  await expect(card(playground, 'QMSum')).toContainText('5 of 3,200');
});

test('where nothing is ready yet, the page opens the first that is', async ({ page }) => {
  server.tell({ ...READY, state: 'embedding', done: 3 });
  const playground = new Playground(page);
  await page.goto(`${server.url}?path=local`);
  await expect(card(playground, 'HumanEval-X')).toContainText('3 of 984');
  await expect(page.getByRole('group', { name: 'Corpus' }).getByRole('radio', { checked: true })).toHaveCount(0);
  server.tell(READY);
  await playground.expectIndex('network', '984');
  await expect(page.getByRole('radio', { name: /Code/ })).toBeChecked();
});
