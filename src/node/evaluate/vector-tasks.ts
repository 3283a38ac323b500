// Tasks as vectors: passages as the index stores them, queries as both models give them. All that methods and measuring need.

import { EraError } from '../../errors.ts';
import { passageRows } from '../../evaluate/score-rankings.ts';
import { splitOrder } from '../../evaluate/split.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { quantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { createRanker, type Ranker } from '../../scan/rank-many.ts';
import type { CachedEncoder } from './cached-encoder.ts';
import type { SplitTask } from './load-tasks.ts';
import type { QueryModel, QueryModelVectors } from './query-model.ts';

type Matrix = Float32Array<ArrayBuffer>;

export interface VectorTask extends SplitTask {
  /** Passage id → row number. */
  readonly rowOf: ReadonlyMap<string, number>;
  readonly vectors: QuantizedVectors;
  readonly ranker: Ranker;
  /** [queries, dims] of the small model, in file order: the query alone, and after its instruction. */
  readonly local: Matrix;
  readonly instructed: Matrix | null;
  /** Of the query model; null where no method needs it. */
  readonly remote: QueryModelVectors | null;
}

export interface LabelParts {
  readonly train: readonly LabelledQuery[];
  readonly validation: readonly LabelledQuery[];
  readonly evaluation: readonly LabelledQuery[];
}

/** @param wantInstructed also embed queries with their instruction */
export async function vectorTask(task: SplitTask, small: CachedEncoder, queryModel: QueryModel | null, wantInstructed: boolean): Promise<VectorTask> {
  const vectors = quantizeRows(await small.encode(task.docs.map(({ doc }) => doc), `passages of ${task.name}`), small.space.dims);
  return {
    ...task,
    rowOf: passageRows(task.docs),
    vectors,
    ranker: await createRanker(vectors),
    local: await small.encode(task.queries.map(({ query }) => query), `queries of ${task.name}`),
    instructed: wantInstructed ? await small.encode(task.queries.map(withInstruction), `queries of ${task.name} with instruction`) : null,
    remote: queryModel && (await queryModel.vectorsOf(task)),
  };
}

/** The format that ERA uses for instructions (its wrappers for Qwen3 and bge-m3). */
function withInstruction({ instruction, query }: LabelledQuery): string {
  return instruction === '' ? query : `Instruct: ${instruction}\nQuery: ${query}`;
}

/** @throws EraError `invalid-option` */
export function labelParts(task: SplitTask, ratio: number): LabelParts {
  const byId = new Map(task.order.map((query) => [query.qid, query]));
  const split = splitOrder([...byId.keys()], ratio);
  const pick = (ids: readonly string[]): LabelledQuery[] => ids.map((id) => byId.get(id)!);
  return { train: pick(split.train), validation: pick(split.validation), evaluation: pick(split.evaluation) };
}

/** Rows of a matrix in file order that belong to `queries`. @param matrix [task.queries.length, dims] @returns [queries.length, dims] */
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

/** @throws EraError `internal` when the query model was not asked */
export function remoteOf({ name, remote }: VectorTask): QueryModelVectors {
  if (!remote) throw new EraError('internal', `The query model was not asked for ${name}.`);
  return remote;
}
