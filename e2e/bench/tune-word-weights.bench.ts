// Trains the net that weighs the words of a query read without a model, and measures what it brings: each task by a net
// that other tasks trained, with keywords, as the first answer of a first visit. It prints and never passes or fails.
//   node e2e/bench/run.mjs tune-word-weights --tasks DIR [--models public/models] [--cache .cache/vectors] [--write]
// Training has all labelled queries of a task; the figures are of the evaluation halves, as `era-search evaluate` has
// them. --write puts the net of all tasks into src/encode/static/word-net.ts.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { DEFAULT_ANALYZER } from '../../src/analysis/analyzers.ts';
import { findIn, inPassageSpace, wordsOfQuery } from '../../src/encode/static/static-encoder.ts';
import { BY_RARITY, featuresOf, sumOfWords, type WordNet } from '../../src/encode/static/word-weights.ts';
import { ndcg } from '../../src/evaluate/metrics.ts';
import { gradesOf } from '../../src/evaluate/score-rankings.ts';
import { mean, pairedBootstrap } from '../../src/evaluate/statistics.ts';
import type { StaticIndex } from '../../src/format/static-parts.ts';
import { dequantizeRows } from '../../src/math/quantize.ts';
import { Random } from '../../src/math/random.ts';
import { dot, normalizeRows, row } from '../../src/math/vector.ts';
import { retrieverOf } from '../../src/node/evaluate/static-systems.ts';
import { openTask, partsOfTask } from '../../src/node/evaluate/task-collection.ts';
import { labelParts, queryRows, type VectorTask } from '../../src/node/evaluate/vector-tasks.ts';
import { HybridRetriever } from '../../src/search/hybrid-retriever.ts';
import { queryWords } from '../../src/search/query-words.ts';
import { openTasks, TASK_OPTIONS } from './bench-tasks.ts';
import { trainWordNet, type TrainingQuery } from './train-word-net.ts';

const SEED = 1;
const FOLDS = 8;
const DOCUMENTS = 256;
const MOST_QUERIES = 250;
const MOST_RELEVANT = 30;
const NEAREST = 50;
const BY_WORDS = 30;
/** Most words of a query that are trained on. */
const MOST_WORDS = 100;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    ...TASK_OPTIONS,
    write: { type: 'boolean', default: false },
  },
});

const { splitTasks, source, note, close } = await openTasks(values, { memoryBytes: 8e9, withStatic: true });
const trained = new Map<string, TrainingQuery[]>();
for (const { name } of splitTasks) {
  const task = await source.load(name);
  trained.set(name, await trainingQueries(task, await task.openStatic!()));
  note(`${name}: ${trained.get(name)!.length} queries to train on`);
}
await close();

/** Tasks over the same passages are in one fold. */
const corpora = [...new Set(splitTasks.map(({ passagesHash }) => passagesHash))];
const foldOf = new Map(splitTasks.map(({ name, passagesHash }) => [name, corpora.indexOf(passagesHash) % FOLDS]));
const trainOn = (use: (name: string) => boolean): WordNet =>
  trainWordNet(
    [...trained].filter(([name]) => use(name)).flatMap(([, queries]) => queries),
    SEED,
  );
const nets = Array.from({ length: FOLDS }, (_, fold) => trainOn((name) => foldOf.get(name) !== fold));

interface Scores {
  readonly keywords: number[];
  readonly model: number[];
  readonly rarity: number[];
  readonly net: number[];
}
const scores = new Map<string, Scores>();
for (const { name } of splitTasks) {
  const found = await scoresOf(await source.load(name), nets[foldOf.get(name)!]!);
  scores.set(name, found);
  const shown = Object.entries(found).map(([what, each]) => `${what} ${mean(each as number[]).toFixed(1)}`);
  console.log(`${name}: ${shown.join(', ')}`);
}
const macro = (what: keyof Scores): number => mean([...scores.values()].map((each) => mean(each[what])));
const share = (what: keyof Scores): string =>
  `${((100 * (macro(what) - macro('keywords'))) / (macro('model') - macro('keywords'))).toFixed(0)} % of the gain`;
console.log(
  `mean: keywords ${macro('keywords').toFixed(1)}, model ${macro('model').toFixed(1)}; without a model by rarity ${macro('rarity').toFixed(1)} (${share('rarity')}), by the net of other tasks ${macro('net').toFixed(1)} (${share('net')})`,
);
const { low, high } = pairedBootstrap(
  [...scores.values()].map(({ net, rarity }) => net.map((score, q) => score - rarity[q]!)),
);
console.log(`net from rarity: ${low.toFixed(1)} to ${high.toFixed(1)} (95 %, over queries)`);

