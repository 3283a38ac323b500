// Benchmark: what a page does on a GPU, beside WebAssembly on the same machine: the small model, learning from labels, an
// epoch of ERA, the scan of up to ten million vectors, a device that is lost. Each part is compared with what is computed
// without the GPU first; a part that differs has no times. It prints and never passes or fails, but it refuses a machine
// without a GPU.
//   npm run bench:gpu -- [--rows 100000,1000000,10000000] [--queries 30] [--only read,scan,encoder,learn,era,lost]
//     [--models public/models] [--limit 900] [--json FILE] [--flags "--chromium-flag …"] [--seed 1] [--software]
// --software runs all of it, small, on Chromium's software adapter: it shows that the command works, and its times say
// nothing about a GPU. Vectors of the scan are drawn bytes, 384 a row; the card's bandwidth is that of a shader that only
// reads as many bytes as the largest scan, up to 4 GB, in the same run.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { build } from 'vite';
import { launchChromium } from '../support/launch.ts';
import { partRow, scanTable, type Measured } from './gpu/tables.ts';
import type { GpuBenchPage } from './gpu/page/page.ts';
import { shortMessage } from './peers/engine-page.ts';
import { startPageServer } from './peers/page-server.ts';
import { factsLine, runFacts } from './run-facts.ts';

const PARTS = ['read', 'scan', 'encoder', 'learn', 'era', 'lost'] as const;
type Part = (typeof PARTS)[number];

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    rows: { type: 'string' },
    queries: { type: 'string' },
    only: { type: 'string', default: PARTS.join(',') },
    models: { type: 'string', default: 'public/models' },
    limit: { type: 'string', default: '900' },
    json: { type: 'string' },
    flags: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    software: { type: 'boolean', default: false },
  },
});
/** Chromium without a window on the adapter of the machine. */
const HARDWARE = [
  '--use-webgpu-adapter=default',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--disable-vulkan-surface',
  '--ignore-gpu-blocklist',
];
const DIMS = 384;
const MOST_READ = 4e9;
const SIZES = values.software
  ? {
      rows: '2000,20000',
      queries: 5,
      rounds: 2,
      texts: 2,
      learn: { passages: 3000, dims: 32, queries: 40 },
      era: { texts: 300, dIn: 48, dOut: 32, epochs: 3 },
      lost: 3000,
    }
  : {
      rows: '100000,1000000,10000000',
      queries: 30,
      rounds: 5,
      texts: 128,
      learn: { passages: 20_000, dims: DIMS, queries: 200 },
      era: { texts: 4000, dIn: 1024, dOut: DIMS, epochs: 6 },
      lost: 20_000,
    };
const rows = (values.rows ?? SIZES.rows).split(',').map(Number);
const queries = Number(values.queries ?? SIZES.queries);
const wanted = values.only.split(',') as Part[];

async function bundlePage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'era-search-gpu-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    base: './',
    publicDir: false,
    build: {
      outDir,
      target: 'esnext',
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: { page: fileURLToPath(new URL('./gpu/page/page.ts', import.meta.url)) },
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  return outDir;
}

/** Calls a part in a page of its own. @throws what it throws, or that it took too long */
async function inPage<Name extends keyof GpuBenchPage>(
  browser: Browser,
  origin: string,
  name: Name,
  options: Parameters<GpuBenchPage[Name]>[0],
): Promise<Awaited<ReturnType<GpuBenchPage[Name]>>> {
  const context = await browser.newContext();
  const page = await context.newPage();
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new Error('The page crashed, as one does without memory.')));
    timer = setTimeout(() => reject(new Error(`It took more than ${values.limit} s.`)), Number(values.limit) * 1000);
  });
  try {
    await page.goto(`${origin}/page/`);
    await page.waitForFunction(() => 'gpuBench' in globalThis);
    const called = page.evaluate(
      ({ part, given }) =>
        (globalThis as unknown as { gpuBench: Record<string, (of: unknown) => unknown> }).gpuBench[part]!(given),
      { part: name, given: options },
    );
    called.catch(() => undefined);
    return (await Promise.race([called, failed])) as Awaited<ReturnType<GpuBenchPage[Name]>>;
  } finally {
    clearTimeout(timer);
    await context.close().catch(() => undefined);
  }
}

async function textsOfCorpus(count: number): Promise<string[]> {
  const lines = (await readFile('public/corpora/HumanEval-X/docs.jsonl', 'utf8')).split('\n');
  return lines.slice(0, count).map((line) => (JSON.parse(line) as { readonly doc: string }).doc);
}

