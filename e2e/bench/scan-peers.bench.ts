// Benchmark: exact and approximate search of vectors in a page, this project's beside other libraries' in one run of
// one Chromium. It prints and never passes or fails.
//   npm run bench -- [--rows 10000,100000] [--queries 200] [--limit 120] [--only ours-wasm,orama] [--work DIR]
//     [--collections .cache/collections] [--json FILE] [--svg FILE] [--seed 1] [--gpu]
// Every engine has a page, and so a process, of its own and builds from the same float32 numbers; building includes
// loading its WebAssembly, what it makes of the numbers, and for this project quantising them. Then the engines answer
// the same queries in turns of ten, so that load on the machine affects all of them. Bytes held are those of heap,
// typed arrays and WebAssembly after building, without the numbers that were given. Recall is against all float32
// numbers. The libraries are no dependencies: npm installs them into the work folder, where they stay for the next run;
// what cannot be installed, bundled, built within the limit of seconds or asked is a row with the reason. --gpu starts
// Chromium with the GPU of the machine in place of one in software.

import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { Random } from '../../src/math/random.ts';
import { launchChromium } from '../support/launch.ts';
import { bundle } from './peers/bundle.ts';
import { chart } from './peers/chart.ts';
import { EnginePage, shortMessage } from './peers/engine-page.ts';
import { BASE_KEY, listEngines, type EngineEntry } from './peers/engines.ts';
import { startPageServer, type PageServer } from './peers/page-server.ts';
import { quantile, table, type Result } from './peers/tables.ts';
import { leastScores, queriesOf, readSource, recallOf, tiled, type Numbers, type Source } from './peers/vectors.ts';
import { factsLine, runFacts } from './run-facts.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    rows: { type: 'string', default: '10000,100000' },
    queries: { type: 'string', default: '200' },
    limit: { type: 'string', default: '120' },
    only: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'era-search-peers') },
    collections: { type: 'string', default: '.cache/collections' },
    json: { type: 'string' },
    svg: { type: 'string' },
    seed: { type: 'string', default: '1' },
    gpu: { type: 'boolean', default: false },
  },
});
const DIMS = 384;
const K = 10;
const TURN = 10;
const WARM_UPS = 3;
const limitMs = Number(values.limit) * 1000;
const asked = Number(values.queries);

/** An engine that was built, and what it has answered. */
interface Asked {
  readonly entry: EngineEntry;
  readonly page: EnginePage;
  readonly buildMs: number;
  readonly bytes: number;
  readonly ms: number[];
  readonly rows: (readonly number[])[];
  error?: string;
}

interface Data {
  readonly vectors: Numbers;
  readonly queries: Numbers;
  readonly chunks: number;
}

async function bundleAll(entries: readonly EngineEntry[], work: string, failed: Map<string, string>) {
  const folders = new Map<string, string>();
  for (const entry of entries) {
    console.error(`${entry.key}: install and bundle`);
    try {
      folders.set(entry.key, await bundle(work, entry));
    } catch (error) {
      failed.set(entry.key, shortMessage(error));
    }
  }
  return folders;
}

/** @returns null where it failed, and why in `failed` */
async function buildOne(
  browser: Browser,
  server: PageServer,
  entry: EngineEntry,
  { vectors, chunks }: Data,
  failed: Map<string, string>,
): Promise<Asked | null> {
  let page: EnginePage | undefined;
  try {
    page = await EnginePage.open(browser, `${server.origin}/${entry.key}/`);
    const { ms, bytes } = await page.build(
      { rows: vectors.length / DIMS, dims: DIMS, chunks, queries: asked },
      limitMs,
    );
    console.error(`${entry.key}: built in ${(ms / 1000).toFixed(1)} s`);
    return { entry, page, buildMs: ms, bytes, ms: [], rows: [] };
  } catch (error) {
    failed.set(entry.key, shortMessage(error));
    await page?.close();
    return null;
  }
}

