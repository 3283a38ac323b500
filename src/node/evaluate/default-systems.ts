// Ours: a start for the site's query path, then the site's own labels in closed form. Each task is a site by itself.

import { adaptClosedForm } from '../../adapter/adapt/closed-form.ts';
import { applyAdapter, type LinearAdapter, type QueryPath } from '../../adapter/adapter.ts';
import type { SiteStart } from '../../adapter/align/align-site.ts';
import { gradesOf } from '../../evaluate/score-rankings.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import type { Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import type { System } from './system.ts';
import { SiteStarts } from './site-starts.ts';
import { outsideEvaluation, queryInputs, type LabelParts, type TaskSource, type VectorTask } from './vector-tasks.ts';

export interface DefaultSetting {
  readonly tasks: TaskSource;
  readonly small: Space;
  /** Null where only the local path is asked for. */
  readonly queryModel: Space | null;
  /** Where the remote path starts. @default fitted on the other tasks */
  readonly base?: LinearAdapter | undefined;
  readonly seed: number;
  readonly io: CommandIo;
}

export function defaultSystems({ tasks, small, queryModel, base, seed, io }: DefaultSetting, paths: readonly QueryPath[], ratios: readonly number[]): System[] {
  const starts = new SiteStarts(tasks, small, queryModel, base);
  return paths.flatMap((path) =>
    ratios.map((ratio) => ({
      method: 'ours' as const,
      path,
      ratio,
      answer: async (task: VectorTask, parts: LabelParts) => {
        const adapter = await learn(await starts.start(task, path), task, parts, seed, io);
        return { queries: applyAdapter(adapter, queryInputs(task, path, parts.evaluation)) };
      },
    })),
  );
}

/** Training and validation labels alike: the closed form validates by folds. */
async function learn({ start, adapter: unlabelled }: SiteStart, task: VectorTask, { train, validation }: LabelParts, seed: number, io: CommandIo): Promise<LinearAdapter> {
  const labelled = [...train, ...validation];
  if (labelled.length === 0) return unlabelled;
  const { adapter } = await adaptClosedForm({
    start,
    inUse: unlabelled,
    unlabelled: queryInputs(task, start.path, unlabelledQueries(task, labelled)),
    x: queryInputs(task, start.path, labelled),
    relevant: labelled.map((query) => gradesOf(query, task.rowOf)),
    vectors: task.vectors,
    rank: (queries, k) => task.ranker.rank(queries, k),
    seed,
    signal: io.signal,
  });
  return adapter;
}

/** Those that no evaluation uses, as a site's log of queries would have them. */
function unlabelledQueries(task: VectorTask, labelled: readonly LabelledQuery[]): LabelledQuery[] {
  const known = new Set(labelled.map(({ qid }) => qid));
  return outsideEvaluation(task).filter(({ qid }) => !known.has(qid));
}
