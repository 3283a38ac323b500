// Tasks as vectors, the input of all methods: passages as the index stores them, queries by both models. They are read
// one at a time and kept up to a number of bytes, so that any number of tasks can be processed.

import { createHash } from 'node:crypto';
import { EraError } from '../../errors.ts';
import { gradesOf } from '../../evaluate/score-rankings.ts';
import { splitOrder } from '../../evaluate/split.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { queryInput, reads, type QueryPath } from '../../adapter/adapter.ts';
import type { LabelledQueries } from '../../adapter/labelled-queries.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { prompted } from '../../role.ts';
import { createRanker, type Ranker } from '../../scan/rank-many.ts';
import type { CachedEncoder } from './cached-encoder.ts';
import type { SplitTask } from './load-tasks.ts';
import { passageVectors } from './passage-vectors.ts';
import { readWithoutModel, taskStatic } from './task-static.ts';
import type { QueryModel, QueryModelVectors } from './query-model.ts';

type Matrix = Float32Array<ArrayBuffer>;

export interface VectorTask extends SplitTask {
  readonly vectors: QuantizedVectors;
  readonly ranker: Ranker;
  /** [queries, dims] of the small model, in file order: the query alone, and after its instruction. */
  readonly local: Matrix;
  readonly instructed: Matrix | null;
  /** [queries, dims] of the static query encoder, in file order; null where no path needs it. */
  readonly static: Matrix | null;
  /** Vectors of the query model; null where no method needs it. */
  readonly remote: QueryModelVectors | null;
  /** Its static query encoder; null where no method needs it. */
  readonly openStatic: (() => Promise<StaticIndex>) | null;
}

/** The tasks of an evaluation. A task may be dropped after its use and read again, so do not keep a loaded one. */
export interface TaskSource {
  readonly names: readonly string[];
  /** @throws EraError of the models, their caches and the files; the signal's reason */
  readonly load: (name: string) => Promise<VectorTask>;
}

export interface TaskModels {
  readonly small: CachedEncoder;
  /** The same model for queries, where another device computes them. @default small */
  readonly local?: CachedEncoder | undefined;
  /** Query prompt of the small model, with `{text}`; empty for none. */
  readonly localPrompt: string;
  readonly queryModel: QueryModel | null;
  /** Also embed queries with their instruction. */
  readonly wantInstructed: boolean;
  /** How static query encoders are made. @default they are not */
  readonly static?: {
    readonly general: GeneralTable | null;
    /** Whether it reads the queries for the path `static`. */
    readonly wantQueries: boolean;
    readonly signal: AbortSignal | undefined;
  } | null;
}

/**
 * @param cache folder for the quantised passages
 * @param memoryBytes most bytes of kept tasks, without the one in use; tasks over the same passages share them
 */
export function taskSource(
  tasks: readonly SplitTask[],
  models: TaskModels,
  cache: string,
  memoryBytes: number,
): TaskSource {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  /** Least recently used first. */
  const kept = new Map<string, VectorTask>();
  return {
    names: [...byName.keys()],
    load: async (name) => {
      const split = byName.get(name);
      if (!split) throw new EraError('internal', `There is no task ${name}.`);
      const task = kept.get(name) ?? (await vectorTask(split, models, cache, [...kept.values()]));
      kept.delete(name);
      kept.set(name, task);
      while (kept.size > 1 && bytesOf([...kept.values()]) > memoryBytes) kept.delete(kept.keys().next().value!);
      return task;
    },
  };
}

async function vectorTask(
  task: SplitTask,
  { small, local = small, localPrompt, queryModel, wantInstructed, static: staticOptions }: TaskModels,
  cache: string,
  kept: readonly VectorTask[],
): Promise<VectorTask> {
  const { name, queries } = task;
  const same = kept.find(({ passagesHash }) => passagesHash === task.passagesHash);
  const vectors = same?.vectors ?? (await passageVectors(task, small, cache));
  const openStatic =
    same?.openStatic ??
    (staticOptions ? await taskStatic(task, vectors, small, staticOptions.general, staticOptions.signal) : null);
  return {
    ...task,
    vectors,
    ranker: same?.ranker ?? createRanker(vectors),
    local: await local.encode(
      queries.map(({ query }) => prompted(localPrompt, query)),
      `queries of ${name}`,
    ),
    instructed: wantInstructed
      ? await local.encode(
          queries.map((query) => prompted(localPrompt, withInstruction(query))),
          `queries of ${name} with instruction`,
        )
      : null,
    static:
      openStatic && staticOptions?.wantQueries
        ? await readWithoutModel(
            await openStatic(),
            queries.map(({ query }) => query),
          )
        : null,
    remote: queryModel && (await queryModel.vectorsOf(task)),
    openStatic,
  };
}

