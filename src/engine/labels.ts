// Labelled queries as the trainer wants them: texts to vectors, passage ids to row numbers.

import { EraError } from '../errors.ts';
import { eraSplit } from '../evaluate/split.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { RelevantRows, SearchApi } from '../rpc/protocol.ts';
import type { Client } from '../rpc/client.ts';

export interface LabelSplit {
  readonly train: readonly LabelledQuery[];
  readonly validation: readonly LabelledQuery[];
  /** Never seen by training. */
  readonly evaluation: readonly LabelledQuery[];
}

/** ERA's split of the queries (seed 42): last half for evaluation, a tenth for validation, the first `share` for training. */
export function splitLabels(labels: readonly LabelledQuery[], share: number): LabelSplit {
  const byId = new Map(labels.map((label) => [label.qid, label]));
  const split = eraSplit(
    labels.map(({ qid }) => qid),
    share,
  );
  const pick = (ids: readonly string[]): LabelledQuery[] => ids.map((id) => byId.get(id)!);
  return { train: pick(split.train), validation: pick(split.validation), evaluation: pick(split.evaluation) };
}

/**
 * For every query the rows of its relevant passages.
 * @throws EraError `missing-id` for a label to a passage that the index does not have, `no-labels` for no labels at all
 */
export async function relevantRows(search: Client<SearchApi>, labels: readonly LabelledQuery[]): Promise<RelevantRows[]> {
  if (labels.length === 0) throw new EraError('no-labels', 'There are no labelled queries.');
  const ids = [...new Set(labels.flatMap((query) => query.labels.map(({ id }) => id)))];
  const rows = await search.call('rows', { ids });
  const rowOf = new Map(ids.map((id, i) => [id, rows[i]!]));
  return labels.map(({ qid, labels: judged }) =>
    judged
      .filter(({ score }) => score > 0)
      .map(({ id, score }) => {
        const row = rowOf.get(id) ?? -1;
        if (row < 0) throw new EraError('missing-id', `Query “${qid}” names passage “${id}”, which the index does not have.`, { details: { qid, id } });
        return [row, score] as const;
      }),
  );
}
