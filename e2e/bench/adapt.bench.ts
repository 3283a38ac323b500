// Benchmark: how long a page takes to align on passages and to adapt on labels, cross-validation included, in the
// trainer worker of the built library in Chromium, for every query path. It prints and never passes or fails. It needs
// the library and an index of the corpus:
//   npm run era-search -- index public/corpora/MBPP/docs.jsonl --out .cache/collections/MBPP
//   npx vite build --mode library
//   node e2e/bench/run.mjs adapt [--corpus MBPP] [--passages 1000] [--labels 200] [--dims 768] [--repeats 3]
// Seconds of a path are those that the worker reports, embedding not counted; those of the whole call include reading the
// labelled queries and choosing the weight of keywords by the search worker. During each run another worker times a plain
// matrix product, which shows the machine's speed at that moment: compare ratios, not seconds.

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { QueryEncoder } from '../../src/index.ts';
import { type EnginePage, openEnginePage } from '../support/engine-page.ts';
import { startTrace, stopTrace } from '../support/main-thread.ts';
import { launchChromium } from '../support/launch.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    corpus: { type: 'string', default: 'MBPP' },
    passages: { type: 'string', default: '1000' },
    labels: { type: 'string', default: '200' },
    dims: { type: 'string', default: '768' },
    repeats: { type: 'string', default: '3' },
  },
});
const setting = {
  corpus: values.corpus,
  passages: Number(values.passages),
  labels: Number(values.labels),
  dims: Number(values.dims),
  repeats: Number(values.repeats),
};

interface Run {
  /** Seconds of a plain matrix product of 1000 × 768 and 768 × 384 numbers. */
  readonly productSeconds: number;
  readonly alignSeconds: number;
  readonly adaptSeconds: Readonly<Record<string, number>>;
  /** Of `adapt` as its caller waits for it, all paths together. */
  readonly wholeSeconds: number;
  readonly applied: readonly string[];
}

/** Runs in the page, so it uses nothing from outside its body. */
async function runInPage({ corpus, passages, labels, dims, repeats }: typeof setting): Promise<Run[]> {
  const { Engine, parseQueries } = (globalThis as unknown as EnginePage).era;
  // A bag of words replaces the large model: real texts, vectors of a realistic size, no network.
  const words = new Map<string, Float32Array>();
  const wordVector = (word: string): Float32Array => {
    const known = words.get(word);
    if (known) return known;
    let state = 2166136261;
    for (const char of word) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
    const vector = Float32Array.from({ length: dims }, () => {
      state = Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9;
      return ((state ^ (state >>> 13)) | 0) / 2 ** 31;
    });
    words.set(word, vector);
    return vector;
  };
  const bagOfWords: QueryEncoder = {
    space: { model: 'bag-of-words', revision: '1', dtype: 'fp32', pooling: 'mean', prompt: '', dims },
    has: () => false,
    encode: async (texts) => {
      const out = new Float32Array(texts.length * dims);
      for (const [i, text] of texts.entries()) {
        // a network request would leave the page free too
        if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
        const row = out.subarray(i * dims, (i + 1) * dims);
        row[0] = 1e-3; // a text without words
        for (const word of text.toLowerCase().split(/\W+/)) wordVector(word).forEach((v, j) => (row[j]! += v));
        const length = Math.hypot(...row);
        row.forEach((v, j) => (row[j] = v / length));
      }
      return out;
    },
  };
  const productSource = `onmessage = () => {
    const [m, k, n] = [1000, 768, 384];
    const a = Float64Array.from({ length: m * k }, (_, i) => (i % 7) - 3);
    const b = Float64Array.from({ length: n * k }, (_, i) => (i % 5) - 2);
    const out = new Float64Array(m * n);
    const begin = performance.now();
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) { let s = 0; for (let t = 0; t < k; t++) s += a[i * k + t] * b[j * k + t]; out[i * n + j] = s; }
    postMessage((performance.now() - begin) / 1000);
  };`;
  const worker = new Worker(URL.createObjectURL(new Blob([productSource], { type: 'text/javascript' })));
  const product = (): Promise<number> =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
      worker.postMessage(null);
    });

  const response = await fetch(`./corpora/${corpus}/queries.jsonl`);
  const labelled = parseQueries(await response.text()).slice(0, labels);
  const engine = new Engine({ query: bagOfWords, store: 'memory' });
  const collection = await engine.open(`./indexes/${corpus}/`, { name: corpus });
  await collection.download();
  const runs: Run[] = [];
  for (let i = 0; i < repeats; i++) {
    const aligned = await collection.align({ passages });
    const begin = performance.now();
    const adapted = await collection.adapt(labelled);
    const wholeSeconds = (performance.now() - begin) / 1000;
    runs.push({
      productSeconds: await product(),
      alignSeconds: Math.max(...Object.values(aligned).map(({ seconds }) => seconds)),
      wholeSeconds,
      adaptSeconds: Object.fromEntries(Object.entries(adapted).map(([path, { seconds }]) => [path, seconds])),
      applied: Object.entries(adapted).flatMap(([path, { applied }]) => (applied ? [path] : [])),
    });
  }
  engine.close();
  worker.terminate();
  return runs;
}

const browser = await launchChromium();
try {
  const page = await browser.newPage();
  await openEnginePage(page, 'http://localhost:1/adapt.html', {
    '/models/': 'public/models',
    '/corpora/': 'public/corpora',
    '/indexes/': '.cache/collections',
  });
  await startTrace(browser, page);
  const runs = await page.evaluate(runInPage, setting);
  const { tasksMs, knownWorkMs } = await stopTrace(browser, page);
  const [cpu] = cpus();
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Chromium ${browser.version()}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}`,
  );
  console.log(
    `${setting.corpus}: ${String(setting.passages)} passages, ${String(setting.labels)} labelled queries, ${String(setting.dims)} and 384 dimensions`,
  );
  for (const { productSeconds, alignSeconds, adaptSeconds, wholeSeconds, applied } of runs) {
    const times = (seconds: number): string => `${seconds.toFixed(2)} s (${(seconds / productSeconds).toFixed(1)} ×)`;
    const each = Object.entries(adaptSeconds).map(
      ([path, seconds]) => `${path} ${times(seconds)}${applied.includes(path) ? '' : ', start kept'}`,
    );
    const trained = Object.values(adaptSeconds).reduce((sum, seconds) => sum + seconds, 0);
    console.log(
      `plain product ${productSeconds.toFixed(2)} s; align ${times(alignSeconds)}; adapt ${each.join('; ')}, together ${times(trained)}; the whole call ${times(wholeSeconds)}`,
    );
  }
  console.log(
    `longest task of the page's main thread: ${(tasksMs[0] ?? 0).toFixed(1)} ms of processor time; the known work takes ${knownWorkMs.toFixed(1)} ms`,
  );
} finally {
  await browser.close();
}
