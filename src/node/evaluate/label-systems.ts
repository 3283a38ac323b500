// Baselines that learn from labels by gradient, for each task separately: Search-Adaptor and Chroma's adapters on the
// small model's own vectors, anchored InfoNCE from the same starts as the default trainer.

import { applyAdapter, type LinearAdapter, type QueryPath } from '../../adapter/adapter.ts';
import { identityAdapter } from '../../adapter/initial.ts';
import { unitPassages } from '../../adapter/labelled-queries.ts';
import type { AdaptInput } from '../../adapter/trainer.ts';
import { isEraError } from '../../errors.ts';
import { LABEL_BASELINES, labelBaseline, type LabelTrainer } from '../../lab/baselines/label-trainers.ts';
import { bytesOf, isNonlinear } from '../../lab/baselines/nonlinear-map.ts';
import type { LossWeights } from '../../lab/baselines/search-adaptor/train.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { SiteStarts, type SiteSetting } from './site-starts.ts';
import type { Answer, System } from './system.ts';
import { METHODS, type Method } from './systems.ts';
import { sharedBackend } from './training-backend.ts';
import { labelledQueries, queryInputs, type LabelParts, type VectorTask } from './vector-tasks.ts';

export interface LabelSetting extends SiteSetting {
  /** Search-Adaptor's grid. @default the paper's nine points */
  readonly grid?: readonly LossWeights[] | undefined;
}

/** The baselines among `methods`. Without a label for training, or one to choose by, the start answers. */
export function labelSystems(
  setting: LabelSetting,
  methods: readonly Method[],
  paths: readonly QueryPath[],
  ratios: readonly number[],
): System[] {
  const starts = new SiteStarts(setting, paths);
  const smallAsItIs = identityAdapter(setting.small);
  const recipes = { searchAdaptor: { grid: setting.grid } };
  return LABEL_BASELINES.filter((name) => methods.includes(name)).flatMap((method) => {
    const trainer = labelBaseline(method, sharedBackend, recipes);
    const anyPath = METHODS[method].paths === 'any';
    const own = anyPath ? paths : (['local'] as const);
    return own.flatMap((path) =>
      ratios
        .filter((ratio) => ratio > 0)
        .map((ratio) => ({
          method,
          path,
          ratio,
          answer: async (task: VectorTask, parts: LabelParts) =>
            answer(trainer, anyPath ? await starts.inUse(task, path) : smallAsItIs, task, parts, setting),
        })),
    );
  });
}

async function answer(
  trainer: LabelTrainer,
  start: LinearAdapter,
  task: VectorTask,
  { train, validation, evaluation }: LabelParts,
  { seed, io }: LabelSetting,
): Promise<Answer> {
  const queries = queryInputs(task, start.path, evaluation);
  const input = {
    start,
    inUse: start,
    training: labelledQueries(task, start.path, train),
    validation: labelledQueries(task, start.path, validation),
    documents: task.vectors,
    rank: (vectors, k) => task.ranker.rank(vectors, k),
  } satisfies AdaptInput;
  const trained = await trainer.adapt(input, { seed, signal: io.signal }).catch((error: unknown) => {
    if (isEraError(error, 'no-labels')) return null;
    throw error;
  });
  if (trained) io.note(`  ${trainer.name}, ${task.name}: ${trained.note}`);
  const map = trained?.adapter ?? start;
  if (map === start && start.path === 'local' && METHODS[trainer.name].paths === 'local') return { queries };
  if (!isNonlinear(map)) return { queries: applyAdapter(map, queries) };
  const documents = await map.mapDocuments?.(unitPassages(task.vectors), io.signal);
  return {
    queries: await map.mapQueries(queries, io.signal),
    documents: documents && quantizeRows(documents, task.vectors.dims),
    adapterBytes: bytesOf(map),
  };
}
