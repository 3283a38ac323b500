// Labelled queries in the trainer's form: texts become vectors, passage ids become row numbers.

import { EraError } from '../errors.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import { Random } from '../math/random.ts';
import type { RelevantRows, SearchApi } from '../rpc/protocol.ts';
import type { Client } from '../rpc/client.ts';

/** Holds out a third of the queries, drawn by the seed, to measure on; the rest is learned from. */
export function holdOutThird(
  labels: readonly LabelledQuery[],
  seed: number,
): { readonly pool: readonly LabelledQuery[]; readonly heldOut: readonly LabelledQuery[] } {
  const order = new Random(seed).shuffle([...labels]);
  const count = Math.floor(labels.length / 3);
  return { pool: order.slice(count), heldOut: order.slice(0, count) };
}

/**
 * For every query the rows of its judged passages. A passage that is judged irrelevant and is not in the collection is
 * left out.
 * @throws EraError `missing-id` for a relevant passage that the collection does not have, `no-labels` for no labels at
 * all
 */
export async function relevantRows(
  search: Client<SearchApi>,
  collection: number,
  labels: readonly LabelledQuery[],
  signal: AbortSignal | undefined,
): Promise<RelevantRows[]> {
  if (labels.length === 0) throw new EraError('no-labels', 'There are no labelled queries.');
  const ids = [...new Set(labels.flatMap((query) => query.labels.map(({ id }) => id)))];
  const rows = await search.call('rows', { collection, ids }, { signal });
  const rowOf = new Map(ids.map((id, i) => [id, rows[i]!]));
  return labels.map(({ qid, labels: judged }) =>
    judged.flatMap(({ id, score }) => {
      const row = rowOf.get(id) ?? -1;
      if (row >= 0) return [[row, score] as const];
      if (score > 0)
        throw new EraError('missing-id', `Query “${qid}” names passage “${id}”, which the collection does not have.`, {
          details: { qid, id },
        });
      return [];
    }),
  );
}
