// Fits the weights that tell queries which a collection answers from queries of other collections, with the task at hand
// left out, and prints how many of the others are refused at which price. It never passes or fails.
//   node e2e/bench/run.mjs fit-answerable [--tasks public/corpora] [--cache .cache/vectors] [--own 60] [--others 90]
// Vectors that are not in the cache are made first.

import { parseArgs } from 'node:util';
import { ndcg } from '../../src/evaluate/metrics.ts';
import { gradesOf } from '../../src/evaluate/score-rankings.ts';
import { cholesky, solveCholesky } from '../../src/math/cholesky.ts';
import { zeros } from '../../src/math/matrix.ts';
import { row as vectorOf } from '../../src/math/vector.ts';
import { openStaticTask } from '../../src/node/evaluate/static-systems.ts';
import { openTask } from '../../src/node/evaluate/task-collection.ts';
import { queryRows } from '../../src/node/evaluate/vector-tasks.ts';
import {
  DOUBTFUL,
  EVIDENCE,
  evidenceOf,
  logOddsOf,
  type AnswerableWeights,
  type Evidence,
  type Reader,
} from '../../src/search/answerable.ts';
import type { HybridRetriever } from '../../src/search/hybrid-retriever.ts';
import { openTasks, TASK_OPTIONS } from './bench-tasks.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    ...TASK_OPTIONS,
    own: { type: 'string', default: '60' },
    others: { type: 'string', default: '90' },
  },
});

/** Shares of the answered queries that may be refused. */
const PRICES = [0.005, 0.01, 0.02, 0.05, 0.1];

interface Case {
  readonly task: string;
  readonly isAnswered: boolean;
  readonly evidence: Evidence;
}

interface Asked {
  readonly text: string;
  readonly vector: Float32Array;
}

/** Evenly spread over a list. */
function some<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]!);
}

const { splitTasks, source, note, close } = await openTasks(values, { memoryBytes: 8e9, withStatic: true });
const queriesOf = new Map<string, Asked[]>();
for (const { name, order } of splitTasks) {
  const task = await source.load(name);
  const vectors = queryRows(task, task.local, order);
  queriesOf.set(
    name,
    order.map(({ query }, i) => ({ text: query, vector: vectorOf(vectors, i, task.vectors.dims).slice() })),
  );
}
const cases: Record<'static' | 'small', Case[]> = { static: [], small: [] };
for (const { name, order } of splitTasks) {
  note(`lists of ${name}`);
  const task = await source.load(name);
  const retrievers = {
    small: await openTask(task),
    static: await openStaticTask(task),
  };
  const others = splitTasks.flatMap((other) =>
    other.name === name
      ? []
      : some(queriesOf.get(other.name)!, Math.ceil(Number(values.others) / (splitTasks.length - 1))),
  );
  for (const [reader, retriever] of Object.entries(retrievers) as ['static' | 'small', HybridRetriever][]) {
    const evidence = async ({
      text,
      vector,
    }: Asked): Promise<{ ids: Int32Array<ArrayBuffer>; evidence: Evidence | null }> => {
      const list = await retriever.retrieve({ text, vector: reader === 'small' ? vector : null }, { k: 10 });
      return { ids: list.ids, evidence: evidenceOf(list.keyword, list.dense, retriever.count) };
    };
    for (const [asked, labelled] of some(
      order.map((labelled, i) => [queriesOf.get(name)![i]!, labelled] as const),
      Number(values.own),
    )) {
      const found = await evidence(asked);
      const isAnswered = ndcg(found.ids, gradesOf(labelled, task.rowOf), 10) > 0;
      if (found.evidence && isAnswered) cases[reader].push({ task: name, isAnswered, evidence: found.evidence });
    }
    for (const asked of others) {
      const found = await evidence(asked);
      if (found.evidence) cases[reader].push({ task: name, isAnswered: false, evidence: found.evidence });
    }
  }
}
await close();

