// A page and Node measure the same figures: two bundled tasks, every path, aligned and adapted, with the scanner on
// WASM and on WebGPU; with ERA on the smaller task and on WASM only, since its thousand epochs take minutes there, and a
// quarter of an hour on a software GPU.
// Both sides embed, learn and rank during the test; nothing is recorded.

import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { ndcg } from '../src/evaluate/metrics.ts';
import { parseQueries } from '../src/evaluate/parse-task.ts';
import { isUsable, splitLabels, type LabelSplit } from '../src/evaluate/split.ts';
import { mean } from '../src/evaluate/statistics.ts';
import type { LabelledQuery } from '../src/evaluate/task.ts';
import { root, runCli } from './support/cli.ts';
import { type EnginePage, openEnginePage } from './support/engine-page.ts';

const BASE = 'adapters/bge-small-en-v1.5--all-MiniLM-L6-v2.safetensors';
const RATIO = 0.2;
const SAMPLE = 100;
/** Of each task: both sides read each of them by two models. */
const QUERIES = 70;
/**
 * Points of nDCG@10. The same kernels give the same figures on both sides; another kernel moves them by up to 0.6
 * (src/adapter/METHOD.md).
 */
const TOLERANCE = 0.1;

interface Figure {
  readonly method: 'small' | 'closed-form' | 'era' | 'own';
  readonly path: string;
  readonly stage: string;
  /** nDCG@10, points of 100. */
  readonly points: number;
}

interface Searched {
  readonly path: string;
  readonly stage: string;
  /** Per query: ids of the hits in order, and the grades of its relevant passages by id. */
  readonly queries: readonly {
    readonly hits: readonly string[];
    readonly grades: readonly (readonly [string, number])[];
  }[];
}

/** The passages of a task with its first queries, in a folder of tasks. @returns the text of the queries */
async function shortTask(task: string, tasks: string): Promise<string> {
  const [from, to] = [join(root, 'public/corpora', task), join(tasks, task)];
  await mkdir(to, { recursive: true });
  await symlink(join(from, 'docs.jsonl'), join(to, 'docs.jsonl'));
  const lines = (await readFile(join(from, 'queries.jsonl'), 'utf8')).split('\n').slice(0, QUERIES);
  await writeFile(join(to, 'queries.jsonl'), lines.join('\n'));
  return lines.join('\n');
}

/** `era-search evaluate` on the task of a folder. */
async function figuresOfNode(task: string, tasks: string, folder: string, hasEra: boolean): Promise<Figure[]> {
  const json = join(folder, 'report.json');
  const methods = [
    '--methods',
    hasEra ? 'small,closed-form,era' : 'small,closed-form',
    '--paths',
    'remote,local,both',
    '--ratios',
    `0,${String(RATIO)}`,
    '--local-device',
    'wasm',
  ];
  await runCli(
    'evaluate',
    '--tasks',
    tasks,
    '--base',
    join(root, 'public', BASE),
    '--sample',
    String(SAMPLE),
    ...methods,
    '--cache',
    join(folder, 'cache'),
    '--json',
    json,
  );
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as {
    rows: { method: string; path: string; ratio: number; perTask: Record<string, number> }[];
  };
  return rows.map(({ method, path, ratio, perTask }) => ({
    method: method === 'small' || method === 'closed-form' ? method : 'era',
    path,
    stage: method === 'small' ? 'none' : ratio === 0 ? 'aligned' : 'adapted',
    points: perTask[task]!,
  }));
}

interface PageSetting {
  readonly task: string;
  readonly device: 'wasm' | 'webgpu';
  readonly trainerDevice: 'wasm' | 'webgpu';
  readonly trainers: readonly ('closed-form' | 'era')[];
  readonly base: string;
  readonly all: readonly LabelledQuery[];
  readonly parts: LabelSplit;
  readonly passages: number;
}

