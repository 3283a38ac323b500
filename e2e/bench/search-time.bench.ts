// Benchmark: how long a search takes in two builds side by side in one page. Both builds answer each query in turn on
// the same index, so that load on the machine affects both. It prints medians and their ratio and never passes or
// fails.
//   node e2e/bench/run.mjs search-time --before DIST --after DIST --site DIR [--site DIR ...] --queries FILE [--queries
//   FILE ...] [--rounds 15]
// DIST is a `dist` folder with the library, DIR a site with its `era-search` folder, FILE a file like
// e2e/bench/sites/*.queries.json, one for each site. The small model makes the query vectors before anything is
// measured.

import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startCountingServer } from './sites/counting-server.ts';
import { launchChromium } from '../support/launch.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    before: { type: 'string' },
    after: { type: 'string' },
    site: { type: 'string', multiple: true, default: [] },
    queries: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '15' },
  },
});

const PAGE = `<!doctype html><html lang="en"><title>bench</title><script type="module">globalThis.builds = { before: await import('/before/era-search.js'), after: await import('/after/era-search.js') };</script>`;

const MODES = ['keyword', 'hybrid'] as const;
type Mode = (typeof MODES)[number];

interface Answer {
  readonly timings: { readonly totalMs: number };
  readonly pages: readonly { readonly page: number }[];
}
interface OpenedCollection {
  download: () => Promise<unknown>;
  warmUp: () => Promise<void>;
  search: (text: string, options: object) => { best: () => Promise<Answer> };
}
interface Asked {
  readonly search: (text: string, mode: Mode) => Promise<Answer>;
  readonly close: () => void;
}
/** The engine of a build older than collections, which had one site. */
interface SiteEngine {
  openSite: (options: object) => Promise<unknown>;
  completeSite: () => Promise<unknown>;
  warmUp: () => Promise<void>;
  searchSite: (text: string, options: object) => Promise<Answer>;
}
interface Build {
  readonly Engine: new (
    options: object,
  ) => { open: (url: string, options: object) => Promise<OpenedCollection>; close: () => void } & Partial<SiteEngine>;
}

/** Milliseconds of every search, in the order of queries and rounds, and how many first pages are the same. */
type Times = Record<Mode, { before: number[]; after: number[]; same: number; queries: number }>;

/** Runs in the page, so it uses nothing from outside its body. */
async function timeInPage({ queries, rounds }: { queries: readonly string[]; rounds: number }): Promise<Times> {
  const open = async (build: 'before' | 'after'): Promise<Asked> => {
    const { Engine } = (globalThis as unknown as { builds: Record<'before' | 'after', Build> }).builds[build];
    const engine = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, store: 'memory' });
    const url = new URL('/era-search/', location.href).href;
    if ('openSite' in engine) {
      const site = engine as unknown as SiteEngine;
      await site.openSite({ url, name: build });
      await site.completeSite();
      await site.warmUp();
      return {
        search: (text: string, mode: Mode) =>
          site.searchSite(text, { semantic: mode === 'keyword' ? 'off' : 'auto', limit: 10 }),
        close: () => engine.close(),
      };
    }
    const collection = await engine.open(url, { name: build });
    await collection.download();
    await collection.warmUp();
    return {
      search: (text: string, mode: Mode) => collection.search(text, { mode, limit: 10 }).best(),
      close: () => engine.close(),
    };
  };
  const engines = { before: await open('before'), after: await open('after') };
  const times = {} as Times;
  for (const mode of ['keyword', 'hybrid'] as const) {
    const of = { before: [] as number[], after: [] as number[], same: 0, queries: queries.length };
    for (let round = -1; round < rounds; round++) {
      for (const query of queries) {
        const order = round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const);
        const first: number[] = [];
        for (const build of order) {
          const { timings, pages } = await engines[build].search(query, mode);
          // the round before the first one embeds the queries and fetches what is missing
          if (round >= 0) of[build].push(timings.totalMs);
          first.push(pages[0]?.page ?? -1);
        }
        if (round === -1 && first[0] === first[1]) of.same++;
      }
    }
    times[mode] = of;
  }
  for (const engine of Object.values(engines)) engine.close();
  return times;
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

if (!values.before || !values.after || values.site.length === 0 || values.site.length !== values.queries.length)
  throw new Error('Give --before DIST --after DIST and as many --site DIR as --queries FILE.');
const browser = await launchChromium();
console.log('| site | mode | before, ms | after, ms | after / before | same first page |\n|---|---|--:|--:|--:|--:|');
for (const [i, site] of values.site.entries()) {
  const queries = (
    JSON.parse(await readFile(values.queries[i]!, 'utf8')) as { queries: readonly { query: string }[] }
  ).queries.map(({ query }) => query);
  const mounts = {
    '/': resolve(site),
    '/before/': join(resolve(values.before), 'lib'),
    '/after/': join(resolve(values.after), 'lib'),
    '/site/': join(resolve(values.after), 'site'), // the runtime of the model
    '/models/': join(root, 'public/models'),
  };
  const server = await startCountingServer({ '/bench.html': PAGE }, mounts);
  const page = await browser.newPage();
  await page.goto(`${server.address}bench.html`);
  await page.waitForFunction(() => 'builds' in globalThis);
  const times = await page.evaluate(timeInPage, { queries, rounds: Number(values.rounds) });
  for (const mode of MODES) {
    const { before, after, same, queries: count } = times[mode];
    const ratio = median(after.map((ms, n) => ms / before[n]!));
    console.log(
      `| ${basename(resolve(site, '..'))} | ${mode} | ${median(before).toFixed(2)} | ${median(after).toFixed(2)} | ${ratio.toFixed(2)} | ${String(same)} of ${String(count)} |`,
    );
  }
  await page.close();
  await server.close();
}
await browser.close();
