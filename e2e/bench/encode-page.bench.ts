// Benchmark: passages a second when a page makes a collection, beside a loop of transformers.js alone in a worker:
// sixteen texts at a time in the order in which they come; same texts, weights, device and run, in turns. It prints and
// never passes or fails. It needs the library and the site's files, which have the runtime:
//   npx vite build --mode library && npx vite build --mode site
//   node e2e/bench/run.mjs encode-page [--corpus HumanEval-X] [--passages 400] [--rounds 3]
// The models are warm; the second worker is started and loads the model within the time that is measured. With one
// worker the page is told that it has one core. Memory is the resident set of the page's process at its peak, less that
// of the page with its model, on Linux alone; each figure has a browser of its own.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type { Progress } from '../../src/progress.ts';
import type { EnginePage } from '../support/engine-page.ts';
import { startTrace, stopTrace } from '../support/main-thread.ts';
import { launchMarked, watchRenderers } from './renderer-memory.ts';
import { startCountingServer } from './sites/counting-server.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    corpus: { type: 'string', default: 'HumanEval-X' },
    passages: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '3' },
  },
});
const root = fileURLToPath(new URL('../../', import.meta.url));

const PAGE = `<!doctype html><html lang="en"><title>bench</title><script type="module">
globalThis.era = await import('/dist/lib/era-search.js');
globalThis.engine = new era.Engine({ store: 'memory', encoder: { modelBase: '/models/', device: 'wasm' } });
await engine.warmUp();
globalThis.isReady = true;
</script>`;

interface InPage extends EnginePage {
  readonly engine: InstanceType<EnginePage['era']['Engine']>;
  readonly plain: Worker;
}

/** Runs in the page, like the next. */
function openPlain(): Promise<void> {
  const plain = new Worker('/plain/plain.js', { type: 'module' });
  Object.assign(globalThis, { plain });
  return new Promise((resolve) => (plain.onmessage = () => resolve()));
}

/** Milliseconds. */
function runPlain(texts: readonly string[]): Promise<number> {
  const { plain } = globalThis as unknown as InPage;
  return new Promise((resolve) => {
    plain.onmessage = ({ data }: MessageEvent<{ readonly ms: number }>) => resolve(data.ms);
    plain.postMessage(texts);
  });
}

/** Milliseconds of the whole call, and until the last passage is embedded. */
async function runBuild({
  texts,
  cores,
}: {
  texts: readonly string[];
  cores: number | null;
}): Promise<[number, number]> {
  const { engine } = globalThis as unknown as InPage;
  if (cores !== null) Object.defineProperty(navigator, 'hardwareConcurrency', { value: cores, configurable: true });
  else delete (navigator as { hardwareConcurrency?: number }).hardwareConcurrency;
  const start = performance.now();
  let embedded = start;
  const onProgress = ({ phase }: Progress): void => {
    if (phase === 'embed') embedded = performance.now();
  };
  const records = texts.map((content, i) => ({ id: String(i), title: '', content }));
  const collection = await engine.build(records, { name: 'bench', onProgress });
  const end = performance.now();
  if (collection.info.passages !== texts.length) throw new Error('The passages are not the texts.');
  collection.close();
  return [end - start, embedded - start];
}

const texts = (await readFile(join(root, 'public/corpora', values.corpus, 'docs.jsonl'), 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .slice(0, Number(values.passages))
  .map((line) => (JSON.parse(line) as { readonly doc: string }).doc);
const work = await mkdtemp(join(tmpdir(), 'era-search-encode-'));
await build({
  configFile: false,
  logLevel: 'silent',
  publicDir: false,
  build: {
    outDir: work,
    target: 'esnext',
    modulePreload: false,
    rolldownOptions: {
      input: { plain: fileURLToPath(new URL('./encode-page/plain.ts', import.meta.url)) },
      output: { entryFileNames: '[name].js' },
    },
  },
});
const server = await startCountingServer(
  { '/': PAGE },
  {
    '/plain/': work,
    '/dist/': join(root, 'dist'),
    '/models/': join(root, 'public/models'),
    '/ort/': join(root, 'node_modules/onnxruntime-web/dist'),
  },
);
const open = async (): Promise<Page> => {
  const page = await (await launchMarked()).newPage();
  await page.goto(server.address);
  await page.waitForFunction(() => 'isReady' in globalThis);
  return page;
};
const page = await open();
const browser = page.context().browser()!;
await page.evaluate(openPlain);

const rows: readonly { readonly name: string; readonly ms: number[] }[] = [
  'transformers.js alone, sixteen at a time',
  'era-search, one worker, embedding',
  'era-search, one worker, the whole call',
  'era-search, embedding',
  'era-search, the whole call',
].map((name) => ({ name, ms: [] }));
const turns = [
  async () => [await page.evaluate(runPlain, texts)],
  async () => (await page.evaluate(runBuild, { texts, cores: 1 })).toReversed(),
  async () => (await page.evaluate(runBuild, { texts, cores: null })).toReversed(),
];
for (let round = 0; round < Number(values.rounds); round++)
  for (let i = 0; i < turns.length; i++) {
    const turn = (i + round) % turns.length;
    for (const [n, ms] of (await turns[turn]!()).entries()) rows[Math.max(0, 2 * turn - 1) + n]!.ms.push(ms);
  }
await startTrace(browser, page);
await page.evaluate(runBuild, { texts, cores: null });
const { tasksMs, knownWorkMs } = await stopTrace(browser, page);
await browser.close();
const peaks: number[] = [];
for (const cores of [1, null]) {
  const fresh = await open();
  const peak = await watchRenderers();
  await fresh.evaluate(runBuild, { texts, cores });
  peaks.push(await peak());
  await fresh.context().browser()!.close();
}
await server.close();
await rm(work, { recursive: true, force: true });

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1]!;
const letters = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
console.log(
  `${new Date().toISOString().slice(0, 10)}, Chromium ${browser.version()}, ${cpus()[0]?.model ?? 'unknown processor'} × ${String(cpus().length)}; ${values.corpus}, ${String(texts.length)} passages of ${letters.toFixed(0)} characters`,
);
console.log('| | passages a second | ratio, by turn |\n|---|--:|--:|');
for (const { name, ms } of rows) {
  const ratios = ms.map((one, i) => rows[0]!.ms[i]! / one);
  const each = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
  console.log(
    `| ${name} | ${((1000 * texts.length) / median(ms)).toFixed(1)} | ${median(ratios).toFixed(2)} (${each}) |`,
  );
}
console.log(
  `peak memory of the call: ${(peaks[0]! / 1e6).toFixed(0)} MB with one worker, ${(peaks[1]! / 1e6).toFixed(0)} MB as the machine has cores`,
);
console.log(
  `longest task of the page's main thread while it makes a collection: ${(tasksMs[0] ?? 0).toFixed(1)} ms of processor time; the known work takes ${knownWorkMs.toFixed(1)} ms`,
);
process.exit(0);
