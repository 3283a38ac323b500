// Everything the page shows, as one plain object. Views read it, actions change it; nothing else remembers anything.

import { queryKey, type Answer, type Collection, type Engine, type Evaluation, type LabelledQuery, type LearningCurve, type QueryPath, type TrainerName, type TrainingReport, type UsedAdapter } from '../index.ts';
import type { PageStatus } from '../page/status.ts';
import type { Problem, Task, Tasks } from '../page/tasks.ts';
import type { Corpus } from './corpora.ts';
import type { OwnLabels } from './own-labels.ts';

export type Share = 0.05 | 0.1 | 0.2 | 0.4;
export const SHARES: readonly Share[] = [0.05, 0.1, 0.2, 0.4];

/** Whose labels are learned from. */
export type LabelUse = 'both' | 'corpus' | 'own';

export type Kind = 'index' | 'align' | 'adapt' | 'evaluate' | 'curve' | 'search';
/** Runs the page's tasks. */
export type Runner = Tasks<Kind, State>;

/** One ranking beside the others; `null` result: not searched yet. */
export interface Column extends UsedAdapter {
  readonly path: QueryPath;
  readonly result: Answer | null;
  readonly problem: string | null;
}

export interface LossPoint {
  readonly epoch: number;
  readonly loss: number;
  readonly set: 'training' | 'validation';
}

export interface PathReport extends TrainingReport {
  readonly path: QueryPath;
}

/** A learning curve as far as it is drawn. */
export interface DrawnCurve extends LearningCurve {
  readonly finished: boolean;
}

export interface State {
  readonly engine: Engine;
  readonly status: PageStatus;
  /** Null until one is open. */
  collection: Collection | null;
  /** Where it came from when it was opened. */
  source: 'store' | 'network' | 'built';
  corpora: readonly Corpus[];
  /** Name of the chosen corpus; `own` for the visitor's file. */
  corpus: string;
  /** The corpus's labels. */
  labels: readonly LabelledQuery[];
  /** The visitor's. */
  own: OwnLabels;
  use: LabelUse;
  /** False where nothing is to stay in the browser. */
  readonly keeps: boolean;
  /** What became of the last change of own labels. */
  labelNote: string;
  tasks: readonly Task<Kind>[];
  problem: Problem | null;
  /** Good news, said politely. */
  notice: string;
  /** The one that was asked last. */
  query: string;
  /** What stands in the search field, asked or not yet. */
  typed: string;
  path: QueryPath;
  columns: readonly Column[];
  /** Ids of the passages that the labels call relevant for the last query. */
  relevant: ReadonlyMap<string, number>;
  trainer: TrainerName;
  share: Share;
  alignmentPassages: number;
  losses: readonly LossPoint[];
  lossStage: 'align' | 'adapt';
  /** Of the last training run. */
  reports: readonly PathReport[];
  evaluation: Evaluation | null;
  curve: DrawnCurve | null;
}

export function relevantFor(labels: readonly LabelledQuery[], text: string): ReadonlyMap<string, number> {
  const wanted = queryKey(text); // a search field drops line breaks
  const query = labels.find((label) => queryKey(label.query) === wanted);
  return new Map(query?.labels.filter(({ score }) => score > 0).map(({ id, score }) => [id, score]) ?? []);
}

export function isBusy(state: State): boolean {
  return state.tasks.some(({ what }) => what !== 'search');
}
