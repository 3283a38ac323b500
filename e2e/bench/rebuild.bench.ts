// Benchmark: the time of `era-search index` when one page of a site has changed since the last run, beside the time to
// read the files alone, and where it goes: samples of V8's profiler, summed by step. It prints and never passes or fails
// by a number; it ends with an error where the bytes are not those of a run without a cache. Needs the command:
//   npx vite build --mode node
//   node e2e/bench/run.mjs rebuild [--pages 10000 | --site DIR] [--runs 3] [--unchecked]
// Without a folder the pages are made up: a heading and 25 words each, so that the first run's vectors take a minute. The
// run without a cache makes all vectors again, which --unchecked leaves out.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { glob } from 'tinyglobby';
import { Random } from '../../src/math/random.ts';
import { root } from '../support/cli.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    pages: { type: 'string', default: '10000' },
    site: { type: 'string' },
    runs: { type: 'string', default: '3' },
    unchecked: { type: 'boolean', default: false },
  },
});
const CLI = join(root, 'dist/node/cli.js');
if (!existsSync(CLI)) throw new Error('Build the command first: npx vite build --mode node');

/** Functions of the command, and the step that they and what they call belong to. The innermost counts. */
const STEPS: Readonly<Record<string, string>> = {
  readFolder: 'pages are read and extracted',
  collectSite: 'pages are read and extracted',
  findDuplicates: 'copies, boilerplate, versions',
  withVersions: 'copies, boilerplate, versions',
  withoutBoilerplate: 'copies, boilerplate, versions',
  withoutCopies: 'copies, boilerplate, versions',
  cutPages: 'passages are cut',
  textsToRead: 'words and sentences',
  embedTexts: 'vectors',
  rotatedDirections: 'static encoder: directions',
  fitRows: 'static encoder: rows of words',
  addNormal: 'static encoder: rows of words',
  kMeans: 'static encoder: clusters',
  assign: 'static encoder: clusters',
  seeds: 'static encoder: clusters',
  ranked: 'static encoder: nearness of words',
  agreement: 'static encoder: agreement',
  nearest: 'static encoder: agreement',
  fitTable: 'static encoder: the rest',
  makeStatic: 'static encoder: the rest',
  clustered: 'static encoder: the rest',
  keywordParts: 'keyword index',
  makeBundle: 'parts',
  zipped: 'parts',
  writeIn: 'the folder is written',
  replaceFolder: 'the folder is written',
  '(garbage collector)': 'garbage collector',
  '(idle)': 'waits',
};

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Seconds by step. */
function stepsOf({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const stepOf = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (id: number, above: string): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const step = Object.hasOwn(STEPS, callFrame.functionName) ? STEPS[callFrame.functionName]! : above;
    stepOf.set(id, step);
    for (const child of children) visit(child, step);
  };
  visit(nodes[0]!.id, 'other');
  const seconds = new Map<string, number>();
  samples.forEach((id, i) => {
    const step = stepOf.get(id)!;
    seconds.set(step, (seconds.get(step) ?? 0) + timeDeltas[i]! / 1e6);
  });
  return seconds;
}

async function index(site: string, output: string, cache: string, profiles?: string): Promise<number> {
  const startMs = performance.now();
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const flags = ['--site', site, '--output-path', output, '--base-url', '/', '--cache', cache];
  const child = spawn(
    process.execPath,
    [...profiling, CLI, 'index', ...flags, '--no-element', '--no-model-files', '--quiet'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`A run of ${site} ended with ${String(code)}.`);
  return (performance.now() - startMs) / 1000;
}

async function readAll(site: string): Promise<number> {
  const startMs = performance.now();
  for (const name of await glob('**/*.html', { cwd: site })) await readFile(join(site, name), 'utf8');
  return (performance.now() - startMs) / 1000;
}

const SYLLABLES = ['ka', 'lo', 'mi', 'ru', 'te', 'na', 'so', 'vi', 'da', 'pe', 'gu', 'ha'];
function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length]!;
  return word;
}
function words(count: number, random: Random): string {
  return Array.from({ length: count }, () => wordOf(Math.floor(10_000 ** random.float()))).join(' ');
}

