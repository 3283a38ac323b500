// era-search on a site: the index command, and search in a real browser by keywords, as a first visit gets it, by
// vectors, and by both with the small model.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import type { Collection, SearchOptions } from '../../../src/index.ts';
import type { EnginePage } from '../../support/engine-page.ts';
import { startCountingServer, type CountingServer, type Sent } from './counting-server.ts';
import { ELEMENT_PAGE, firstVisit, type FirstVisit } from './first-visit.ts';
import { folderBytes, kindOfOurs, type KindBytes } from './folder-bytes.ts';
import type { Answers } from './hits.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** `first`: by meaning without a model, and keywords: what a first visit gets. */
export const MODES = ['keyword', 'first', 'dense', 'hybrid'] as const;
export type Mode = (typeof MODES)[number];

export interface OurFigures {
  readonly pages: number;
  readonly passages: number;
  readonly seconds: number;
  /** Passages embedded in the first run; the others' vectors were in the cache. */
  readonly embedded: number;
  /** Seconds of a second run, which finds all vectors in the cache. */
  readonly againSeconds: number;
  readonly disk: KindBytes;
  readonly answers: Readonly<Record<Mode, Answers>>;
  /**
   * All parts of the index that were fetched until it was complete, and how long their download took on this machine.
   */
  readonly complete: { readonly sent: readonly Sent[]; readonly ms: number };
  /** Model, tokenizer and runtime, as a host that gzips sends them. */
  readonly modelBytes: number;
  readonly visits: readonly FirstVisit[];
}

interface IndexReport {
  readonly pages: number;
  readonly passages: number;
  readonly embedded: number;
}

/** What the command reported, and how long it took. */
export interface Indexed {
  readonly seconds: number;
  readonly report: IndexReport;
}

/**
 * Indexes a folder of pages.
 *
 * @param dist folder of the builds
 * @param flags beyond `--site` and `--json`
 */
export async function indexSite(dist: string, site: string, flags: readonly string[]): Promise<Indexed> {
  const start = performance.now();
  const args = [join(dist, 'node/cli.js'), 'index', '--site', site, ...flags, '--json'];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 28 });
  return { seconds: (performance.now() - start) / 1000, report: JSON.parse(stdout) as IndexReport };
}

const ENGINE_PAGE = `<!doctype html><html lang="en"><title>site</title><script type="module">globalThis.era = await import('/engine/era-search.js');</script>`;

/** Serves an indexed site together with the engine, the element and the small model. */
export async function serveSite(dist: string, site: string): Promise<CountingServer> {
  return startCountingServer(
    { '/bench.html': ENGINE_PAGE, '/bench-ui.html': ELEMENT_PAGE },
    { '/': site, '/engine/': join(dist, 'lib'), '/site/': join(dist, 'site'), '/models/': join(root, 'public/models') },
  );
}

interface SitePage extends EnginePage {
  collection: Collection;
  /** Address of the site's root. */
  site: string;
}

/** A page that has the site's index open. */
export async function openSite(browser: Browser, site: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${site}bench.html`);
  await page.waitForFunction(() => 'era' in globalThis);
  await page.evaluate(async (address) => {
    const here = globalThis as unknown as SitePage;
    here.site = address;
    const engine = new here.era.Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, store: 'memory' });
    here.collection = await engine.open(new URL('era-search/', address).href);
  }, site);
  return page;
}

interface Asked {
  readonly queries: readonly string[];
  readonly options: SearchOptions;
  /** What must have ranked; null where that is not checked. */
  readonly vector: 'none' | 'static' | 'local' | null;
}

const ASKED: Readonly<Record<Mode, Omit<Asked, 'queries'>>> = {
  keyword: { options: { mode: 'keyword', limit: 5, encoder: 'if-ready' }, vector: 'none' },
  first: { options: { mode: 'hybrid', limit: 5, encoder: 'if-ready' }, vector: 'static' },
  hybrid: { options: { mode: 'hybrid', limit: 5, encoder: 'if-ready' }, vector: 'local' },
  dense: { options: { mode: 'dense', path: 'local', stage: 'none', limit: 5, sections: 1 }, vector: null },
};

/** Answers of one mode, in a page of `openSite`. */
export async function ask(page: Page, queries: readonly string[], mode: Mode): Promise<Answers> {
  return page.evaluate(askInPage, { queries, ...ASKED[mode] });
}

/** Runs in the page, so it uses nothing from outside its body. */
async function askInPage({ queries, options, vector }: Asked): Promise<{ page: string; anchor: string }[][]> {
  const { collection, site } = globalThis as unknown as SitePage;
  const place = (url: string | null): { page: string; anchor: string } => {
    const { pathname, hash } = new URL(url ?? '', site);
    const page = decodeURIComponent(pathname.slice(new URL(site).pathname.length)).replace(/(^|\/)$/, '$1index.html');
    return { page, anchor: decodeURIComponent(hash.slice(1)) };
  };
  const answers = [];
  for (const query of queries) {
    const { pages, source } = await collection.search(query, options).best();
    if (vector !== null && (source.ranking !== options.mode || source.vector !== vector))
      throw new Error(`“${query}” was answered by ${source.ranking} (${source.vector}).`);
    answers.push(pages.map(({ sections }) => place(sections[0]!.url)));
  }
  return answers;
}

/** Runs in the page: the whole index, and how long its download took; then the model. */
async function completeInPage(): Promise<number> {
  const { collection } = globalThis as unknown as SitePage;
  const start = performance.now();
  await collection.download();
  const ms = performance.now() - start;
  await collection.warmUp();
  return ms;
}

export interface OurSide {
  /** Folder of the pages. */
  readonly site: string;
  readonly queries: readonly string[];
  readonly cache: string;
  /** Folder of the builds. */
  readonly dist: string;
}

export async function measureOurs(browser: Browser, { site, queries, cache, dist }: OurSide): Promise<OurFigures> {
  const flags = ['--force-language', 'en', '--cache', cache];
  const first = await indexSite(dist, site, flags);
  const again = await indexSite(dist, site, flags);
  const server = await serveSite(dist, site);
  try {
    const page = await openSite(browser, server.address);
    const keyword = await ask(page, queries, 'keyword');
    const withoutModel = await ask(page, queries, 'first');
    const completeMs = await page.evaluate(completeInPage);
    const hybrid = await ask(page, queries, 'hybrid');
    const dense = await ask(page, queries, 'dense');
    const sent = server.takeSent();
    const parts = sent.filter(({ path }) => path.startsWith('/era-search/'));
    const model = sent.filter(
      ({ path }) => ['model', 'model runtime'].includes(kindOfOurs(path)) || path.includes('encoder.worker'),
    );
    await page.close();
    const visits = [];
    for (const [i, query] of queries.entries()) {
      const second = queries[(i + 1) % queries.length]!;
      visits.push(await firstVisit(browser, server, `${server.address}bench-ui.html`, { query, second }));
    }
    const { pages, passages, embedded } = first.report;
    return {
      pages,
      passages,
      embedded,
      seconds: first.seconds,
      againSeconds: again.seconds,
      disk: await folderBytes(join(site, 'era-search'), kindOfOurs),
      answers: { keyword, first: withoutModel, dense, hybrid },
      complete: { sent: parts, ms: completeMs },
      modelBytes: model.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0),
      visits,
    };
  } finally {
    await server.close();
  }
}
