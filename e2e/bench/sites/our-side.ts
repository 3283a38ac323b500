// era-search on a site: the index command, and search in a real browser by keywords, by vectors and by both.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import type { EnginePage } from '../../support/engine-page.ts';
import { startCountingServer, type Sent } from './counting-server.ts';
import { folderBytes, kindOfOurs, type KindBytes } from './folder-bytes.ts';
import type { Answers } from './hits.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

export const MODES = ['keyword', 'dense', 'hybrid'] as const;
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
  readonly wire: readonly { readonly query: string; readonly sent: readonly Sent[]; readonly firstAnswerMs: number }[];
}

interface IndexReport {
  readonly pages: number;
  readonly passages: number;
  readonly embedded: number;
}

const ENGINE_PAGE = `<!doctype html><html lang="en"><title>site</title><script type="module">globalThis.era = await import('/engine/era-search.js');</script>`;
/**
 * `semantic="off"`: the first answer is the same, and no download for later answers starts while this one is counted.
 */
const UI_PAGE = `<!doctype html><html lang="en"><title>site</title><script type="module" src="/era-search/era-search.js"></script><era-search mode="inline" semantic="off"></era-search>`;

interface Asked {
  readonly queries: readonly string[];
  /** Address of the site's root. */
  readonly site: string;
}

/** Runs in the page, so it uses nothing from outside its body. */
async function searchInPage({ queries, site }: Asked): Promise<{
  answers: Record<'keyword' | 'dense' | 'hybrid', { page: string; anchor: string }[][]>;
  completeMs: number;
}> {
  const { Engine } = (globalThis as unknown as EnginePage).era;
  const engine = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, store: 'memory' });
  const place = (url: string | null): { page: string; anchor: string } => {
    const { pathname, hash } = new URL(url ?? '', site);
    const page = decodeURIComponent(pathname.slice(new URL(site).pathname.length)).replace(/(^|\/)$/, '$1index.html');
    return { page, anchor: decodeURIComponent(hash.slice(1)) };
  };
  const collection = await engine.open(new URL('era-search/', site).href);
  const ask = async (mode: 'keyword' | 'hybrid'): Promise<{ page: string; anchor: string }[][]> => {
    const answers = [];
    for (const query of queries) {
      const { pages, source } = await collection.search(query, { mode, limit: 5, encoder: 'if-ready' }).best();
      if (source.ranking !== mode) throw new Error(`“${query}” was answered by ${source.ranking} alone.`);
      answers.push(pages.map(({ sections }) => place(sections[0]!.url)));
    }
    return answers;
  };
  const keyword = await ask('keyword');
  const start = performance.now();
  await collection.download();
  const completeMs = performance.now() - start;
  await collection.warmUp();
  const hybrid = await ask('hybrid');
  const dense = [];
  for (const query of queries) {
    const { pages } = await collection
      .search(query, { mode: 'dense', path: 'local', stage: 'none', limit: 5, sections: 1 })
      .best();
    dense.push(pages.map(({ sections }) => place(sections[0]!.url)));
  }
  engine.close();
  return { answers: { keyword, dense, hybrid }, completeMs };
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
  const index = async (): Promise<{ seconds: number; report: IndexReport }> => {
    const start = performance.now();
    const args = [
      join(dist, 'node/cli.js'),
      'index',
      '--site',
      site,
      '--force-language',
      'en',
      '--cache',
      cache,
      '--json',
    ];
    const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 28 });
    return { seconds: (performance.now() - start) / 1000, report: JSON.parse(stdout) as IndexReport };
  };
  const first = await index();
  const again = await index();
  const server = await startCountingServer(
    { '/bench.html': ENGINE_PAGE, '/bench-ui.html': UI_PAGE },
    { '/': site, '/engine/': join(dist, 'lib'), '/site/': join(dist, 'site'), '/models/': join(root, 'public/models') },
  );
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}bench.html`);
    await page.waitForFunction(() => 'era' in globalThis);
    const { answers, completeMs } = await page.evaluate(searchInPage, { queries, site: server.address });
    const sent = server.takeSent();
    const parts = sent.filter(({ path }) => path.startsWith('/era-search/'));
    const model = sent.filter(
      ({ path }) => ['model', 'model runtime'].includes(kindOfOurs(path)) || path.includes('encoder.worker'),
    );
    await page.close();
    const wire = [];
    for (const query of queries) wire.push(await firstAnswer(browser, server.address, query, server.takeSent));
    const { pages, passages, embedded } = first.report;
    return {
      pages,
      passages,
      embedded,
      seconds: first.seconds,
      againSeconds: again.seconds,
      disk: await folderBytes(join(site, 'era-search'), kindOfOurs),
      answers,
      complete: { sent: parts, ms: completeMs },
      modelBytes: model.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0),
      wire,
    };
  } finally {
    await server.close();
  }
}

/** A first-time visitor types a query into the element. */
async function firstAnswer(
  browser: Browser,
  address: string,
  query: string,
  takeSent: () => Sent[],
): Promise<OurFigures['wire'][number]> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    takeSent();
    const start = performance.now();
    await page.goto(`${address}bench-ui.html`);
    await page.getByRole('combobox').fill(query);
    // Results, or the message that there are none.
    await page.locator('[part~="count"], [role="option"]').first().waitFor();
    const firstAnswerMs = performance.now() - start;
    return { query, sent: takeSent(), firstAnswerMs };
  } finally {
    await context.close();
  }
}
