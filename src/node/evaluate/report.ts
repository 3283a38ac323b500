// The report of an evaluation, as it is written to JSON: figures only, computed from the measurements. All scores and
// differences are in points of 100. report-tables.ts and html/ format it.

import type { QueryPath } from '../../adapter/adapter.ts';
import { EraError } from '../../errors.ts';
import { holm, mean, pairedBootstraps } from '../../evaluate/statistics.ts';
import type { Cost, EvaluatedQuery, Measured, TaskResult } from './result.ts';
import type { Method, RunMethod } from './systems.ts';

/** Smaller parts of a task are too noisy to report. */
export const MIN_PART_QUERIES = 50;

/**
 * Holm's correction multiplies p by up to the number of rows; the smallest possible p, 2 / (resamples + 1), has to
 * leave room for that.
 */
const RESAMPLES = 10_000;

/** A difference in macro nDCG@10 on the same queries, with its 95 % interval by paired bootstrap. */
export interface Comparison {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  /** Corrected for the number of rows that are compared with the same reference. */
  readonly pHolm: number;
}

export interface TaskDifference {
  readonly task: string;
  /** From the small model without instruction. */
  readonly difference: number;
}

export interface PartScore {
  /** Mean nDCG@10 of the method, and of the small model without instruction; null where there are no such queries. */
  readonly ndcg: number | null;
  readonly small: number | null;
  readonly queries: number;
}

/**
 * Summary of the seen or the unseen evaluation queries: those with, or without, a relevant passage that was a positive
 * in the labels used.
 */
export interface PartSummary {
  readonly perTask: Readonly<Record<string, PartScore>>;
  /** Tasks with at least `MIN_PART_QUERIES` such queries; the next two are over them, null where there are none. */
  readonly tasks: number;
  /** Mean difference from the small model without instruction. */
  readonly difference: number | null;
  readonly worst: TaskDifference | null;
}

export interface ReportRow {
  readonly method: Method | RunMethod;
  readonly path: QueryPath;
  readonly ratio: number;
  /** nDCG@10: mean over tasks of the mean over evaluation queries, as ERA reports it. */
  readonly macro: number;
  /**
   * nDCG@10: mean over all evaluation queries, as MAIR weights its tasks; its sub-splits are tasks of their own after
   * `mair --sub-splits apart`.
   */
  readonly weighted: number;
  readonly perDomain: Readonly<Record<string, number>>;
  readonly perTask: Readonly<Record<string, number>>;
  readonly unseen: PartSummary;
  readonly seen: PartSummary;
  /** Comparison with the small model without instruction; null for that model. */
  readonly against: Comparison | null;
  /** Comparison with ERA at the same ratio, aligned only at 0; null for ERA and where it was not run. */
  readonly againstEra: Comparison | null;
  readonly worst: TaskDifference | null;
  /** Means over tasks, and the value of each task. */
  readonly recall100: number;
  readonly mrr: number;
  readonly recall100PerTask: Readonly<Record<string, number>>;
  readonly mrrPerTask: Readonly<Record<string, number>>;
  readonly cost: Cost;
}

export interface TaskFacts {
  readonly domain: string;
  readonly passages: number;
  readonly queries: number;
  /** Evaluation queries. */
  readonly evaluation: number;
}

export interface Run {
  /** The command that reproduces the report. */
  readonly command: string;
  readonly date: string;
  readonly seed: number;
  /** Space ids. */
  readonly documents: string;
  readonly queries: string | null;
}

export interface Report extends Run {
  readonly tasks: Readonly<Record<string, TaskFacts>>;
  readonly rows: readonly ReportRow[];
}

/** @param small the small model without instruction, which need not be among `measured` */
export function makeReport(run: Run, measured: readonly Measured[], small: Measured): Report {
  return {
    ...run,
    tasks: byTask(small.tasks, ({ domain, passages, queries, scores }) => ({
      domain,
      passages,
      queries,
      evaluation: scores.length,
    })),
    rows: reportRows(measured, small, run.seed),
  };
}

