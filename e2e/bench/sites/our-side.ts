// era-search on a site: the index command, and search in a real browser by keywords, as a first visit gets it, by
// vectors, and by both with the small model.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import type { EnginePage } from '../../support/engine-page.ts';
import { startCountingServer, type Sent } from './counting-server.ts';
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

const ENGINE_PAGE = `<!doctype html><html lang="en"><title>site</title><script type="module">globalThis.era = await import('/engine/era-search.js');</script>`;
interface Asked {
  readonly queries: readonly string[];
  /** Address of the site's root. */
  readonly site: string;
}

/** Runs in the page, so it uses nothing from outside its body. */
async function searchInPage({ queries, site }: Asked): Promise<{
  answers: Record<'keyword' | 'first' | 'dense' | 'hybrid', { page: string; anchor: string }[][]>;
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
  const ask = async (
    mode: 'keyword' | 'hybrid',
    vector: 'none' | 'static' | 'local',
  ): Promise<{ page: string; anchor: string }[][]> => {
    const answers = [];
    for (const query of queries) {
      const { pages, source } = await collection.search(query, { mode, limit: 5, encoder: 'if-ready' }).best();
      if (source.ranking !== mode || source.vector !== vector)
        throw new Error(`“${query}” was answered by ${source.ranking} (${source.vector}).`);
      answers.push(pages.map(({ sections }) => place(sections[0]!.url)));
    }
    return answers;
  };
  const keyword = await ask('keyword', 'none');
  const first = await ask('hybrid', 'static');
  const start = performance.now();
  await collection.download();
  const completeMs = performance.now() - start;
  await collection.warmUp();
  const hybrid = await ask('hybrid', 'local');
  const dense = [];
  for (const query of queries) {
    const { pages } = await collection
      .search(query, { mode: 'dense', path: 'local', stage: 'none', limit: 5, sections: 1 })
      .best();
    dense.push(pages.map(({ sections }) => place(sections[0]!.url)));
  }
  engine.close();
  return { answers: { keyword, first, dense, hybrid }, completeMs };
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
    { '/bench.html': ENGINE_PAGE, '/bench-ui.html': ELEMENT_PAGE },
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
      answers,
      complete: { sent: parts, ms: completeMs },
      modelBytes: model.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0),
      visits,
    };
  } finally {
    await server.close();
  }
}
