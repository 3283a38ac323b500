// Benchmark: how long a page waits for the first answer of a collection that is stored in the browser, beside reading the
// same bytes from IndexedDB and dropping them, in turns in one run; and how much memory loading takes. It prints and
// never passes or fails. It needs the library and indexed collections:
//   npx vite build --mode library
//   node e2e/bench/run.mjs load-index [--dist dist/lib] [--dist OLDER] [--passages 1000,10000,50000] [--rounds 9]
//     [--collections .cache/collections] [--seed 1]
// Every measurement has a worker of its own, which has started and waits before the clock begins. The passages are those
// of the collections; where there are fewer than asked, copies follow in which a fifth of the words and some of the
// numbers are others. Memory is the resident set of the page's process at its peak, less that of the moment at which the
// worker waits, on Linux alone; each figure has a browser of its own. Raw is the same for a search by keywords, which
// reads no vectors.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { Random } from '../../src/math/random.ts';
import type { SearchMode } from '../../src/search/query.ts';
import type { Loaded, LoadPage, Question } from './load-index/page.ts';
import { bundleOf, readCorpus, type StoredCorpus } from './load-index/stored-corpus.ts';
import { launchMarked, watchRenderers } from './renderer-memory.ts';
import { startCountingServer } from './sites/counting-server.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    dist: { type: 'string', multiple: true, default: ['dist/lib'] },
    passages: { type: 'string', default: '1000,10000,50000' },
    rounds: { type: 'string', default: '9' },
    collections: { type: 'string', default: '.cache/collections' },
    seed: { type: 'string', default: '1' },
  },
});
const MODES = ['keyword', 'dense', 'hybrid'] as const satisfies readonly SearchMode[];
const QUESTIONS = 5;
const WORDS = 5;
const MB = 1e6;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface InPage {
  readonly page: LoadPage;
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[all.length >> 1]!;
}

/** The module of the page, and the worker that only reads. */
async function bundlePage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    build: {
      outDir,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: { page: here('./load-index/page.ts'), raw: here('./load-index/raw.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
  });
}

/** Words and vectors of passages, the vectors changed a little. */
function questionsOf({ texts, vectors, space: { dims } }: StoredCorpus, random: Random): Question[] {
  return Array.from({ length: QUESTIONS }, () => {
    const row = random.below(texts.length);
    const words = texts[row]!.match(/\p{L}{4,}/gu) ?? ['passage'];
    const vector = Array.from(vectors.subarray(row * dims, (row + 1) * dims), (x) => x + (random.float() - 0.5) / 10);
    return { text: words.slice(0, WORDS).join(' '), vector };
  });
}

const work = await mkdtemp(join(tmpdir(), 'era-search-load-'));

await bundlePage(join(work, 'page'));
const corpus = await readCorpus(resolve(values.collections));
const random = new Random(Number(values.seed));
const questions = questionsOf(corpus, random);
const dists = values.dist.map((dist) => resolve(dist));
const scripts = await Promise.all(
  dists.map(async (dist, n) => {
    const file = (await readdir(join(dist, 'assets'))).find((name) => /^search\.worker-.*\.js$/.test(name));
    return `/dist-${String(n)}/assets/${file!}`;
  }),
);

