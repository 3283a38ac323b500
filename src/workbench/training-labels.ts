// Divides the corpus's and the visitor's labels into those to train on and those to measure on. No query is in both.

import { isUsable, splitLabels } from '../evaluate/split.ts';
import type { LabelledQuery } from '../index.ts';
import { LabelBook } from '../labels/label-book.ts';
import { queryKey } from '../labels/query-key.ts';
import type { Share, State } from './state.ts';

export interface TrainingLabels {
  readonly train: readonly LabelledQuery[];
  readonly validation: readonly LabelledQuery[];
  /** The held-out half of the corpus's labels, without queries that have labels of the visitor. */
  readonly evaluation: readonly LabelledQuery[];
  /** Queries among `train` and `validation` that the visitor judged. */
  readonly ownQueries: number;
}

/** The share of the corpus's labels with which all but the held-out half is used. */
export const ALL: Share = 0.4;
/** With fewer own labels a trial would have fewer than four queries to learn from or to measure on. */
export const FEWEST_FOR_TRIAL = 8;

export function trainingLabels({
  labels,
  own,
  use,
  share,
}: Pick<State, 'labels' | 'own' | 'use' | 'share'>): TrainingLabels {
  const corpus = splitLabels(labels.filter(isUsable), share);
  const judged = new Set(use === 'corpus' ? [] : own.queries.map(({ query }) => queryKey(query)));
  const isJudged = ({ query }: LabelledQuery): boolean => judged.has(queryKey(query));
  const isOther = (query: LabelledQuery): boolean => !isJudged(query);
  const evaluation = corpus.evaluation.filter(isOther);
  if (use === 'own' || labels.length === 0) {
    const usable = own.queries.filter(isUsable);
    return {
      train: usable.filter((_, i) => i % 5 !== 4),
      validation: usable.filter((_, i) => i % 5 === 4),
      evaluation,
      ownQueries: usable.length,
    };
  }
  const validation = corpus.validation.filter(isOther);
  if (judged.size === 0) return { train: corpus.train, validation, evaluation, ownQueries: 0 };
  const book = new LabelBook();
  book.import([...corpus.train, ...corpus.validation.filter(isJudged)]);
  book.import(own.queries); // the visitor's judgement of a passage has priority over the corpus's
  const train = book.labels().filter(isUsable);
  return { train, validation, evaluation, ownQueries: train.filter(isJudged).length };
}

/** All labels that may be learned from, for the curve. */
export function allTrainingLabels(state: Pick<State, 'labels' | 'own' | 'use'>): {
  readonly pool: readonly LabelledQuery[];
  readonly evaluation: readonly LabelledQuery[];
} {
  const { train, validation, evaluation } = trainingLabels({ ...state, share: ALL });
  return { pool: [...train, ...validation], evaluation };
}

/** Queries without their labels and without the held-out ones, like a search log. */
export function pastQueries(state: Pick<State, 'labels' | 'own' | 'use' | 'unanswered'>): string[] {
  const { pool, evaluation } = allTrainingLabels(state);
  const heldOut = new Set(evaluation.map(({ query }) => queryKey(query)));
  const texts = [...pool.map(({ query }) => query), ...state.unanswered];
  return [...new Map(texts.map((text) => [queryKey(text), text])).entries()].flatMap(([key, text]) =>
    heldOut.has(key) ? [] : [text],
  );
}

/** @returns the queries that still have a relevant passage without one of their labels */
export function withoutLabel(queries: readonly LabelledQuery[], qid: string, passageId: string): LabelledQuery[] {
  return queries
    .map((query) =>
      query.qid === qid ? { ...query, labels: query.labels.filter(({ id }) => id !== passageId) } : query,
    )
    .filter(isUsable);
}

/** Passage id → grade, of the passages that the corpus's labels call relevant for a query. */
export function relevantFor(labels: readonly LabelledQuery[], text: string): ReadonlyMap<string, number> {
  const wanted = queryKey(text); // a search field removes line breaks
  const query = labels.find((label) => queryKey(label.query) === wanted);
  return new Map(query?.labels.filter(({ score }) => score > 0).map(({ id, score }) => [id, score]) ?? []);
}