const folder = await bundlePage();
const models = resolve(values.models);
const server = await startPageServer((key) => ({ page: folder, models })[key]);
const browser = await launchChromium(
  ...(values.software ? [] : HARDWARE),
  ...values.flags.split(' ').filter((flag) => flag !== ''),
);
const call = <Name extends keyof GpuBenchPage>(name: Name, options: Parameters<GpuBenchPage[Name]>[0]) =>
  inPage(browser, server.origin, name, options);

const facts = runFacts(browser.version());
const adapter = await call('adapterFacts', undefined);
console.log(factsLine(facts));
console.log(
  `${adapter.name}; ${Object.entries(adapter.features)
    .map(([feature, has]) => `${feature}: ${has ? 'yes' : 'no'}`)
    .join(', ')}; bindings of up to ${(adapter.maxStorageBufferBindingSize / 2 ** 20).toFixed(0)} MiB`,
);
const measured: Measured = {};
/** Why a part has no times. */
const failed: Partial<Record<string, string>> = {};
try {
  if (adapter.refusal !== null && !values.software) {
    console.error(`${adapter.refusal} Nothing is measured without a GPU; --software tries the command itself.`);
    process.exitCode = 2;
  } else {
    if (values.software) console.log('Small, and on a software adapter: these times say nothing about a GPU.');
    await measureAll();
    printAll();
  }
} finally {
  if (values.json !== undefined && process.exitCode !== 2)
    await writeFile(values.json, `${JSON.stringify({ ...facts, adapter, ...measured, failed }, null, 2)}\n`);
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}

async function part(name: Part, key: string, work: () => Promise<void>): Promise<void> {
  if (!wanted.includes(name)) return;
  console.error(`${key} …`);
  try {
    await work();
  } catch (error) {
    failed[key] = shortMessage(error);
  }
}

async function measureAll(): Promise<void> {
  const { rounds } = SIZES;
  await part('read', 'read', async () => {
    const bytes = Math.min(MOST_READ, Math.max(...rows) * DIMS);
    measured.bytesPerSecond = await call('readSpeed', { bytes, rounds });
  });
  measured.scans = [];
  for (const count of rows)
    await part('scan', `scan of ${count} rows`, async () => {
      const seed = Number(values.seed);
      measured.scans!.push({ rows: count, ...(await call('scan', { rows: count, dims: DIMS, queries, seed })) });
    });
  await part('encoder', 'encoder', async () => {
    const texts = await textsOfCorpus(SIZES.texts);
    measured.encoder = { texts: texts.length, ...(await call('encodeTexts', { texts, rounds })) };
  });
  await part('learn', 'learn', async () => {
    measured.learn = { ...SIZES.learn, ...(await call('learn', { ...SIZES.learn, rounds })) };
  });
  await part('era', 'era', async () => {
    measured.era = { ...SIZES.era, ...(await call('trainEra', SIZES.era)) };
  });
  await part('lost', 'lost', async () => {
    measured.lost = await call('loseDevice', { rows: SIZES.lost });
  });
}

function printAll(): void {
  const { bytesPerSecond, scans = [], encoder, learn, era, lost } = measured;
  if (bytesPerSecond !== undefined)
    console.log(`\nA shader that only reads: ${(bytesPerSecond / 1e9).toFixed(0)} GB a second.`);
  if (scans.length > 0) console.log(`\n${scanTable(scans, bytesPerSecond)}`);
  const lines = [
    encoder &&
      partRow(
        `${encoder.texts} texts embedded: ${encoder.gpuDtype} on the GPU, ${encoder.wasmDtype} in WebAssembly`,
        encoder,
        `known vectors; least cosine of the two ${encoder.leastCosine.toFixed(4)}`,
      ),
    learn &&
      partRow(`${learn.queries} queries ranked over ${learn.passages} × ${learn.dims}`, learn.rank, 'the same lists'),
    learn && partRow('labels learned from, whole', learn.adapt, 'the same adapter, bit by bit'),
    era &&
      partRow(
        `an epoch of ERA’s alignment, ${era.texts} texts, ${era.dIn} to ${era.dOut}`,
        era,
        `least cosine of the two ${era.leastCosine.toFixed(4)}`,
      ),
  ].filter((line) => line !== undefined);
  if (lines.length > 0)
    console.log(['\n| | GPU, ms | WebAssembly, ms | ratio | checked |', '|---|--:|--:|--:|---|', ...lines].join('\n'));
  if (lost)
    console.log(`\nDevices lost in ${lost.queries} queries: every answer as in WebAssembly. ${lost.reasons.join(' ')}`);
  for (const [key, reason] of Object.entries(failed)) console.log(`\nNo times of ${key}: ${reason}`);
}
