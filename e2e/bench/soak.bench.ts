// A soak: hours of searching, opening, closing, training, lost GPUs and lost networks in one page of one browser. It
// prints how heap, listeners, locks and stored bytes grow, and ends with an error where an answer is not the one of the
// beginning, or where what must not grow does: locks, and the bytes in IndexedDB.
//   npx vite build --mode node && npx vite build --mode library && npx vite build --mode site
//   node e2e/bench/run.mjs soak [--rounds 200] [--minutes 0] [--seed 1]
// A round has 50 queries, one opening and closing, and half a training; every tenth a lost GPU and a lost network. 200
// rounds (10,000 queries, 200 openings, 100 trainings, 20 of each loss) take about four minutes on two quiet cores; it
// goes on until it has had the rounds and the minutes.

import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from '@playwright/test';
import { Random } from '../../src/math/random.ts';
import { indexedFixtureSite } from '../support/indexed-site.ts';
import { download, open, search, startEngine, type SitePage } from '../support/site-calls.ts';
import { startSiteServer } from '../support/site-server.ts';
import { launchChromium } from '../support/launch.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    rounds: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const ROUNDS = Number(values.rounds);
const MS = Number(values.minutes) * 60_000;
const QUERIES = [
  'if the passphrase is lost',
  'crontab',
  'my laptop was stolen',
  'restore a single file',
  'where are backups kept',
  'exclude a folder',
  'error code 12',
  'snapshot',
];
const QUERIES_A_ROUND = 50;
const EVERY = { training: 2, loss: 10 };
/** Rounds before the growth is measured: caches fill first. */
const WARM_UP = Math.min(10, Math.floor(ROUNDS / 4));

interface Measured {
  readonly round: number;
  readonly heapBytes: number;
  /** Of all workers of the page. */
  readonly workerBytes: number;
  readonly listeners: number;
  readonly locks: number;
  readonly storedBytes: number;
}

/** Calls in the workers of a page, each by the protocol of its own target. */
class Workers {
  readonly #devtools: CDPSession;
  readonly #sessions = new Set<string>();
  readonly #answers = new Map<number, (result: { usedSize?: number }) => void>();
  #id = 0;

  private constructor(devtools: CDPSession) {
    this.#devtools = devtools;
    devtools.on('Target.attachedToTarget', ({ sessionId }) => this.#sessions.add(sessionId));
    devtools.on('Target.detachedFromTarget', ({ sessionId }) => this.#sessions.delete(sessionId));
    devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result = {} } = JSON.parse(message) as { id?: number; result?: { usedSize?: number } };
      if (id !== undefined) this.#answers.get(id)?.(result);
    });
  }

  static async of(devtools: CDPSession): Promise<Workers> {
    const workers = new Workers(devtools);
    await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return workers;
  }

  /** After a collection of garbage. */
  async heapBytes(): Promise<number> {
    const used = await Promise.all(
      [...this.#sessions].map(async (sessionId) => {
        await this.#call(sessionId, 'HeapProfiler.collectGarbage');
        return (await this.#call(sessionId, 'Runtime.getHeapUsage')).usedSize ?? 0;
      }),
    );
    return used.reduce((sum, bytes) => sum + bytes, 0);
  }

  async #call(sessionId: string, method: string): Promise<{ usedSize?: number }> {
    const id = ++this.#id;
    const answer = new Promise<{ usedSize?: number }>((resolve) => this.#answers.set(id, resolve));
    await this.#devtools.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    return answer.finally(() => this.#answers.delete(id));
  }
}

async function measure(page: Page, devtools: CDPSession, workers: Workers, round: number): Promise<Measured> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const workerBytes = await workers.heapBytes();
  const { metrics } = await devtools.send('Performance.getMetrics');
  const { locks, storedBytes } = await page.evaluate(async () => ({
    locks: (await navigator.locks.query()).held?.length ?? 0,
    storedBytes:
      ((await navigator.storage.estimate()) as { usageDetails?: { indexedDB?: number } }).usageDetails?.indexedDB ?? 0,
  }));
  const listeners = metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? 0;
  return { round, heapBytes: usedSize, workerBytes, listeners, locks, storedBytes };
}