if (values.write) {
  const net = trainOn(() => true);
  await writeFile(
    new URL('../../src/encode/static/word-net.ts', import.meta.url),
    `// The numbers of word-weights.ts. Written by \`node e2e/bench/run.mjs tune-word-weights --write\`.\n\nexport const WORD_NET = ${JSON.stringify(net, null, 2)} as const;\n`,
  );
}

async function trainingQueries(task: VectorTask, index: StaticIndex): Promise<TrainingQuery[]> {
  const random = new Random(SEED);
  const { dims, directions } = index;
  const along = dequantizeRows(directions);
  const project = (vector: Float32Array): Float32Array =>
    Float32Array.from({ length: dims }, (_, i) => dot(row(along, i, directions.dims), vector));
  const retriever = await openTask(task);
  const count = task.vectors.scales.length;
  const all = Array.from({ length: count }, (_, id) => id);
  const queries = random.sample(task.order, MOST_QUERIES);
  const made: TrainingQuery[] = [];
  for (const labelled of queries) {
    const known = await wordsOfQuery(queryWords(labelled.query, DEFAULT_ANALYZER), dims, findIn(index.rows));
    const words = known.slice(0, MOST_WORDS);
    if (words.length === 0) continue;
    const counts = words.map(({ count: times }) => times);
    const sum = sumOfWords(words, counts);
    normalizeRows(sum, dims);
    const model = queryRows(task, task.local, [labelled]);
    const grades = gradesOf(labelled, task.rowOf);
    const relevant = [...grades].filter(([, grade]) => grade > 0).sort(([, a], [, b]) => b - a);
    const { keyword } = await retriever.lists({ text: labelled.query, vector: model });
    const nearest = async (vector: Float32Array): Promise<Int32Array> =>
      (await task.ranker.rank(vector, Math.min(NEAREST, count))).rows;
    const ids = [
      ...new Set([
        ...relevant.slice(0, MOST_RELEVANT).map(([id]) => id),
        ...(await nearest(inPassageSpace(sum, directions))),
        ...(await nearest(model)),
        ...keyword.ids.subarray(0, BY_WORDS),
        ...random.sample(all, DOCUMENTS),
      ]),
    ].slice(0, DOCUMENTS);
    const passages = dequantizeRows(task.vectors, ids);
    const points = ids.map((_, d) => project(row(passages, d, task.vectors.dims)));
    const modelPoint = project(model);
    const total = ids.reduce((some, id) => some + Math.max(0, grades.get(id) ?? 0), 0);
    made.push({
      features: featuresOf(words),
      counts,
      gram: Float32Array.from(words.flatMap(({ vector }) => words.map((other) => dot(vector, other.vector)))),
      products: Float32Array.from(words.flatMap(({ vector }) => points.map((point) => dot(vector, point)))),
      toModel: Float32Array.from(words, ({ vector }) => dot(vector, modelPoint)),
      model: Float32Array.from(ids, (_, d) => dot(row(passages, d, task.vectors.dims), model)),
      grades: Float32Array.from(ids, (id) => (total > 0 ? Math.max(0, grades.get(id) ?? 0) / total : 0)),
      weight: 1 / queries.length,
    });
  }
  return made;
}

async function scoresOf(task: VectorTask, net: WordNet): Promise<Scores> {
  const index = await task.openStatic!();
  const { evaluation } = labelParts(task, 0);
  const parts = await partsOfTask(task);
  const model = await openTask(task);
  const vectors = queryRows(task, task.local, evaluation);
  const first = (by: WordNet): HybridRetriever =>
    new HybridRetriever({ ...parts, dense: retrieverOf(index, 'start', by) });
  const points = async (retriever: HybridRetriever, withVectors: boolean): Promise<number[]> => {
    const each: number[] = [];
    for (const [i, labelled] of evaluation.entries()) {
      const vector = withVectors ? row(vectors, i, task.vectors.dims) : null;
      const { ids } = await retriever.retrieve({ text: labelled.query, vector }, { k: 10 });
      each.push(100 * ndcg(ids, gradesOf(labelled, task.rowOf), 10));
    }
    return each;
  };
  return {
    keywords: await points(model, false),
    model: await points(model, true),
    rarity: await points(first(BY_RARITY), false),
    net: await points(first(net), false),
  };
}
