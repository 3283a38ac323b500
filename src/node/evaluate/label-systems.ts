// Rivals that learn from labels by gradient, for each task by itself: Search-Adaptor and Chroma's adapters on the small model's own
// vectors, anchored InfoNCE from the same starts as ours.

import { applyAdapter, type LinearAdapter, type QueryPath } from '../../adapter/adapter.ts';
import { adaptAnchored } from '../../lab/baselines/anchored/train.ts';
import { trainChroma } from '../../lab/baselines/chroma/train.ts';
import { unitPassages, type LabelledQueries } from '../../adapter/labelled-queries.ts';
import { applySearchAdaptor, trainSearchAdaptor, type LossWeights } from '../../lab/baselines/search-adaptor/train.ts';
import { gradesOf } from '../../evaluate/score-rankings.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import type { Answer, System } from './system.ts';
import { METHODS, type Method } from './systems.ts';
import { SiteStarts } from './site-starts.ts';
import { sharedBackend } from './training-backend.ts';
import { queryInputs, type LabelParts, type TaskSource, type VectorTask } from './vector-tasks.ts';

export interface LabelSetting {
  readonly tasks: TaskSource;
  readonly small: Space;
  /** Null where only the local path is asked for. */
  readonly queryModel: Space | null;
  /** Where the remote path starts. @default fitted on the other tasks */
  readonly base?: LinearAdapter | undefined;
  readonly seed: number;
  readonly io: CommandIo;
  /** Search-Adaptor's. @default the paper's nine points */
  readonly grid?: readonly LossWeights[] | undefined;
}

type Answering = (task: VectorTask, parts: LabelParts, path: QueryPath) => Promise<Answer>;

/** Those of `methods` that are such rivals. Without a label for training, or one to choose by, the start answers. */
export function labelSystems(setting: LabelSetting, methods: readonly Method[], paths: readonly QueryPath[], ratios: readonly number[]): System[] {
  const starts = new SiteStarts(setting.tasks, setting.small, setting.queryModel, setting.base);
  const answering: Partial<Record<Method, Answering>> = {
    'search-adaptor': (task, parts) => searchAdaptor(setting, task, parts),
    'chroma-triplet': (task, parts) => chroma(setting, task, parts, 'triplet'),
    'chroma-mse': (task, parts) => chroma(setting, task, parts, 'mse'),
    'anchored-infonce': async (task, parts, path) => anchored(setting, task, parts, (await starts.start(task, path)).adapter),
  };
  return methods.flatMap((method) => {
    const answer = answering[method];
    if (!answer) return [];
    const own = METHODS[method].paths === 'any' ? paths : (['local'] as const);
    return own.flatMap((path) => ratios.filter((ratio) => ratio > 0).map((ratio) => ({ method, path, ratio, answer: (task: VectorTask, parts: LabelParts) => answer(task, parts, path) })));
  });
}

async function searchAdaptor({ seed, io, grid }: LabelSetting, task: VectorTask, { train, validation, evaluation }: LabelParts): Promise<Answer> {
  const queries = queryInputs(task, 'local', evaluation);
  const parts = { training: labelled(task, 'local', train), validation: labelled(task, 'local', validation) };
  if (!Object.values(parts).every(hasPositive)) return { queries };
  const backend = await sharedBackend();
  const adaptor = await trainSearchAdaptor({ backend, ...parts, vectors: task.vectors, grid, seed, signal: io.signal });
  const { alpha, beta, steps, stepsRun, validationNdcg } = adaptor;
  io.note(`  Search-Adaptor, ${task.name}: α ${alpha}, β ${beta}, best step ${steps} of ${stepsRun} over the grid, validation ${validationNdcg.toFixed(4)}`);
  const mapped = await applySearchAdaptor(adaptor, unitPassages(task.vectors), backend, io.signal);
  return {
    queries: await applySearchAdaptor(adaptor, queries, backend, io.signal),
    documents: quantizeRows(mapped, task.vectors.dims),
    adapterBytes: adaptor.f.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}

/** All labels train: the recipe has no validation. */
async function chroma({ small, seed, io }: LabelSetting, task: VectorTask, { train, validation, evaluation }: LabelParts, loss: 'triplet' | 'mse'): Promise<Answer> {
  const queries = labelled(task, 'local', [...train, ...validation]);
  if (!hasPositive(queries)) return { queries: queryInputs(task, 'local', evaluation) };
  const id = spaceId(small);
  const adapter = await trainChroma({ backend: await sharedBackend(), path: 'local', from: [id], to: id, dIn: small.dims, queries, vectors: task.vectors, loss, seed, signal: io.signal });
  return { queries: applyAdapter(adapter, queryInputs(task, 'local', evaluation)) };
}

async function anchored({ seed, io }: LabelSetting, task: VectorTask, { train, validation, evaluation }: LabelParts, start: LinearAdapter): Promise<Answer> {
  const training = labelled(task, start.path, train);
  const answer = (adapter: LinearAdapter): Answer => ({ queries: applyAdapter(adapter, queryInputs(task, start.path, evaluation)) });
  if (!hasPositive(training)) return answer(start);
  const { adapter } = await adaptAnchored({
    backend: await sharedBackend(),
    start,
    training,
    validation: labelled(task, start.path, validation),
    vectors: task.vectors,
    rank: (queries, k) => task.ranker.rank(queries, k),
    seed,
    signal: io.signal,
  });
  return answer(adapter);
}

function labelled(task: VectorTask, path: QueryPath, queries: readonly LabelledQuery[]): LabelledQueries {
  return { x: queryInputs(task, path, queries), relevant: queries.map((query) => gradesOf(query, task.rowOf)) };
}

function hasPositive({ relevant }: LabelledQueries): boolean {
  return relevant.some((grades) => [...grades.values()].some((grade) => grade > 0));
}
