// The library's example for a page (README.md) and for Node (docs/library.md), copied from there and run on one folder
// that the documents' command has made.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, type Page } from '@playwright/test';
import { root, runCli } from './support/cli.ts';
import { openEnginePage } from './support/engine-page.ts';

const DOCS = [
  {
    id: 'renew',
    title: 'Renewing',
    text: 'A certificate is renewed thirty days before it expires: run the renewal by hand to test it.',
  },
  { id: 'revoke', title: 'Revoking', text: 'A key that was stolen is revoked at once, and its certificate with it.' },
  { id: 'bread', title: 'Bread', text: 'Knead the dough, let it rise for two hours, then bake the loaf.' },
];

test.use({ serviceWorkers: 'block' });

/** A folder inside the package, so that the package resolves under its own name. */
let folder: string;
test.beforeAll(async () => {
  await mkdir(join(root, '.cache'), { recursive: true });
  folder = await mkdtemp(join(root, '.cache/readme-'));
  await writeFile(join(folder, 'docs.jsonl'), DOCS.map((row) => JSON.stringify(row)).join('\n'));
  await runCli('index', join(folder, 'docs.jsonl'), '--out', join(folder, 'public/search'));
});
test.afterAll(() => rm(folder, { recursive: true }));

/** The block of code that imports from `name`. */
async function example(name: string, document: string): Promise<string> {
  const readme = await readFile(join(root, document), 'utf8');
  const blocks = [...readme.matchAll(/```js\n([^`]*(?:`[^`]+`[^`]*)*?)```/g)].map(([, code]) => code!);
  const found = blocks.filter((code) => code.includes(`from '${name}'`) && code.includes('for await'));
  expect(found).toHaveLength(1);
  expect(
    found[0]!
      .trim()
      .split('\n')
      .filter((line) => line !== '').length,
  ).toBeLessThanOrEqual(10);
  return found[0]!;
}

async function linesInPage(page: Page, code: string): Promise<string[]> {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await openEnginePage(page, 'http://localhost:1/example.html', {
    '/search/': join(folder, 'public/search'),
    '/models/': 'public/models',
  });
  await page.evaluate(
    async (module) => {
      await import(URL.createObjectURL(new Blob([module], { type: 'text/javascript' })));
    },
    code.replace("'era-search'", "'http://localhost:1/engine/lib/era-search.js'"),
  );
  return said;
}

test('the library’s example gives the same in a page and in Node: meaning without a model, then with it', async ({
  page,
}) => {
  // On a busy machine keywords do not wait for meaning, and are an answer of their own.
  const byMeaning = (lines: readonly string[]): string[] => lines.filter((line) => !line.startsWith('keyword:'));
  const inPage = byMeaning(await linesInPage(page, await example('era-search', 'README.md')));
  expect(inPage.map((line) => line.split(':')[0])).toEqual(['hybrid', 'hybrid']);
  expect(inPage.at(-1)).toMatch(/^hybrid: Renewing/);
  await writeFile(join(folder, 'example.mjs'), await example('era-search/node', 'docs/library.md'));
  const { stdout } = await promisify(execFile)('node', ['example.mjs'], { cwd: folder });
  expect(byMeaning(stdout.trim().split('\n'))).toEqual(inPage);
});