/** Runs in the page, so it uses nothing from outside its body. */
async function measureInPage({
  task,
  device,
  trainerDevice,
  trainers,
  base,
  all,
  parts: { train, validation, evaluation },
  passages,
}: PageSetting): Promise<{ figures: Figure[]; searched: Searched[]; devices: unknown }> {
  const { Engine } = (globalThis as unknown as EnginePage).era;
  const paths = ['local', 'remote', 'both'] as const;
  const engine = new Engine({
    encoder: { device: 'wasm' },
    query: {
      baseUrl: './v1',
      model: 'bge-small-en-v1.5',
      prompt: 'Represent this sentence for searching relevant passages: {text}',
      timeoutMs: 120_000,
      totalTimeoutMs: 300_000,
    },
    baseAdapter: `./${base}`,
    scan: device,
    trainerDevice,
    store: 'memory',
  });
  const collection = await engine.open(`./indexes/${task}/`, { name: task });
  await collection.download();
  // The site's query log: all queries but those that are measured.
  const without = (...parts: (typeof all)[]): string[] => {
    const left = new Set(parts.flat().map(({ qid }) => qid));
    return all.filter(({ qid }) => !left.has(qid)).map(({ query }) => query);
  };
  for (const trainer of trainers) {
    await collection.align({ trainer, paths, passages, queries: without(evaluation) });
    await collection.adapt(train, { trainer, paths, validation, queries: without(evaluation, train, validation) });
  }
  const devices = { scan: collection.info.vectors?.scan, trainer: collection.status.trainer.device };
  const { rows } = await collection.evaluate(evaluation);
  const figures = rows.map(({ path, trainer, stage, ndcg10 }): Figure => ({
    method: trainer ?? 'small',
    path: path!,
    stage,
    points: 100 * ndcg10,
  }));
  const searched: Searched[] = [];
  for (const path of paths) {
    for (const stage of ['aligned', 'adapted'] as const) {
      const found: Searched['queries'][number][] = [];
      for (const { query, labels } of evaluation) {
        const { pages } = await collection
          .search(query, { mode: 'dense', path, stage, limit: 10, sections: 1, literal: ['operators'] })
          .best();
        found.push({
          hits: pages.map(({ sections }) => sections[0]!.id),
          grades: labels.map(({ id, score }) => [id, score] as const),
        });
      }
      searched.push({ path, stage, queries: found });
    }
  }
  engine.close();
  return { figures, searched, devices };
}

/**
 * nDCG@10 in points of the rankings that a visitor would see; passages are numbered in the order in which they arrive.
 */
function pointsOf({ queries }: Searched): number {
  const scores = queries.map(({ hits, grades }) => {
    const numbers = new Map([...hits, ...grades.map(([id]) => id)].map((id, i) => [id, i]));
    return ndcg(
      hits.map((id) => numbers.get(id)!),
      new Map(grades.map(([id, score]) => [numbers.get(id)!, score])),
      10,
    );
  });
  return 100 * mean(scores);
}

/** Opens the index that the server has, or one that Node writes now. */
async function openPage(page: Page, baseURL: string, task: string, folder: string, prepared: boolean): Promise<void> {
  if (!prepared)
    await runCli(
      'index',
      join(root, 'public/corpora', task, 'docs.jsonl'),
      '--out',
      join(folder, 'indexes', task),
      '--no-model-files',
      '--no-element',
    );
  await openEnginePage(page, `${baseURL}parity.html`, prepared ? {} : { '/indexes/': join(folder, 'indexes') });
}

const CASES = [
  { task: 'HumanEval-X', prepared: true, hasEra: false },
  { task: 'PytorchAPI', prepared: false, hasEra: true },
];

for (const { task, prepared, hasEra } of CASES) {
  test(`${task}: the page's figures are Node's, with WASM and with WebGPU`, async ({ page, baseURL }) => {
    const folder = await mkdtemp(join(tmpdir(), 'era-parity-'));
    try {
      const tasks = join(folder, 'tasks');
      const queries = await shortTask(task, tasks);
      const expected = await figuresOfNode(task, tasks, folder, hasEra);
      expect(expected).toHaveLength(1 + 6 + (hasEra ? 2 : 0));
      await openPage(page, baseURL!, task, folder, prepared);
      const all = parseQueries(queries);
      const parts = splitLabels(all.filter(isUsable), RATIO);
      for (const device of ['wasm', 'webgpu'] as const) {
        const withEra = hasEra && device === 'wasm';
        // A software adapter takes minutes to rank the labels of the larger task some sixty times.
        const trainerDevice = prepared ? 'wasm' : device;
        const setting: PageSetting = {
          task,
          device,
          trainerDevice,
          trainers: withEra ? ['closed-form', 'era'] : ['closed-form'],
          base: BASE,
          all,
          parts,
          passages: SAMPLE,
        };
        const { figures, searched, devices } = await page.evaluate(measureInPage, setting);
        expect(devices).toEqual({ scan: device, trainer: trainerDevice });
        for (const { method, path, stage, points } of expected.filter((figure) => withEra || figure.method !== 'era')) {
          const here = figures.find(
            (figure) => figure.method === method && figure.path === path && figure.stage === stage,
          );
          expect(
            Math.abs((here?.points ?? NaN) - points),
            `${method} ${path} ${stage} on ${device}: ${String(here?.points)} and ${String(points)}`,
          ).toBeLessThan(TOLERANCE);
        }
        for (const search of searched) {
          const { points } = expected.find(
            ({ method, path, stage }) => method === 'closed-form' && path === search.path && stage === search.stage,
          )!;
          expect(
            Math.abs(pointsOf(search) - points),
            `searched, ${search.path} ${search.stage} on ${device}`,
          ).toBeLessThan(TOLERANCE);
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
