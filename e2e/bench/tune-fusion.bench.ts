// Chooses the constants of the fusion by leave-one-task-out: each task is scored with the constants that the other
// tasks chose. It prints and never passes or fails.
//   node e2e/bench/run.mjs tune-fusion [--tasks public/corpora] [--cache .cache/vectors] [--resamples 2000]
// All labelled queries of a task count, since nothing is learned from its own. Vectors that are not in the cache are
// made first.

import { parseArgs } from 'node:util';
import { ndcg, type Grades } from '../../src/evaluate/metrics.ts';
import { gradesOf } from '../../src/evaluate/score-rankings.ts';
import { mean, pairedBootstrap } from '../../src/evaluate/statistics.ts';
import { fuseByHalves, fuseByRank } from '../../src/node/evaluate/fusion-baselines.ts';
import { openTask } from '../../src/node/evaluate/task-collection.ts';
import { queryRows } from '../../src/node/evaluate/vector-tasks.ts';
import { row as vectorOf } from '../../src/math/vector.ts';
import { fuse, FUSION, type Candidates, type FusionConstants, type WeighedWord } from '../../src/search/fusion.ts';
import { joinLists, rankByScore } from '../../src/search/ranked-list.ts';
import { openTasks, TASK_OPTIONS } from './bench-tasks.ts';

/** Candidates of each retriever that settings are compared on; the chosen setting is scored on all. */
const TUNING_DEPTH = 100;
/**
 * A task may end this many points below its better retriever without a penalty; beyond that, each point lost counts
 * this many times.
 */
const SLACK = 0.3;
const HARM = 3;
/** Settings within this many points of the best are treated as equally good and averaged. */
const TOLERANCE = 0.5;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    ...TASK_OPTIONS,
    resamples: { type: 'string', default: '2000' },
  },
});

interface LabelledLists {
  readonly candidates: Candidates;
  readonly words: readonly WeighedWord[];
  /** The ranking of the product. */
  readonly shipped: Int32Array<ArrayBuffer>;
  readonly grades: Grades;
}

/** nDCG@10 in points, per query. */
type Scores = readonly number[];
type Fusion = (lists: LabelledLists) => ArrayLike<number>;

const NAMES = [
  'power',
  'weight',
  'known',
  'coverage',
  'disagreement',
  'distance',
] as const satisfies readonly (keyof FusionConstants)[];
const settings: readonly FusionConstants[] = product({
  power: [1.5, 2],
  weight: [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5],
  known: [0.5, 0.6, 0.7],
  coverage: [0.5, 0.75, 1],
  disagreement: [0, 1, 2, 3],
  distance: [0],
});

function product(choices: Readonly<Record<keyof FusionConstants, readonly number[]>>): FusionConstants[] {
  let all: FusionConstants[] = [FUSION];
  for (const name of NAMES)
    all = all.flatMap((setting) => choices[name].map((value) => ({ ...setting, [name]: value })));
  return all;
}

function scoresOf(queries: readonly LabelledLists[], fusion: Fusion): Scores {
  return queries.map((query) => 100 * ndcg(rankByScore(query.candidates.ids, fusion(query)).ids, query.grades, 10));
}

/**
 * The candidates that some setting can bring to the top, with the best of each retriever among them, so that fused
 * scores are unchanged.
 */
function shallow({ candidates: { ids, keyword, dense }, ...rest }: LabelledLists): LabelledLists {
  const best = [keyword, dense].flatMap((list) => Array.from(rankByScore(ids, list).ids.subarray(0, TUNING_DEPTH)));
  const kept = new Set(best);
  const pick = (scores: Float32Array): Float32Array<ArrayBuffer> =>
    Float32Array.from(scores).filter((_, i) => kept.has(ids[i]!));
  return { candidates: { ids: ids.filter((id) => kept.has(id)), keyword: pick(keyword), dense: pick(dense) }, ...rest };
}

/**
 * The mean of the settings that are nearly as good as the best on the tasks.
 * @param scores [settings][tasks]
 * @param better score of the better retriever of each task
 */
