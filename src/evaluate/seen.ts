// Divides evaluation queries by whether one of their relevant passages is also relevant in the labels in use. On such
// queries an adapter can gain by remembering the passage; only the unseen part measures it on the rest of the corpus.

import type { LabelledQuery } from './task.ts';

export interface SeenSplit {
  readonly seen: readonly LabelledQuery[];
  readonly unseen: readonly LabelledQuery[];
}

/** @param labelled every query whose labels were used, validation included */
export function splitSeen(evaluation: readonly LabelledQuery[], labelled: readonly LabelledQuery[]): SeenSplit {
  const shown = new Set(labelled.flatMap(positiveIds));
  const seen: LabelledQuery[] = [];
  const unseen: LabelledQuery[] = [];
  for (const query of evaluation) (positiveIds(query).some((id) => shown.has(id)) ? seen : unseen).push(query);
  return { seen, unseen };
}

/** Ids of the relevant passages. */
export function positiveIds(query: LabelledQuery): string[] {
  return query.labels.filter((label) => label.score > 0).map((label) => label.id);
}
