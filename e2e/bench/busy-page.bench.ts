// Benchmark: what a page's visitor feels while its workers are at work: how long a search takes while it learns from
// labels and while it makes another collection, beside the same searches at rest before and after, and the longest task
// of the page's main thread. It prints and never passes or fails. It needs the library, the site's files and an index of
// the corpus:
//   npm run era-search -- index public/corpora/MBPP/docs.jsonl --out .cache/collections/MBPP
//   npx vite build --mode library && npx vite build --mode site
//   node e2e/bench/run.mjs busy-page [--corpus MBPP] [--labels 200] [--passages 400] [--rounds 3]
//     [--collections .cache/collections]
// Searches are by words and meaning; the model has read their queries before, so that the search itself is measured.
// One follows the other after a pause, as a person types.

import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openEnginePage, type EnginePage } from '../support/engine-page.ts';
import { launchChromium } from '../support/launch.ts';
import { startTrace, stopTrace } from '../support/main-thread.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    corpus: { type: 'string', default: 'MBPP' },
    labels: { type: 'string', default: '200' },
    passages: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '3' },
    collections: { type: 'string', default: '.cache/collections' },
  },
});
const SEARCHES = 60;
const PAUSE_MS = 30;

type Work = 'rest' | 'learning' | 'making a collection';

interface InPage extends EnginePage {
  readonly engine: InstanceType<EnginePage['era']['Engine']>;
  readonly collection: Awaited<ReturnType<InstanceType<EnginePage['era']['Engine']>['open']>>;
  readonly queries: readonly { readonly query: string }[];
}

/** Runs in the page, like the next. */
async function prepare({ corpus, labels }: { corpus: string; labels: number }): Promise<void> {
  const { Engine, parseQueries } = (globalThis as unknown as EnginePage).era;
  const queries = parseQueries(await (await fetch(`./corpora/${corpus}/queries.jsonl`)).text()).slice(0, labels);
  const engine = new Engine({ store: 'memory', encoder: { modelBase: '/models/', device: 'wasm' } });
  const collection = await engine.open(`./indexes/${corpus}/`, { name: corpus });
  await collection.download();
  await collection.warmUp();
  await collection.evaluate(queries); // reads all queries
  Object.assign(globalThis, { engine, collection, queries });
}

/** Milliseconds of each search until the work is done, or of as many as asked for at rest. */
async function searchDuring(given: {
  work: Work;
  corpus: string;
  passages: number;
  searches: number;
  pauseMs: number;
}): Promise<number[]> {
  const { engine, collection, queries } = globalThis as unknown as InPage;
  let isDone = given.work === 'rest';
  let work: Promise<unknown> = Promise.resolve();
  if (given.work === 'learning') work = collection.adapt(queries as Parameters<typeof collection.adapt>[0]);
  if (given.work === 'making a collection') {
    const text = await (await fetch(`./corpora/${given.corpus}/docs.jsonl`)).text();
    const records = (await engine.readRecords(text)).slice(0, given.passages);
    work = engine.build(records, { name: 'another' }).then((made) => made.close());
  }
  work = work.finally(() => (isDone = true));
  work.catch(() => undefined);
  const times: number[] = [];
  for (let i = 0; i < given.searches || !isDone; i++) {
    const start = performance.now();
    await collection.search(queries[i % queries.length]!.query).best();
    if (given.work === 'rest' || !isDone) times.push(performance.now() - start);
    if (isDone && given.work !== 'rest') break;
    await new Promise((resume) => setTimeout(resume, given.pauseMs));
  }
  await work;
  await collection.revert('none');
  return times;
}

const quantile = (all: readonly number[], q: number): number =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * q))]!;

const browser = await launchChromium();
const page = await browser.newPage();
await openEnginePage(page, 'http://localhost:1/busy.html', {
  '/site/': 'dist/site',
  '/models/': 'public/models',
  '/corpora/': 'public/corpora',
  '/indexes/': resolve(values.collections),
});
await page.evaluate(prepare, { corpus: values.corpus, labels: Number(values.labels) });
const during = (work: Work): Promise<number[]> =>
  page.evaluate(searchDuring, {
    work,
    corpus: values.corpus,
    passages: Number(values.passages),
    searches: SEARCHES,
    pauseMs: PAUSE_MS,
  });
await during('rest'); // warms up
const [cpu] = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Chromium ${browser.version()}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}; ${values.corpus}, ${values.labels} labels, ${values.passages} passages made into a collection`,
);
console.log(
  '| work | searches | p50, ms | at rest | ratio, by round | p95, ms | at rest | longest task of the page, ms |',
);
console.log('|---|--:|--:|--:|--:|--:|--:|--:|');
for (const work of ['learning', 'making a collection'] as const) {
  const busy: number[][] = [];
  const rest: number[][] = [];
  const tasks: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const before = await during('rest');
    await startTrace(browser, page);
    busy.push(await during(work));
    tasks.push((await stopTrace(browser, page)).tasksMs[0] ?? 0);
    rest.push([...before, ...(await during('rest'))]);
  }
  const ratios = busy.map((times, i) => quantile(times, 0.5) / quantile(rest[i]!, 0.5));
  const [all, atRest] = [busy.flat(), rest.flat()];
  const cells = [
    all.length,
    quantile(all, 0.5).toFixed(1),
    quantile(atRest, 0.5).toFixed(1),
    ratios.map((ratio) => ratio.toFixed(2)).join(', '),
    quantile(all, 0.95).toFixed(1),
    quantile(atRest, 0.95).toFixed(1),
    Math.max(...tasks).toFixed(1),
  ];
  console.log(`| ${work} | ${cells.join(' | ')} |`);
}
await browser.close();
