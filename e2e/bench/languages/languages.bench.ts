// Documentation in twelve languages, indexed by our command and by Pagefind, and searched by words in one run: node
// e2e/bench/languages/run.mjs
//
// The small model reads English alone, so the indexes are made without vectors.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { copyPages, provideDocs } from '../sites/debian-docs.ts';
import { readQueries, type Answers, type SiteQuery } from '../sites/hits.ts';
import { ask, indexSite, openSite, serveSite } from '../sites/our-side.ts';
import { askPagefind, indexByPagefind, pagefindVersion, servePagefind } from '../sites/pagefind-side.ts';
import { LANGUAGE_SITES, type LanguageSite } from './language-sites.ts';
import { LANGUAGE_KINDS, missesOf, tables, type LanguageFigures } from './tables.ts';
import { launchChromium } from '../../support/launch.ts';

const HELP = `Usage: node e2e/bench/languages/run.mjs [options]

  --languages TAGS  of ${LANGUAGE_SITES.map(({ tag }) => tag).join(', ')} (default: all)
  --work DIR        packages and copies of the pages (default: a folder for temporary files)
  --dist DIR        the builds (default: dist)
  --json FILE       all queries and answers
  --markdown FILE   the tables
  --verbose         every query that an engine did not answer with its first page

Needs "npx vite build" in the modes library, node and site, and a Debian or Ubuntu with apt-get and dpkg.`;

const { values } = parseArgs({
  options: {
    languages: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'era-search-languages') },
    dist: { type: 'string', default: fileURLToPath(new URL('../../../dist', import.meta.url)) },
    json: { type: 'string' },
    markdown: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const tags = values.languages?.split(',') ?? LANGUAGE_SITES.map(({ tag }) => tag);
  const unknown = tags.find((tag) => !LANGUAGE_SITES.some((site) => site.tag === tag));
  if (unknown !== undefined) throw new Error(`There is no language “${unknown}”.\n\n${HELP}`);
  const work = resolve(values.work);
  await mkdir(work, { recursive: true });
  const browser = await launchChromium();
  const figures: LanguageFigures[] = [];
  try {
    for (const site of LANGUAGE_SITES.filter(({ tag }) => tags.includes(tag)))
      figures.push(await measure(browser, site, work));
  } finally {
    await browser.close();
  }
  const markdown = tables(figures);
  console.log(markdown);
  if (values.verbose) console.log(missesOf(figures));
  if (values.markdown !== undefined) await writeFile(values.markdown, `${markdown}\n`);
  if (values.json !== undefined) {
    const version = await pagefindVersion();
    const about =
      'The queries were written from the pages alone, before any engine had answered them. Their files name the labels added later.';
    const date = new Date().toISOString().slice(0, 10);
    await writeFile(values.json, `${JSON.stringify({ about, date, pagefindVersion: version, figures }, null, 1)}\n`);
  }
}

async function measure(browser: Browser, site: LanguageSite, work: string): Promise<LanguageFigures> {
  const { tag, english, isForced } = site;
  const { html, source } = await provideDocs(site.docs, work);
  const queries = await readQueries(new URL(`./${tag}.queries.json`, import.meta.url));
  const texts = queries.map(({ query }) => query);
  const [ourCopy, pagefindCopy] = ['ours', 'pagefind'].map((engine) => join(work, 'pages', tag, engine)) as [
    string,
    string,
  ];
  const pages = await copyPages(html, ourCopy, site.pages);
  await copyPages(html, pagefindCopy, site.pages);
  await check(tag, queries, ourCopy);
  const flags = isForced ? ['--force-language', tag] : [];
  const ours = await askOurs(browser, ourCopy, texts, flags);
  await indexByPagefind(pagefindCopy, flags);
  const server = await servePagefind(pagefindCopy, tag);
  try {
    const pagefind = await askPagefind(browser, server.address, texts);
    console.error(`${tag}: ${source}, ${String(pages)} pages`);
    return { tag, english, source, isForced, pages, queries, answers: { ours, pagefind } };
  } finally {
    await server.close();
  }
}

/** @throws where a query has an unknown kind, or names a page that there is not */
async function check(tag: string, queries: readonly SiteQuery[], folder: string): Promise<void> {
  for (const { query, kind, pages } of queries) {
    if (!LANGUAGE_KINDS.some((known) => known === kind)) throw new Error(`${tag}: “${query}” is “${kind}”.`);
    for (const page of pages) await readFile(join(folder, page));
  }
}

async function askOurs(
  browser: Browser,
  folder: string,
  queries: readonly string[],
  flags: readonly string[],
): Promise<Answers> {
  const dist = resolve(values.dist);
  await indexSite(dist, folder, ['--no-vectors', ...flags]);
  const server = await serveSite(dist, folder);
  try {
    const page = await openSite(browser, server.address);
    const answers = await ask(page, queries, 'keyword');
    await page.close();
    return answers;
  } finally {
    await server.close();
  }
}

if (values.help) console.log(HELP);
else await main();