/** Growth of `y` for each step of `x`, by least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

// Chromium ends itself after six GPU crashes of an hour.
const browser = await launchChromium('--disable-gpu-process-crash-limit');
const folder = await indexedFixtureSite();
const server = await startSiteServer(folder);
const broken: string[] = [];
try {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  const workers = await Workers.of(devtools);
  const ofBrowser = await browser.newBrowserCDPSession();
  const random = new Random(Number(values.seed));
  await startEngine(page, server.url, { scan: 'webgpu', trainerDevice: 'wasm', encoder: false });
  await open(page);
  await download(page);

  const titles = async (query: string, mode: 'keyword' | 'dense'): Promise<string> => {
    const { pages } = await search(page, query, { mode, path: 'static' });
    return JSON.stringify(pages.map(({ url, sections }) => [url, sections.map(({ id }) => id)]));
  };
  const expected = new Map<string, string>();
  for (const query of QUERIES)
    for (const mode of ['keyword', 'dense'] as const) expected.set(`${mode} ${query}`, await titles(query, mode));

  let asked = 0;
  let wrong = 0;
  const counts = { openings: 0, trainings: 0, gpuLosses: 0, networkLosses: 0 };
  const measured: Measured[] = [];
  const startMs = performance.now();
  const isOver = (round: number): boolean => round >= ROUNDS && performance.now() - startMs >= MS;
  for (let round = 0; !isOver(round); round++) {
    const isLossy = round % EVERY.loss === EVERY.loss - 1;
    if (isLossy) {
      counts.networkLosses += 1;
      counts.gpuLosses += 1;
      await context.setOffline(true);
      await ofBrowser.send('Browser.crashGpuProcess').catch(() => undefined);
    }
    for (let i = 0; i < QUERIES_A_ROUND; i++) {
      const query = QUERIES[Math.floor(random.float() * QUERIES.length)]!;
      const mode = random.float() < 0.5 ? 'keyword' : 'dense';
      if ((await titles(query, mode)) !== expected.get(`${mode} ${query}`)) wrong += 1;
      asked += 1;
    }
    if (isLossy) await context.setOffline(false);
    await page.evaluate(async () => {
      const { engine } = globalThis as unknown as SitePage;
      const other = await engine.open('./era-search/', { name: 'another' });
      await other.search('snapshot', { mode: 'keyword' }).best();
      other.close();
    });
    counts.openings += 1;
    if (round % EVERY.training === 0) {
      await page.evaluate(async (queries) => {
        const { collection } = globalThis as unknown as SitePage;
        const labels = await Promise.all(
          queries.map(async (query, i) => {
            const { pages } = await collection.search(query, { mode: 'dense', path: 'static' }).best();
            return { qid: `q${i}`, query, instruction: '', labels: [{ id: pages[0]!.sections[0]!.id, score: 1 }] };
          }),
        );
        await collection.adapt(labels, { paths: ['static'] });
        await collection.revert('none');
      }, QUERIES);
      counts.trainings += 1;
    }
    measured.push(await measure(page, devtools, workers, round));
    if (round % 10 === 9)
      console.log(`round ${round + 1}: ${asked} queries, ${wrong} wrong; ${JSON.stringify(measured.at(-1))}`);
  }

  const settled = measured.slice(WARM_UP);
  const growth = (of: (at: Measured) => number): number => slope(settled.map((at) => [at.round, of(at)]));
  const minutes = ((performance.now() - startMs) / 60_000).toFixed(0);
  console.log(
    `seed ${values.seed}, ${minutes} minutes: ${asked} queries, ${JSON.stringify(counts)}, ${wrong} wrong answers`,
  );
  for (const [name, of] of [
    ['page', (at: Measured) => at.heapBytes],
    ['workers', (at: Measured) => at.workerBytes],
  ] as const)
    console.log(`heap of the ${name}: ${(growth(of) / QUERIES_A_ROUND).toFixed(1)} bytes a query`);
  for (const [name, of] of [
    ['listeners', (at: Measured) => at.listeners],
    ['locks', (at: Measured) => at.locks],
    ['bytes in IndexedDB', (at: Measured) => at.storedBytes],
  ] as const)
    console.log(`${name}: ${of(settled[0]!)} → ${of(settled.at(-1)!)}, ${growth(of).toFixed(3)} a round`);
  if (wrong > 0) broken.push(`${wrong} answers were not those of the beginning`);
  if (settled.at(-1)!.locks > settled[0]!.locks) broken.push('locks are left behind');
} finally {
  await server.close();
  await browser.close();
  await rm(folder, { recursive: true });
}
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exitCode = 1;
}
