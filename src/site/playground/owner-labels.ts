// The owner's judgements of the site's sections: labelled queries, changed one mark at a time. Kept by kept.ts.

import { LabelBook, queryKey, type LabelledQuery } from '../../index.ts';

export interface Judgement {
  readonly query: string;
  /** Id of the passage. */
  readonly id: string;
  readonly isRight: boolean;
}

/** Passage id → right or wrong, for one query. */
export function judgedFor(labels: readonly LabelledQuery[], query: string): ReadonlyMap<string, boolean> {
  const found = labels.find((labelled) => isSame(labelled, query));
  return new Map(found?.labels.map(({ id, score }) => [id, score > 0]));
}

/** The same judgement given again takes it back. @throws EraError `invalid-input` for an empty query */
export function withJudgement(labels: readonly LabelledQuery[], { query, id, isRight }: Judgement): LabelledQuery[] {
  if (judgedFor(labels, query).get(id) === isRight) {
    const rest = labels.map((labelled) => (isSame(labelled, query) ? { ...labelled, labels: labelled.labels.filter((label) => label.id !== id) } : labelled));
    return rest.filter((labelled) => labelled.labels.length > 0);
  }
  const book = new LabelBook();
  book.import(labels);
  book.mark({ query, passageId: id, relevant: isRight });
  return book.labels();
}

/** Where both judge a passage for a query, `more` counts. */
export function withImported(labels: readonly LabelledQuery[], more: readonly LabelledQuery[]): LabelledQuery[] {
  const book = new LabelBook();
  book.import(labels);
  book.import(more);
  return book.labels();
}

export function withoutQuery(labels: readonly LabelledQuery[], query: string): LabelledQuery[] {
  return labels.filter((labelled) => !isSame(labelled, query));
}

export function toJsonl(labels: readonly LabelledQuery[]): string {
  return labels.map((labelled) => `${JSON.stringify(labelled)}\n`).join('');
}

/** Those with a right section: without one a query can neither teach nor judge. */
export function usableLabels(labels: readonly LabelledQuery[]): LabelledQuery[] {
  return labels.filter((labelled) => labelled.labels.some(({ score }) => score > 0));
}

function isSame(labelled: LabelledQuery, query: string): boolean {
  return queryKey(labelled.query) === queryKey(query);
}
