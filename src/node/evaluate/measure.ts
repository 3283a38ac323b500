// Runs systems over all tasks, task by task, so that each is read once, and keeps what a report needs: the scores of
// every evaluation query, and the costs. Saved results are not measured again.

import { performance } from 'node:perf_hooks';
import { reads, type QueryPath } from '../../adapter/adapter.ts';
import { SCORED_DEPTH, scoreRankings } from '../../evaluate/score-rankings.ts';
import { splitSeen } from '../../evaluate/seen.ts';
import { createRanker } from '../../scan/rank-many.ts';
import type { CommandIo } from '../command-io.ts';
import type { Answer, System } from './system.ts';
import { withPeak } from './memory-peak.ts';
import type { Measured, TaskResult } from './result.ts';
import type { SavedResult, SavedRun } from './saved-run.ts';
import { STATIC_METHODS } from './static-systems.ts';
import { timeLeft } from './time-left.ts';
import type { TrecRuns } from './trec-files.ts';
import { labelParts, type LabelParts, type TaskSource, type VectorTask } from './vector-tasks.ts';

/** Their queries are read by no model. */
const WITHOUT_MODEL: readonly string[] = ['keyword', ...STATIC_METHODS];
const NOTE_EVERY_MS = 5000;

export interface MeasureSetting {
  readonly tasks: TaskSource;
  readonly saved: SavedRun;
  /** Store of rankings as TREC runs. @default none */
  readonly runs?: TrecRuns | undefined;
  /** Bytes of the small model's files that a page loads. */
  readonly modelBytes: number;
  /** Bytes of a linear map on a path, as a file. */
  readonly adapterBytes: (path: QueryPath) => number;
  readonly io: CommandIo;
}

/** @returns in the order of `systems` @throws what a system throws, and the signal's reason */
export async function measure(systems: readonly System[], setting: MeasureSetting): Promise<Measured[]> {
  const { tasks, saved, runs, modelBytes, io } = setting;
  const isMissing = (system: System, name: string): boolean =>
    !saved.find(system, name) || runs?.has(system, name) === false;
  const missing = (name: string): System[] => systems.filter((system) => isMissing(system, name));
  const learned = new Map<System, Learned>();
  for (const system of systems) {
    if (tasks.names.some((name) => isMissing(system, name))) learned.set(system, await learn(system));
  }
  const startMs = Date.now();
  let lastNoteMs = startMs;
  const counts = tasks.names.map((name) => missing(name).length);
  let left = counts.reduce((sum, count) => sum + count, 0);
  const planned = left;
  for (const [i, name] of tasks.names.entries()) {
    if (counts[i] === 0) continue;
    const task = await tasks.load(name);
    for (const system of missing(name)) {
      io.signal?.throwIfAborted();
      saved.add(await measureTask(system, learned.get(system)!, task, setting));
      left--;
      if (Date.now() - lastNoteMs < NOTE_EVERY_MS && left > 0) continue;
      lastNoteMs = Date.now();
      io.note(
        `  measured ${planned - left} of ${planned}, ${timeLeft(startMs, planned - left, left)}: ${system.method}, ${system.path}, ${100 * system.ratio} % of labels, ${name} (task ${i + 1} of ${tasks.names.length})`,
      );
    }
  }
  return systems.map((system) =>
    summary(
      system,
      tasks.names.map((name) => saved.find(system, name)!),
      modelBytes,
    ),
  );
}

interface Learned {
  readonly seconds: number;
  readonly peakBytes: number;
}

async function learn(system: System): Promise<Learned> {
  if (!system.learn) return { seconds: 0, peakBytes: 0 };
  const { value, peakBytes } = await withPeak(system.learn);
  return { seconds: value, peakBytes };
}

async function measureTask(
  system: System,
  learned: Learned,
  task: VectorTask,
  { adapterBytes, runs }: MeasureSetting,
): Promise<SavedResult> {
  const { method, path, ratio, version } = system;
  const parts = labelParts(task, ratio);
  const startMs = performance.now();
  const { value, peakBytes } = await withPeak(async () => {
    const answer = await system.answer(task, parts);
    return { answer, rows: await rank(task, answer) };
  });
  await runs?.keep(system, task, parts.evaluation, value.rows);
  return {
    system: { method, path, ratio, version },
    result: taskResult(task, parts, value.rows),
    cost: {
      learnSeconds: learned.seconds,
      seconds: (performance.now() - startMs) / 1000,
      peakBytes: Math.max(peakBytes, learned.peakBytes),
      adapterBytes: value.answer.adapterBytes ?? adapterBytes(path),
    },
  };
}

async function rank(task: VectorTask, { queries, documents, rows }: Answer): Promise<Int32Array> {
  if (rows) return rows;
  return (await (documents ? createRanker(documents) : task.ranker).rank(queries, SCORED_DEPTH)).rows;
}

function taskResult(task: VectorTask, { train, validation, evaluation }: LabelParts, rows: Int32Array): TaskResult {
  const labelled = [...train, ...validation];
  const seen = new Set(splitSeen(evaluation, labelled).seen.map(({ qid }) => qid));
  return {
    task: task.name,
    domain: task.domain,
    passages: task.passages,
    queries: task.queries.length,
    labelled: labelled.length,
    scores: scoreRankings(evaluation, task.rowOf, rows).map((score) => ({ ...score, seen: seen.has(score.qid) })),
  };
}

function summary(
  { method, path, ratio, version }: System,
  saved: readonly SavedResult[],
  modelBytes: number,
): Measured {
  const highest = (figure: (result: SavedResult) => number): number =>
    saved.reduce((most, result) => Math.max(most, figure(result)), 0);
  return {
    system: { method, path, ratio, version },
    tasks: saved.map(({ result }) => result),
    cost: {
      labels: saved.reduce((sum, { result }) => sum + result.labelled, 0),
      seconds: highest(({ cost }) => cost.learnSeconds) + saved.reduce((sum, { cost }) => sum + cost.seconds, 0),
      peakBytes: highest(({ cost }) => cost.peakBytes),
      pageBytes:
        (!reads(path, 'local') || WITHOUT_MODEL.includes(method) || method.startsWith('run:') ? 0 : modelBytes) +
        highest(({ cost }) => cost.adapterBytes),
    },
  };
}
