// The default trainer: a start for the site's query path, then the site's own labels in closed form. Each task is a
// site by itself.

import type { QueryPath } from '../../adapter/adapter.ts';
import { applyToMany } from '../../adapter/apply-to-many.ts';
import { closedFormTrainer } from '../../adapter/closed-form-trainer.ts';
import type { Trained } from '../../adapter/trainer.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { SiteStarts, type SiteSetting } from './site-starts.ts';
import type { System } from './system.ts';
import { labelledQueries, outsideEvaluation, queryInputs, type LabelParts, type VectorTask } from './vector-tasks.ts';

export function defaultSystems(setting: SiteSetting, paths: readonly QueryPath[], ratios: readonly number[]): System[] {
  const starts = new SiteStarts(setting, paths);
  return paths.flatMap((path) =>
    ratios.map((ratio) => ({
      method: 'closed-form' as const,
      path,
      ratio,
      answer: async (task: VectorTask, parts: LabelParts) => {
        const { adapter, heldOut } = await learn(await starts.start(task, path), task, parts, setting);
        return {
          queries: applyToMany(adapter, queryInputs(task, path, parts.evaluation)),
          heldOut: heldOut ? { labels: [...parts.train, ...parts.validation], vectors: heldOut } : undefined,
        };
      },
    })),
  );
}

async function learn(
  { start, adapter: inUse }: Trained,
  task: VectorTask,
  { train, validation }: LabelParts,
  { seed, io }: SiteSetting,
): Promise<Pick<Trained, 'adapter' | 'heldOut'>> {
  const labelled = [...train, ...validation];
  if (labelled.length === 0) return { adapter: inUse };
  const { path } = inUse;
  return closedFormTrainer.adapt(
    {
      start: start ?? inUse,
      inUse,
      training: labelledQueries(task, path, train),
      validation: labelledQueries(task, path, validation),
      unlabelled: queryInputs(task, path, unlabelledQueries(task, labelled)),
      documents: task.vectors,
      rank: (queries, k) => task.ranker.rank(queries, k),
    },
    { seed, signal: io.signal },
  );
}

/** Queries that no evaluation uses, like a site's query log. */
function unlabelledQueries(task: VectorTask, labelled: readonly LabelledQuery[]): LabelledQuery[] {
  const known = new Set(labelled.map(({ qid }) => qid));
  return outsideEvaluation(task).filter(({ qid }) => !known.has(qid));
}