async function measure(passages: number): Promise<void> {
  const folder = join(work, 'index');
  await rm(folder, { recursive: true, force: true });
  const { files } = await bundleOf(corpus, passages, random);
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const server = await startCountingServer(
    { '/': '<!doctype html><title>bench</title><script type="module" src="/page/page.js"></script>' },
    {
      '/page/': join(work, 'page'),
      '/index/': folder,
      ...Object.fromEntries(dists.map((dist, n) => [`/dist-${String(n)}/`, dist])),
    },
  );
  const name = (n: number): string => `${String(passages)}-${String(n)}`;
  const opened = async (page: Page): Promise<void> => {
    await page.goto(server.address);
    await page.waitForFunction(() => 'page' in globalThis);
  };
  const keep = async (page: Page, n: number): Promise<void> =>
    page.evaluate(async ({ script, url, as }) => (globalThis as unknown as InPage).page.keep(script, url, as), {
      script: scripts[n]!,
      url: `${server.address}index/`,
      as: name(n),
    });
  const readRaw = (page: Page, n: number, withVectors: boolean): ReturnType<LoadPage['readRaw']> =>
    page.evaluate(([as, vectors]) => (globalThis as unknown as InPage).page.readRaw(as, vectors), [
      name(n),
      withVectors,
    ] as const);
  const load = (page: Page, n: number, mode: SearchMode, question: Question, mark: boolean): Promise<Loaded> =>
    page.evaluate(
      async (given) =>
        (globalThis as unknown as InPage).page.load(
          given.script,
          given.as,
          given.mode,
          given.question,
          given.mark ? (globalThis as unknown as { waiting: () => Promise<void> }).waiting : undefined,
        ),
      { script: scripts[n]!, as: name(n), mode, question, mark },
    );

  const browser = await launchMarked();
  const page = await browser.newPage();
  await opened(page);
  for (const n of dists.keys()) await keep(page, n);
  const raw = dists.map(() => ({ keyword: [] as number[], whole: [] as number[] }));
  const bytes = { keyword: 0, whole: 0 };
  const times = dists.map(() => ({ keyword: [] as Loaded[], dense: [] as Loaded[], hybrid: [] as Loaded[] }));
  for (let round = -1; round < Number(values.rounds); round++) {
    const question = questions[(round + QUESTIONS) % QUESTIONS]!;
    const turns = [
      ...dists.map((_, n) => async () => {
        const texts = await readRaw(page, n, false);
        const all = await readRaw(page, n, true);
        bytes.keyword = texts.bytes;
        bytes.whole = all.bytes;
        if (round >= 0) raw[n]!.keyword.push(texts.ms);
        if (round >= 0) raw[n]!.whole.push(all.ms);
      }),
      ...dists.map((_, n) => async () => {
        for (const mode of MODES) {
          const loaded = await load(page, n, mode, question, false);
          if (round >= 0) times[n]![mode].push(loaded);
        }
      }),
    ];
    for (let i = 0; i < turns.length; i++) await turns[(i + round + 1) % turns.length]!();
  }
  await browser.close();

  console.log(
    `\n${String(passages)} passages; texts ${(bytes.keyword / MB).toFixed(1)} MB, with vectors ${(bytes.whole / MB).toFixed(1)} MB`,
  );
  console.log(
    '| build | query | raw, ms | open, ms | first answer, ms | / raw | slower than raw by, ms |\n|---|---|--:|--:|--:|--:|--:|',
  );
  for (const [n, dist] of values.dist.entries())
    for (const mode of MODES) {
      const base = mode === 'keyword' ? raw[n]!.keyword : raw[n]!.whole;
      const all = times[n]![mode];
      const cells = [median(base), median(all.map(({ openMs }) => openMs)), median(all.map(({ ms }) => ms))].map((ms) =>
        ms.toFixed(1),
      );
      const ratio = median(all.map(({ ms }, i) => ms / base[i]!));
      const more = median(all.map(({ ms }, i) => ms - base[i]!));
      console.log(`| ${dist} | ${mode} | ${cells.join(' | ')} | ${ratio.toFixed(2)} | ${more.toFixed(1)} |`);
    }

  console.log('| build | query | index, MB | peak, MB | / index |\n|---|---|--:|--:|--:|');
  for (const [n, dist] of values.dist.entries())
    for (const mode of MODES) {
      const peaks: number[] = [];
      for (let repeat = 0; repeat < 3; repeat++) {
        const fresh = await launchMarked();
        const context = await fresh.newContext();
        const writer = await context.newPage();
        await opened(writer);
        await keep(writer, n);
        await writer.close();
        const reader = await context.newPage();
        await opened(reader);
        let peak: (() => Promise<number>) | undefined;
        await reader.exposeFunction('waiting', async () => {
          peak = await watchRenderers();
        });
        await load(reader, n, mode, questions[0]!, true);
        peaks.push(await peak!());
        await fresh.close();
      }
      const size = mode === 'keyword' ? bytes.keyword : bytes.whole;
      console.log(
        `| ${dist} | ${mode} | ${(size / MB).toFixed(1)} | ${(median(peaks) / MB).toFixed(1)} | ${(median(peaks) / size).toFixed(2)} |`,
      );
    }
  await server.close();
}

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'} × ${String(cpus().length)}; ${String(corpus.texts.length)} passages are real, seed ${values.seed}`,
);
for (const passages of values.passages.split(',').map(Number)) await measure(passages);
await rm(work, { recursive: true, force: true });