/** Every engine in turn, another one first in each round. One that has taken its limit of time is not asked again. */
async function askAll(engines: readonly Asked[]): Promise<void> {
  for (let from = -TURN, round = 0; from < asked; from += TURN, round++) {
    for (let n = 0; n < engines.length; n++) {
      const engine = engines[(n + round) % engines.length]!;
      const left = limitMs - engine.ms.reduce((sum, ms) => sum + ms, 0);
      if (engine.error !== undefined || left <= 0) continue;
      try {
        if (from < 0) {
          await engine.page.ask(0, Math.min(WARM_UPS, asked), K, left);
          continue;
        }
        const { ms, rows } = await engine.page.ask(from, Math.min(asked, from + TURN), K, left);
        engine.ms.push(...ms);
        engine.rows.push(...rows);
      } catch (error) {
        engine.error = shortMessage(error);
        await engine.page.close(); // it may still be busy, which would slow down the others
      }
    }
  }
}

function resultOf(engine: Asked, base: number | undefined, data: Data, least: readonly number[]): Result {
  const { entry, buildMs, bytes, ms, rows, error } = engine;
  const built = { key: entry.key, name: entry.name, buildMs, bytes, ...(error === undefined ? {} : { error }) };
  if (ms.length === 0) return built;
  const ranks = rows.some((found) => found.length > 0);
  const p50Ms = quantile(ms, 0.5);
  return {
    ...built,
    p50Ms,
    p99Ms: quantile(ms, 0.99),
    recall: ranks ? recallOf(rows, { ...data, least, dims: DIMS, k: K }) : null,
    queries: ms.length,
    ...(base === undefined ? {} : { ratio: p50Ms / base }),
  };
}

async function measure(
  browser: Browser,
  server: PageServer,
  entries: readonly EngineEntry[],
  notBundled: ReadonlyMap<string, string>,
  source: Source,
  rows: number,
): Promise<Result[]> {
  const random = new Random(Number(values.seed) + rows);
  const vectors = tiled(source, DIMS, rows, random);
  const queries = queriesOf(vectors, DIMS, asked, random);
  const data = { vectors, queries, chunks: server.setNumbers(vectors, queries) };
  const least = leastScores(vectors, queries, DIMS, K);
  const failed = new Map(notBundled);
  const engines: Asked[] = [];
  for (const entry of entries) {
    if (failed.has(entry.key)) continue;
    const engine = await buildOne(browser, server, entry, data, failed);
    if (engine) engines.push(engine);
  }
  await askAll(engines);
  const base = engines.find(({ entry }) => entry.key === BASE_KEY);
  const baseMs = base && base.ms.length > 0 ? quantile(base.ms, 0.5) : undefined;
  const results = entries.map((entry): Result => {
    const engine = engines.find((each) => each.entry === entry);
    if (engine) return resultOf(engine, baseMs, data, least);
    return { key: entry.key, name: entry.name, error: failed.get(entry.key) ?? 'It was not run.' };
  });
  for (const { page, error } of engines) if (error === undefined) await page.close();
  return results;
}

const wanted = values.only?.split(',');
const entries = (await listEngines()).filter(({ key }) => wanted?.includes(key) ?? true);
const work = resolve(values.work);
await mkdir(work, { recursive: true });
const notBundled = new Map<string, string>();
const folders = await bundleAll(entries, work, notBundled);
const source = await readSource(values.collections, DIMS, new Random(Number(values.seed)));
const server = await startPageServer((key) => folders.get(key));
const browser = await launchChromium(
  ...(values.gpu ? ['--use-webgpu-adapter=default', '--enable-features=Vulkan'] : []),
);
const head = {
  ...runFacts(browser.version()),
  vectors: source.told,
  dims: DIMS,
  k: K,
  queries: asked,
  seed: Number(values.seed),
};
console.log(`${factsLine(head)}, seed ${head.seed}`);
console.log(`${head.vectors}; ${asked} queries, ${DIMS} dimensions, k = ${K}; ratios are to ${BASE_KEY}`);
const tables: { readonly rows: number; readonly results: readonly Result[] }[] = [];
try {
  for (const rows of values.rows.split(',').map(Number)) {
    const results = await measure(browser, server, entries, notBundled, source, rows);
    tables.push({ rows, results });
    console.log(`\n${rows} rows:\n\n${table(results, asked, K)}`);
  }
} finally {
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...head, tables }, null, 2)}\n`);
  if (values.svg !== undefined && tables.length > 1) await writeFile(values.svg, chart(tables, 'ours-'));
  await browser.close();
  await server.close();
}
