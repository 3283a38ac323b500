// The rows `keyword` and `hybrid` of an evaluation equal the rankings that a browser shows and that Node gives for the
// same published folder. Two bundled tasks, one of them in part; the small model embeds every query during the test, in
// the page and in Node.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { DEFAULT_MODEL } from '../src/encode/models.ts';
import { parseRun } from '../src/lab/trec.ts';
import { loadTasks } from '../src/node/evaluate/load-tasks.ts';
import { passageVectors } from '../src/node/evaluate/passage-vectors.ts';
import { openLocalEncoder } from '../src/node/evaluate/text-encoders.ts';
import { openCollection } from '../src/node/open-collection.ts';
import { makeBundle } from '../src/build/make-bundle.ts';
import { root, runCli } from './support/cli.ts';
import { type EnginePage, openEnginePage } from './support/engine-page.ts';

const models = join(root, 'public/models');
const io = { print: () => undefined, note: () => undefined };
const DEPTH = 10;

interface Line {
  readonly id: string;
  readonly doc: string;
}

interface Labelled {
  readonly qid: string;
  readonly query: string;
  readonly labels: readonly { readonly id: string }[];
}

const linesOf = async <T>(file: string): Promise<T[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** The first passages of a task, and the queries that they answer. */
async function writeTask(task: string, passages: number, folder: string): Promise<readonly Line[]> {
  const docs = (await linesOf<Line>(join(root, 'public/corpora', task, 'docs.jsonl'))).slice(0, passages);
  const ids = new Set(docs.map(({ id }) => id));
  const all = await linesOf<Labelled>(join(root, 'public/corpora', task, 'queries.jsonl'));
  const queries = all
    .map((query) => ({ ...query, labels: query.labels.filter(({ id }) => ids.has(id)) }))
    .filter(({ labels }) => labels.length > 0);
  await mkdir(join(folder, task), { recursive: true });
  await writeFile(join(folder, task, 'docs.jsonl'), docs.map((doc) => JSON.stringify(doc)).join('\n'));
  await writeFile(join(folder, task, 'queries.jsonl'), queries.map((query) => JSON.stringify(query)).join('\n'));
  return docs;
}

/** Publishes the task's passages, one per page, with the vectors of the evaluation. */
async function publish(docs: readonly Line[], tasks: string, cache: string, output: string): Promise<void> {
  const [task] = await loadTasks(tasks, { seed: 42 }, io);
  const encoder = await openLocalEncoder(DEFAULT_MODEL, models, cache, io);
  const vectors = await passageVectors(task!, encoder, cache);
  await encoder.close();
  const pages = docs.map((_, i) => ({
    url: `${String(i)}.html`,
    title: '',
    language: 'en',
    meta: {},
    filters: {},
    sort: {},
  }));
  const passages = docs.map(({ doc }, page) => ({ page, headings: [], anchor: '', text: doc, weight: 1 }));
  const { files } = await makeBundle({ pages, passages }, vectors, encoder.space, {
    root: '../',
    encoder: { model: DEFAULT_MODEL, models: null },
    adapters: [],
    zip: (bytes) => gzipSync(bytes),
  });
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(output, name)), { recursive: true });
    await writeFile(join(output, name), bytes);
  }
}

interface Asked {
  readonly queries: readonly string[];
  readonly limit: number;
}

/** Runs in the page, so it uses nothing from outside its body. Returns page numbers, best first. */
async function rankInPage({ queries, limit }: Asked): Promise<Record<'keyword' | 'hybrid', number[][]>> {
  const engine = new (globalThis as unknown as EnginePage).era.Engine({ encoder: { device: 'wasm' }, store: 'memory' });
  const collection = await engine.open('./era-search/');
  await collection.download();
  await collection.warmUp();
  const rank = async (mode: 'keyword' | 'hybrid'): Promise<number[][]> => {
    const all = [];
    for (const query of queries) {
      const { pages, source } = await collection.search(query, { mode, limit, sections: 1 }).best();
      if (source.ranking !== mode) throw new Error(`“${query}” was answered by ${source.ranking}.`);
      all.push(pages.map(({ page }) => page));
    }
    return all;
  };
  const ranked = { keyword: await rank('keyword'), hybrid: await rank('hybrid') };
  engine.close();
  return ranked;
}

const CASES = [
  { task: 'PytorchAPI', passages: 94 },
  { task: 'HumanEval-X', passages: 200 },
];

for (const { task, passages } of CASES) {
  test(`${task}: an evaluation, a browser and Node rank alike`, async ({ page, baseURL }) => {
    test.setTimeout(600_000);
    const folder = await mkdtemp(join(tmpdir(), 'era-ranking-'));
    const [tasks, cache, runs, site] = ['tasks', 'cache', 'runs', 'site'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    try {
      const docs = await writeTask(task, passages, tasks);
      await runCli(
        'evaluate',
        '--tasks',
        tasks,
        '--methods',
        'keyword,hybrid',
        '--local-device',
        'wasm',
        '--cache',
        cache,
        '--trec',
        runs,
      );
      const measured = {
        keyword: await rankings(join(runs, 'keyword-local-0', `${task}.run`), docs),
        hybrid: await rankings(join(runs, 'hybrid-local-0', `${task}.run`), docs),
      };
      const texts = new Map(
        (await linesOf<Labelled>(join(tasks, task, 'queries.jsonl'))).map(({ qid, query }) => [qid, query]),
      );
      const qids = [...measured.hybrid.keys()];
      const queries = qids.map((qid) => texts.get(qid)!);
      expect(queries.length).toBeGreaterThan(10);

      await publish(docs, tasks, cache, join(site, 'era-search'));
      const shown = await rankOn(page, baseURL!, join(site, 'era-search'), { queries, limit: DEPTH });
      const collection = await openCollection(site, { device: 'wasm', models });
      for (const [i, qid] of qids.entries()) {
        for (const mode of ['keyword', 'hybrid'] as const) {
          expect(shown[mode][i], `${mode}, ${qid}: ${queries[i]!}`).toEqual(measured[mode].get(qid) ?? []);
          const { pages } = await collection.search(queries[i]!, { mode, limit: DEPTH, sections: 1 }).best();
          expect(
            pages.map((hit) => hit.page),
            `Node, ${mode}, ${qid}`,
          ).toEqual(shown[mode][i]);
        }
      }
      await collection.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function rankOn(
  page: Page,
  baseURL: string,
  folder: string,
  asked: Asked,
): Promise<Awaited<ReturnType<typeof rankInPage>>> {
  await openEnginePage(page, `${baseURL}ranking.html`, { '/era-search/': folder });
  return page.evaluate(rankInPage, asked);
}

/** Query id → numbers of the passages at the top of a run. */
async function rankings(file: string, docs: readonly Line[]): Promise<ReadonlyMap<string, number[]>> {
  const numberOf = new Map(docs.map(({ id }, i) => [id, i]));
  const { rankings: byQuery } = parseRun(await readFile(file, 'utf8'));
  return new Map(
    Array.from(byQuery, ([qid, ranked]) => [qid, ranked.slice(0, DEPTH).map(({ id }) => numberOf.get(id)!)]),
  );
}
