// Benchmark: time, peak memory and bytes of `era-search index` by keywords alone, as a site grows; the time of a second
// run, which has the pages of the first; and whether a run that was killed leaves nothing behind that changes the next
// one. It prints and never passes or fails by a number; it ends with an error where bytes differ.
//   npx vite build --mode node
//   node e2e/bench/run.mjs index-memory [--pages 1000,10000] [--kills 3] [--seed 1] [--heap MIB]
// The sites are made up: pages of 600 words of a vocabulary whose frequencies fall as those of a language do, with menus
// and markup of ten times their letters. A kill is at a random part of the time that the run before took. --pages
// 1000,10000,50000 takes some minutes more; --heap is the limit of V8's heap.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { glob } from 'tinyglobby';
import { Random } from '../../src/math/random.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    pages: { type: 'string', default: '1000,10000' },
    kills: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    heap: { type: 'string' },
  },
});
const CLI = fileURLToPath(new URL('../../dist/node/cli.js', import.meta.url));
if (!existsSync(CLI)) throw new Error('Build the command first: npx vite build --mode node');
const FOLDER_PAGES = 500;
const VOCABULARY = 30_000;
/** Written by a run as it ends: the most memory that its process held, in KiB. */
const PEAK = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));`;

function wordOf(rank: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ru', 'te', 'na', 'so', 'vi', 'da', 'pe', 'gu', 'ha'];
  let word = '';
  for (let rest = rank + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length]!;
  return word;
}

function pageOf(page: number, random: Random): string {
  const words = (count: number): string =>
    Array.from({ length: count }, () => wordOf(Math.floor(VOCABULARY ** random.float()))).join(' ');
  const menu = Array.from(
    { length: 80 },
    (_, i) => `<li class="menu-item level-2"><a href="/${i}/">Part ${i}</a></li>`,
  );
  const sections = Array.from({ length: 6 }, (_, i) => {
    const text = Array.from({ length: 4 }, () => `<p class="body-text" data-line="${i}">${words(25)}.</p>`).join('\n');
    return `<section id="s${i}"><h2>${words(3)}</h2><svg><path d="${'M0 0L9 9'.repeat(200)}"/></svg>${text}</section>`;
  });
  const title = `${words(2)} ${page}`;
  return `<!doctype html><html lang="en"><title>${title}</title><body><nav><ul>${menu.join('')}</ul></nav><main><h1>${title}</h1>${sections.join('')}</main></body></html>`;
}

async function makeSite(folder: string, pages: number, random: Random): Promise<void> {
  for (let page = 0; page < pages; page++) {
    const below = join(folder, String(Math.floor(page / FOLDER_PAGES)));
    if (page % FOLDER_PAGES === 0) await mkdir(below, { recursive: true });
    await writeFile(join(below, `${page}.html`), pageOf(page, random));
  }
}

interface Run {
  readonly ended: boolean;
  readonly seconds: number;
  readonly peakMiB: number;
}

async function index(site: string, output: string, cache: string, killAfterMs: number | null): Promise<Run> {
  const peakFile = `${output}.peak`;
  const heap = values.heap === undefined ? [] : [`--max-old-space-size=${values.heap}`];
  const imported = `data:text/javascript,${encodeURIComponent(PEAK)}`;
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [...heap, '--import', imported, CLI, 'index', '--site', site, '--output-path', output, '--base-url', '/'].concat([
      '--no-vectors',
      '--no-element',
      '--quiet',
      '--cache',
      cache,
    ]),
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PEAK_FILE: peakFile } },
  );
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  if (killAfterMs !== null) void wait(killAfterMs, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  const [code, signal] = await exit;
  const seconds = (performance.now() - startMs) / 1000;
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`A run of ${site} ended with ${String(code ?? signal)}.`);
  if (code === 0) return { ended: true, seconds, peakMiB: Number(await readFile(peakFile, 'utf8')) / 1024 };
  return { ended: false, seconds, peakMiB: NaN };
}

/** Bytes of all files, and a digest of their names and contents. */
async function contentOf(folder: string): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const name of (await glob('**/*', { cwd: folder, dot: true })).sort()) {
    const content = await readFile(join(folder, name));
    bytes += content.length;
    hash.update(`${name}\n${String(content.length)}\n`).update(content);
  }
  return { bytes, digest: hash.digest('hex') };
}

const seed = Number(values.seed);
console.log(`seed ${String(seed)}`);
console.log(
  'pages | seconds | again | peak memory, MiB | index, MB | peak per page, KiB | killed, then the same bytes',
);
let smallest: { pages: number; peakMiB: number } | null = null;
for (const pages of values.pages.split(',').map(Number)) {
  const random = new Random(seed + pages);
  const work = await mkdtemp(join(tmpdir(), 'era-search-index-memory-'));
  try {
    const site = join(work, 'site');
    await makeSite(site, pages, random);
    const whole = join(work, 'whole');
    const { seconds, peakMiB } = await index(site, whole, join(work, 'cache'), null);
    const expected = await contentOf(whole);
    const again = await index(site, whole, join(work, 'cache'), null);
    const output = join(work, 'killed');
    let kills = 0;
    for (let i = 0; i < Number(values.kills); i++) {
      const { ended } = await index(site, output, join(work, 'killed-cache'), random.float() * seconds * 1000);
      if (!ended) kills++;
      if (!ended && i === 0 && existsSync(output)) throw new Error('A killed run has published a folder.');
    }
    await index(site, output, join(work, 'killed-cache'), null);
    const found = await contentOf(output);
    if (found.digest !== expected.digest || (await contentOf(whole)).digest !== expected.digest)
      throw new Error(`${String(pages)} pages: other bytes after a run that was killed, or again.`);
    const left = (await glob('.killed-*', { cwd: work, dot: true, onlyDirectories: true })).length;
    if (left > 0) throw new Error(`${String(left)} unfinished folders are left.`);
    smallest ??= { pages, peakMiB };
    const more = pages - smallest.pages;
    const each = more === 0 ? '' : (((peakMiB - smallest.peakMiB) * 1024) / more).toFixed(1);
    const row = [
      pages,
      seconds.toFixed(1),
      again.seconds.toFixed(1),
      peakMiB.toFixed(0),
      (expected.bytes / 1e6).toFixed(1),
      each,
    ];
    console.log([...row, `${String(kills)} of ${values.kills}`].join(' | '));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
