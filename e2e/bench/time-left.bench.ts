// Benchmark: the time left that `era-search index` shows while it makes vectors, beside the time that then was left, and
// beside what the number of texts alone would have said. It prints and never passes or fails. The pages are a folder of
// HTML, by default Git's documentation from Debian's package. Needs the command: npx vite build --mode node
//   node e2e/bench/run.mjs time-left [--site DIR] [--work DIR]

import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage } from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Progress } from '../../src/progress.ts';
import { root } from '../support/cli.ts';
import { DOC_SITES, provideDocs } from './sites/debian-docs.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: { site: { type: 'string' }, work: { type: 'string' } },
});
const work = values.work ?? (await mkdtemp(join(tmpdir(), 'era-search-time-left-')));
const site =
  values.site ??
  (
    await provideDocs(
      DOC_SITES.find(({ name }) => name === 'git')!,
      work,
    )
  ).html;
const built = pathToFileURL(join(root, 'dist/node/index.js')).href;
const { createIndex } = (await import(/* @vite-ignore */ built)) as typeof import('../../src/node/index.ts');

const seen: { readonly ms: number; readonly cpuMs: number; readonly progress: Progress }[] = [];
const index = await createIndex({
  baseUrl: '/',
  modelFiles: false,
  elementDir: null,
  cacheDir: null,
  onProgress: (progress) => seen.push({ ms: performance.now(), cpuMs: cpuUsage().user / 1000, progress }),
});
await index.addDirectory({ path: site });
const output = await mkdtemp(join(tmpdir(), 'era-search-time-left-index-'));
const summary = await index.write({ outputPath: join(output, 'index') });
index.close();
await rm(output, { recursive: true, force: true });
if (values.work === undefined) await rm(work, { recursive: true, force: true });

const texts = seen.filter(({ progress }) => progress.phase === 'embed');
const [first, last] = [texts[0]!, texts.at(-1)!];
const all = last.ms - first.ms;
const { total, tokens } = last.progress;
const [cpu] = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}; ${String(summary.pages)} pages, ${String(summary.passages)} passages, ${String(total)} texts of ${(tokens! / total!).toFixed(0)} tokens, ${(all / 1000).toFixed(0)} s`,
);
console.log(
  'of the time | was left, s | shown, s | shown / was left | the same by processor time | by the number of texts / was left',
);
for (const share of [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]) {
  const { ms, cpuMs, progress } = texts.find((at) => at.ms - first.ms >= share * all)!;
  const left = (last.ms - ms) / 1000;
  /** What was shown, had the clock been the processor's, which other programs slow down less. */
  const byProcessor = ((progress.secondsLeft! * 1000) / (ms - first.ms)) * (cpuMs - first.cpuMs);
  const byTexts = ((ms - first.ms) / 1000) * (total! / progress.done - 1);
  console.log(
    [
      `${(100 * share).toFixed(0)} %`,
      left.toFixed(1),
      progress.secondsLeft!.toFixed(1),
      (progress.secondsLeft! / left).toFixed(2),
      (byProcessor / (last.cpuMs - cpuMs)).toFixed(2),
      (byTexts / left).toFixed(2),
    ].join(' | '),
  );
}
