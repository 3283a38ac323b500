// Pagefind on a site: its command, and its search in a real browser.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import { startCountingServer, type CountingServer, type Sent } from './counting-server.ts';
import { folderBytes, kindOfPagefind, type KindBytes } from './folder-bytes.ts';
import type { Answers } from './hits.ts';

const run = promisify(execFile);
/** Of the package that is measured. */
export async function pagefindVersion(): Promise<string> {
  const file = new URL('../../../node_modules/pagefind/package.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

const command = fileURLToPath(new URL('../../../node_modules/pagefind/lib/runner/bin.cjs', import.meta.url));

export interface PagefindFigures {
  readonly seconds: number;
  readonly againSeconds: number;
  readonly disk: KindBytes;
  readonly answers: Answers;
  readonly wire: readonly { readonly query: string; readonly sent: readonly Sent[]; readonly firstAnswerMs: number }[];
}

/** Indexes a folder of pages, and says how many seconds it took. */
export async function indexByPagefind(site: string, flags: readonly string[]): Promise<number> {
  const start = performance.now();
  await run(process.execPath, [command, '--site', site, ...flags], { maxBuffer: 2 ** 26 });
  return (performance.now() - start) / 1000;
}

/** @param language of the page that asks: Pagefind searches the pages of that language */
const benchPage = (language: string): string =>
  `<!doctype html><html lang="${language}"><title>site</title><script type="module">globalThis.pagefind = await import("/pagefind/pagefind.js");</script>`;

/** Serves an indexed site, with a page in its language that asks. */
export async function servePagefind(site: string, language: string): Promise<CountingServer> {
  return startCountingServer({ '/bench.html': benchPage(language), '/bench-ui.html': PAGEFIND_PAGE }, { '/': site });
}

/** @param address of a server of `servePagefind` */
export async function askPagefind(browser: Browser, address: string, queries: readonly string[]): Promise<Answers> {
  const page = await browser.newPage();
  await page.goto(`${address}bench.html`);
  await page.waitForFunction(() => 'pagefind' in globalThis);
  const answers = await page.evaluate(searchInPage, queries);
  await page.close();
  return answers;
}

/** What its pages show: script, style, five results with their texts. */
export const PAGEFIND_PAGE = `<!doctype html><html lang="en"><title>site</title><link rel="stylesheet" href="/pagefind/pagefind-ui.css">
<script src="/pagefind/pagefind-ui.js"></script><div id="search"></div>
<script>new PagefindUI({ element: '#search', showImages: false, pageSize: 5 });</script>`;

interface PagefindPage {
  readonly pagefind: {
    readonly search: (
      text: string,
    ) => Promise<{ results: readonly { readonly data: () => Promise<{ url: string }> }[] }>;
  };
}

/** Runs in the page. Pagefind's `url` is the page's; it does not report the best section. */
async function searchInPage(queries: readonly string[]): Promise<{ page: string; anchor: string }[][]> {
  const { pagefind } = globalThis as unknown as PagefindPage;
  const answers = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const shown = await Promise.all(results.slice(0, 5).map((result) => result.data()));
    // Pagefind leaves `index.html` out of addresses.
    answers.push(
      shown.map(({ url }) => ({
        page: decodeURIComponent(new URL(url, location.origin).pathname.slice(1)).replace(/(^|\/)$/, '$1index.html'),
        anchor: '',
      })),
    );
  }
  return answers;
}

export async function measurePagefind(
  browser: Browser,
  site: string,
  queries: readonly string[],
): Promise<PagefindFigures> {
  const flags = ['--force-language', 'en'];
  const seconds = await indexByPagefind(site, flags);
  const againSeconds = await indexByPagefind(site, flags);
  const folder = `${site}/pagefind`;
  const server = await servePagefind(site, 'en');
  try {
    const answers = await askPagefind(browser, server.address, queries);
    const wire = [];
    for (const query of queries) wire.push(await firstAnswer(browser, server.address, query, server.takeSent));
    return { seconds, againSeconds, disk: await folderBytes(folder, kindOfPagefind), answers, wire };
  } finally {
    await server.close();
  }
}

/** A first-time visitor types a query into Pagefind's interface. */
async function firstAnswer(
  browser: Browser,
  address: string,
  query: string,
  takeSent: () => Sent[],
): Promise<PagefindFigures['wire'][number]> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    takeSent();
    const start = performance.now();
    await page.goto(`${address}bench-ui.html`);
    await page.locator('.pagefind-ui__search-input').fill(query);
    // A result with its text, or the message that there is none.
    await page
      .locator('.pagefind-ui__result-excerpt, .pagefind-ui__message')
      .filter({ hasNotText: /^Searching/ })
      .first()
      .waitFor();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.pagefind-ui__result')].every(
        (result) => result.querySelector('.pagefind-ui__loading') === null,
      ),
    );
    const firstAnswerMs = performance.now() - start;
    return { query, sent: takeSent(), firstAnswerMs };
  } finally {
    await context.close();
  }
}