/** Logistic regression with equal weight of both classes, by Newton's method; a small ridge keeps it finite. */
function fit(all: readonly Case[], names: readonly (keyof Evidence)[]): AnswerableWeights {
  const size = names.length + 1;
  const answered = all.filter(({ isAnswered }) => isAnswered).length;
  const weights = new Float64Array(size);
  const rowOf = ({ evidence }: Case): number[] => [1, ...names.map((name) => evidence[name])];
  for (let step = 0; step < 30; step++) {
    const gradient = zeros(size, 1);
    const hessian = zeros(size, size);
    for (const one of all) {
      const x = rowOf(one);
      const share = 0.5 / (one.isAnswered ? answered : all.length - answered);
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * weights[i]!, 0)));
      for (let i = 0; i < size; i++) {
        gradient.values[i]! += share * (Number(one.isAnswered) - p) * x[i]!;
        for (let j = 0; j < size; j++) hessian.values[i * size + j]! += share * p * (1 - p) * x[i]! * x[j]!;
      }
    }
    for (let i = 1; i < size; i++) {
      gradient.values[i]! -= 1e-4 * weights[i]!;
      hessian.values[i * (size + 1)]! += 1e-4;
    }
    solveCholesky(cholesky(hessian), gradient).values.forEach((change, i) => (weights[i]! += change));
  }
  const none = Object.fromEntries(EVIDENCE.map((name) => [name, 0])) as unknown as Evidence;
  return { ...none, ...Object.fromEntries(names.map((name, i) => [name, weights[i + 1]!])), intercept: weights[0]! };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * sorted.length)]!;
}

/** Cosines of one reader are on one scale; of several, only differences are compared. */
const BY_COSINE: readonly (keyof Evidence)[] = ['match', 'lead', 'nearest', 'size'];
const BY_DIFFERENCE: readonly (keyof Evidence)[] = ['match', 'lead', 'standing', 'size'];
const fits: readonly [Reader, readonly Case[], readonly (keyof Evidence)[]][] = [
  ['static', cases.static, BY_COSINE],
  ['small', cases.small, BY_COSINE],
  ['other', [...cases.small, ...cases.static], BY_DIFFERENCE],
];
for (const [reader, all, names] of fits) {
  const tasks = [...new Set(all.map(({ task }) => task))];
  const scored = tasks.flatMap((task) => {
    const weights = fit(
      all.filter((one) => one.task !== task),
      names,
    );
    return all.filter((one) => one.task === task).map((one) => ({ ...one, score: logOddsOf(one.evidence, weights) }));
  });
  const own = scored.filter(({ isAnswered }) => isAnswered);
  const others = scored.filter(({ isAnswered }) => !isAnswered);
  const sorted = own.map(({ score }) => score).sort((a, b) => a - b);
  console.log(`\n${reader}: ${String(own.length)} answered queries, ${String(others.length)} of other tasks`);
  const refusedOf = (some: readonly { readonly score: number }[], least: number): string =>
    `${((100 * some.filter(({ score }) => score < least).length) / some.length).toFixed(1)} %`;
  const shipped = Math.log(DOUBTFUL / (1 - DOUBTFUL));
  console.log(
    `below ${String(DOUBTFUL)}: ${refusedOf(own, shipped)} of the answered, ${refusedOf(others, shipped)} of the others`,
  );
  for (const price of PRICES) {
    const least = quantile(sorted, price);
    const lost = (task: string): number => {
      const ofTask = own.filter((one) => one.task === task);
      return ofTask.filter(({ score }) => score < least).length / ofTask.length;
    };
    const worst = tasks.toSorted((a, b) => lost(b) - lost(a))[0]!;
    console.log(
      `${(100 * price).toFixed(1)} % of the answered refused: ${refusedOf(others, least)} of the others (confidence below ${(1 / (1 + Math.exp(-least))).toFixed(3)}; most ${(100 * lost(worst)).toFixed(0)} % of ${worst})`,
    );
  }
  const weights = fit(all, names);
  console.log(
    `{ ${(['intercept', ...EVIDENCE] as const).map((name) => `${name}: ${weights[name].toFixed(2)}`).join(', ')} }`,
  );
}