/** sha-256 in hexadecimal of all data of a task that is measured or learned from. */
export function taskHash({ static: unread, ...task }: VectorTask): string {
  const { name, domain, queries, order, sample, vectors, local, remote } = task;
  const hash = createHash('sha256').update(
    JSON.stringify([name, domain, queries, order.map(({ qid }) => qid), sample]),
  );
  for (const { buffer, byteOffset, byteLength } of [
    vectors.codes,
    vectors.scales,
    local,
    ...(unread ? [unread] : []),
    ...(remote ? [remote.queries, remote.sample] : []),
  ]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

function bytesOf(tasks: readonly VectorTask[]): number {
  const corpora = new Map(tasks.map(({ vectors }) => [vectors, vectors.codes.byteLength + vectors.scales.byteLength]));
  const queries = tasks.flatMap(({ local, instructed, static: unread, remote }) =>
    [local, instructed, unread, remote?.queries, remote?.sample].map((matrix) => matrix?.byteLength ?? 0),
  );
  return [...corpora.values(), ...queries].reduce((sum, bytes) => sum + bytes, 0);
}

/** ERA's format of instructions (its wrappers for Qwen3 and bge-m3). */
function withInstruction({ instruction, query }: LabelledQuery): string {
  return instruction === '' ? query : `Instruct: ${instruction}\nQuery: ${query}`;
}

export interface LabelParts {
  readonly train: readonly LabelledQuery[];
  readonly validation: readonly LabelledQuery[];
  readonly evaluation: readonly LabelledQuery[];
}

/** @throws EraError `invalid-option` */
export function labelParts(task: SplitTask, ratio: number): LabelParts {
  const byId = new Map(task.order.map((query) => [query.qid, query]));
  const split = splitOrder([...byId.keys()], ratio);
  const pick = (ids: readonly string[]): LabelledQuery[] => ids.map((id) => byId.get(id)!);
  return { train: pick(split.train), validation: pick(split.validation), evaluation: pick(split.evaluation) };
}

/** Queries outside the evaluation part, in file order, with or without labels. */
export function outsideEvaluation(task: SplitTask): LabelledQuery[] {
  const evaluation = new Set(labelParts(task, 0).evaluation.map(({ qid }) => qid));
  return task.queries.filter(({ qid }) => !evaluation.has(qid));
}

/**
 * Rows of a matrix in file order that belong to `queries`.
 * @param matrix [task.queries.length, dims]
 * @returns [queries.length, dims]
 */
export function queryRows(task: VectorTask, matrix: Matrix, queries: readonly LabelledQuery[]): Matrix {
  const dims = matrix.length / task.queries.length;
  const place = new Map(task.queries.map(({ qid }, i) => [qid, i]));
  const out = new Float32Array(queries.length * dims);
  queries.forEach(({ qid }, i) => {
    const at = place.get(qid);
    if (at === undefined) throw new EraError('internal', `The query ${qid} is not of the task ${task.name}.`);
    out.set(matrix.subarray(at * dims, (at + 1) * dims), i * dims);
  });
  return out;
}

/**
 * Input of an adapter of `path` for these queries: [queries.length, dIn].
 * @throws EraError `internal` when the query model was not used
 */
export function queryInputs(
  task: VectorTask,
  path: QueryPath,
  queries: readonly LabelledQuery[],
): Float32Array<ArrayBuffer> {
  if (queries.length === 0) return new Float32Array();
  return queryInput(
    {
      static: task.static && queryRows(task, task.static, queries),
      local: queryRows(task, task.local, queries),
      remote: reads(path, 'remote') ? queryRows(task, remoteOf(task).queries, queries) : null,
    },
    path,
    queries.length,
  );
}

/** With grades by passage row. @throws EraError `internal` when the query model was not used */
export function labelledQueries(task: VectorTask, path: QueryPath, queries: readonly LabelledQuery[]): LabelledQueries {
  return { x: queryInputs(task, path, queries), relevant: queries.map((query) => gradesOf(query, task.rowOf)) };
}

/** @throws EraError `internal` when the query model was not used */
export function remoteOf({ name, remote }: VectorTask): QueryModelVectors {
  if (!remote) throw new EraError('internal', `The query model was not asked for ${name}.`);
  return remote;
}