async function makeSite(folder: string, pages: number): Promise<void> {
  const random = new Random(1);
  for (let page = 0; page < pages; page++) {
    const below = join(folder, String(Math.floor(page / 500)));
    if (page % 500 === 0) await mkdir(below, { recursive: true });
    const title = `${words(2, random)} ${String(page)}`;
    const text = `<p>${words(12, random)}.</p><p>${words(13, random)}.</p>`;
    await writeFile(
      join(below, `${String(page)}.html`),
      `<html lang="en"><title>${title}</title><main><h1>${title}</h1>${text}</main></html>`,
    );
  }
}

async function bytesOf(folder: string): Promise<Map<string, string>> {
  const names = (await glob('**/*', { cwd: folder, dot: true })).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const)),
  );
}

function middle(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[all.length >> 1]!;
}

const work = await mkdtemp(join(tmpdir(), 'era-search-rebuild-'));
try {
  const site = join(work, 'site');
  if (values.site === undefined) await makeSite(site, Number(values.pages));
  else await cp(values.site, site, { recursive: true, dereference: true, filter: (path) => !path.endsWith('.deb') });
  const [output, cache, profiles] = [join(work, 'index'), join(work, 'cache'), join(work, 'profiles')];
  const first = await index(site, output, cache);
  const pages = (await glob('**/*.html', { cwd: site })).sort();
  const changed = join(site, pages[pages.length >> 1]!);
  const before = await readFile(changed, 'utf8');
  const [reads, runs]: [number[], number[]] = [[], []];
  for (let run = 0; run < Number(values.runs); run++) {
    await writeFile(
      changed,
      before.replace('</title>', ` ${wordOf(run)}</title>`).replace('</p>', ` ${wordOf(run)}.</p>`),
    );
    reads.push(await readAll(site));
    runs.push(await index(site, output, cache));
  }
  await writeFile(changed, before.replace('</title>', ' once more</title>').replace('</p>', ' once more.</p>'));
  await index(site, output, cache, profiles);
  const [file] = await readdir(profiles);
  const steps = stepsOf(JSON.parse(await readFile(join(profiles, file!), 'utf8')) as Profile);

  const [cpu] = cpus();
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}; ${String(pages.length)} pages`,
  );
  const [read, again] = [middle(reads), middle(runs)];
  console.log(
    `first run ${first.toFixed(1)} s; one page changed ${again.toFixed(1)} s (${(again / first).toFixed(2)} of it), median of ${values.runs}; the files alone are read in ${read.toFixed(2)} s`,
  );
  const all = [...steps.values()].reduce((sum, seconds) => sum + seconds, 0);
  for (const [step, seconds] of [...steps].sort(([, a], [, b]) => b - a))
    console.log(`  ${(100 * (seconds / all)).toFixed(0).padStart(3)} %  ${seconds.toFixed(1).padStart(5)} s  ${step}`);

  if (!values.unchecked) {
    const found = (JSON.parse(await readFile(join(output, 'era-search.json'), 'utf8')) as { build: string }).build;
    await rm(output, { recursive: true });
    await index(site, output, join(work, 'other-cache'));
    const fresh = await bytesOf(output);
    await rm(output, { recursive: true });
    await index(site, output, cache);
    const cached = await bytesOf(output);
    const differs = [...fresh].filter(([name, bytes]) => cached.get(name) !== bytes).map(([name]) => name);
    if (differs.length > 0 || fresh.size !== cached.size || !fresh.get('era-search.json')!.includes(found))
      throw new Error(`Other bytes than without a cache: ${differs.join(', ')}`);
    console.log('the bytes are those of a run without a cache');
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