function choose(scores: readonly Scores[], better: Scores, tasks: readonly number[]): FusionConstants {
  const worth = scores.map((ofSetting) =>
    mean(tasks.map((t) => ofSetting[t]! - HARM * Math.max(0, better[t]! - SLACK - ofSetting[t]!))),
  );
  const best = Math.max(...worth);
  const good = settings.filter((_, s) => worth[s]! >= best - TOLERANCE);
  return Object.fromEntries(
    NAMES.map((name) => [name, mean(good.map((setting) => setting[name]))]),
  ) as unknown as FusionConstants;
}

const { splitTasks, source, note, close } = await openTasks(values);
const systems: Readonly<Record<string, Fusion>> = {
  keywords: ({ candidates }) => candidates.keyword,
  dense: ({ candidates }) => candidates.dense,
  'reciprocal ranks': ({ candidates }) => fuseByRank(candidates),
  'half and half': ({ candidates }) => fuseByHalves(candidates),
};
const tasks: { name: string; queries: LabelledLists[]; systems: Record<string, Scores> }[] = [];
for (const { name, order } of splitTasks) {
  note(`lists of ${name}`);
  const task = await source.load(name);
  const vectors = queryRows(task, task.local, order);
  const retriever = await openTask(task);
  const queries: LabelledLists[] = [];
  for (const [i, labelled] of order.entries()) {
    const query = { text: labelled.query, vector: vectorOf(vectors, i, task.vectors.dims) };
    const { keyword, dense } = await retriever.lists(query);
    const { ids: shipped } = await retriever.retrieve(query, { k: 10 });
    queries.push({
      candidates: await joinLists(keyword, dense!),
      words: keyword.words,
      shipped,
      grades: gradesOf(labelled, task.rowOf),
    });
  }
  const shipped = queries.map(({ shipped: ids, grades }) => 100 * ndcg(ids, grades, 10));
  tasks.push({
    name,
    queries,
    systems: {
      ...Object.fromEntries(Object.entries(systems).map(([name, fusion]) => [name, scoresOf(queries, fusion)])),
      shipped,
    },
  });
}
await close();

const scores = settings.map((): number[] => []);
for (const { name, queries } of tasks) {
  note(`${settings.length} settings on ${name}`);
  const few = queries.map(shallow);
  settings.forEach((constants, s) =>
    scores[s]!.push(mean(scoresOf(few, ({ candidates, words }) => fuse(candidates, words, constants)))),
  );
}
const better = tasks.map((task) => Math.max(mean(task.systems['keywords']!), mean(task.systems['dense']!)));
const all = [...tasks.keys()];
tasks.forEach((task, t) => {
  const constants = choose(
    scores,
    better,
    all.filter((other) => other !== t),
  );
  task.systems['tuned on the others'] = scoresOf(task.queries, ({ candidates, words }) =>
    fuse(candidates, words, constants),
  );
});

const columns = [...Object.keys(systems), 'shipped', 'tuned on the others'];
const row = (name: string, cells: readonly string[]): void => console.log(`| ${[name, ...cells].join(' | ')} |`);
row('task', ['queries', ...columns]);
row(
  '---',
  ['queries', ...columns].map(() => '--:'),
);
for (const task of tasks)
  row(task.name, [String(task.queries.length), ...columns.map((column) => mean(task.systems[column]!).toFixed(1))]);
row('mean', ['', ...columns.map((column) => mean(tasks.map((task) => mean(task.systems[column]!))).toFixed(1))]);
row('from dense, 95 % interval', [
  '',
  ...columns.map((column) => {
    const { low, high } = pairedBootstrap(
      tasks.map((task) => task.systems[column]!.map((score, q) => score - task.systems['dense']![q]!)),
      { resamples: Number(values.resamples) },
    );
    return `${low.toFixed(1)} to ${high.toFixed(1)}`;
  }),
]);
row('worst against the better retriever', [
  '',
  ...columns.map((column) => {
    const least = tasks
      .map((task, t) => ({ name: task.name, difference: mean(task.systems[column]!) - better[t]! }))
      .reduce((a, b) => (b.difference < a.difference ? b : a));
    return `${least.difference.toFixed(1)} (${least.name})`;
  }),
]);
console.log('\nchosen on all tasks:', choose(scores, better, all), '\nshipped:', FUSION);