/** @throws EraError `internal` when the entries were measured on different queries */
export function reportRows(measured: readonly Measured[], small: Measured, seed: number): ReportRow[] {
  const against = compare(
    measured,
    measured.map(({ system }) => (system.method === 'small' ? null : small)),
    seed,
  );
  const againstEra = compare(
    measured,
    measured.map(({ system }) => eraBeside(system, measured)),
    seed,
  );
  return measured.map(({ system, tasks, cost }, i) => {
    const ndcg = byTask(tasks, meanOf('ndcg10'));
    const recall100PerTask = byTask(tasks, meanOf('recall100'));
    const mrrPerTask = byTask(tasks, meanOf('reciprocalRank'));
    const smallNdcg = byTask(small.tasks, meanOf('ndcg10'));
    return {
      method: system.method,
      path: system.path,
      ratio: system.ratio,
      macro: mean(Object.values(ndcg)),
      weighted: 100 * mean(tasks.flatMap(({ scores }) => scores.map(({ ndcg10 }) => ndcg10))),
      perDomain: perDomain(tasks, ndcg),
      perTask: ndcg,
      unseen: part(tasks, small.tasks, ({ seen }) => !seen),
      seen: part(tasks, small.tasks, ({ seen }) => seen),
      against: against[i]!,
      againstEra: againstEra[i]!,
      worst: against[i]
        ? worstOf(Object.entries(ndcg).map(([task, value]) => ({ task, difference: value - smallNdcg[task]! })))
        : null,
      recall100: mean(Object.values(recall100PerTask)),
      mrr: mean(Object.values(mrrPerTask)),
      recall100PerTask,
      mrrPerTask,
      cost,
    };
  });
}

function eraBeside({ method, ratio }: Measured['system'], measured: readonly Measured[]): Measured | null {
  if (method === 'era' || method === 'era-align') return null;
  const names: readonly ReportRow['method'][] = ratio === 0 ? ['era-align', 'era'] : ['era'];
  return measured.find(({ system }) => system.ratio === ratio && names.includes(system.method)) ?? null;
}

/** Each entry with its reference, where it has one; Holm's correction is over all of these. */
function compare(
  entries: readonly Measured[],
  references: readonly (Measured | null)[],
  seed: number,
): (Comparison | null)[] {
  const pairs = entries.flatMap((entry, i) =>
    references[i] ? [{ i, differences: differences(entry, references[i]) }] : [],
  );
  const estimates = pairedBootstraps(
    pairs.map((pair) => pair.differences),
    { seed, resamples: RESAMPLES },
  );
  const adjusted = holm(estimates.map(({ p }) => p));
  const comparisons = new Array<Comparison | null>(entries.length).fill(null);
  pairs.forEach(({ i }, k) => {
    const { mean: difference, low, high, p } = estimates[k]!;
    comparisons[i] = { difference: 100 * difference, low: 100 * low, high: 100 * high, p, pHolm: adjusted[k]! };
  });
  return comparisons;
}

/** Per task the difference in nDCG@10 of every evaluation query. */
function differences(entry: Measured, reference: Measured): Float64Array[] {
  return entry.tasks.map(({ task, scores }, t) => {
    const others = reference.tasks[t]?.scores ?? [];
    if (others.length !== scores.length || scores.some(({ qid }, q) => qid !== others[q]!.qid))
      throw new EraError('internal', `${task} was measured on different queries.`);
    return Float64Array.from(scores, ({ ndcg10 }, q) => ndcg10 - others[q]!.ndcg10);
  });
}

function part(
  tasks: readonly TaskResult[],
  smallTasks: readonly TaskResult[],
  belongs: (query: EvaluatedQuery) => boolean,
): PartSummary {
  const perTask = byTask(tasks, ({ scores }, t): PartScore => {
    const kept = scores.flatMap((score, q) =>
      belongs(score) ? [{ own: score.ndcg10, small: smallTasks[t]!.scores[q]!.ndcg10 }] : [],
    );
    if (kept.length === 0) return { ndcg: null, small: null, queries: 0 };
    return {
      ndcg: 100 * mean(kept.map(({ own }) => own)),
      small: 100 * mean(kept.map(({ small }) => small)),
      queries: kept.length,
    };
  });
  const large = Object.entries(perTask).flatMap(([task, { ndcg, small, queries }]) =>
    ndcg === null || small === null || queries < MIN_PART_QUERIES ? [] : [{ task, difference: ndcg - small }],
  );
  return {
    perTask,
    tasks: large.length,
    difference: large.length === 0 ? null : mean(large.map(({ difference }) => difference)),
    worst: worstOf(large),
  };
}

function worstOf(differences: readonly TaskDifference[]): TaskDifference | null {
  return differences.reduce<TaskDifference | null>(
    (least, each) => (least && least.difference <= each.difference ? least : each),
    null,
  );
}

function perDomain(tasks: readonly TaskResult[], perTask: Readonly<Record<string, number>>): Record<string, number> {
  const domains = [...new Set(tasks.map(({ domain }) => domain))].sort();
  return Object.fromEntries(
    domains.map((domain) => [
      domain,
      mean(tasks.filter((each) => each.domain === domain).map(({ task }) => perTask[task]!)),
    ]),
  );
}

function meanOf(figure: 'ndcg10' | 'recall100' | 'reciprocalRank'): (result: TaskResult) => number {
  return ({ scores }) => 100 * mean(scores.map((score) => score[figure]));
}

function byTask<T>(tasks: readonly TaskResult[], value: (result: TaskResult, i: number) => T): Record<string, T> {
  return Object.fromEntries(tasks.map((result, i) => [result.task, value(result, i)]));
}
