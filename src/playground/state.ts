// Everything the page shows, as one plain object. Views read it, actions change it; nothing else remembers anything.

import type { Engine, EngineStatus, Evaluation, LabelledQuery, Method, QueryPath, SearchResult, Stage } from '../index.ts';
import type { Corpus } from './corpora.ts';

export type Share = 0.05 | 0.1 | 0.2 | 0.4;
export const SHARES: readonly Share[] = [0.05, 0.1, 0.2, 0.4];

export interface Task {
  readonly what: 'index' | 'align' | 'adapt' | 'evaluate' | 'search' | 'labels';
  readonly text: string;
  /** 0 to 1; null where it cannot be told. */
  readonly done: number | null;
  readonly controller: AbortController;
}

/** One ranking beside the others; `null` result: not searched yet. */
export interface Column {
  readonly stage: Stage | 'none';
  readonly result: SearchResult | null;
  readonly problem: string | null;
}

export interface LossPoint {
  readonly epoch: number;
  readonly loss: number;
  readonly set: 'training' | 'validation';
}

export interface State {
  readonly engine: Engine;
  readonly status: EngineStatus;
  corpora: readonly Corpus[];
  /** Name of the chosen corpus; `own` for the visitor's file. */
  corpus: string;
  labels: readonly LabelledQuery[];
  tasks: readonly Task[];
  problem: { readonly message: string; readonly hint: string; readonly code: string } | null;
  /** Good news, said politely. */
  notice: string;
  query: string;
  path: QueryPath;
  columns: readonly Column[];
  /** Ids of the passages that the labels call relevant for the last query. */
  relevant: ReadonlyMap<string, number>;
  method: Method;
  share: Share;
  alignmentPassages: number;
  losses: readonly LossPoint[];
  lossStage: 'align' | 'adapt';
  notes: readonly string[];
  evaluation: Evaluation | null;
  /** Which method and share the evaluation is of. */
  evaluationLabel: string;
}

export function relevantFor(labels: readonly LabelledQuery[], text: string): ReadonlyMap<string, number> {
  const oneLine = (words: string): string => words.trim().replace(/\s+/g, ' '); // a search field drops line breaks
  const wanted = oneLine(text);
  const query = labels.find((label) => oneLine(label.query) === wanted);
  return new Map(query?.labels.filter(({ score }) => score > 0).map(({ id, score }) => [id, score]) ?? []);
}
