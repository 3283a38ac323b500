// The whole state of the workbench, in either face, as one plain object. Views read it and actions change it; there is
// no other state.

import type {
  Answer,
  Collection,
  Engine,
  Evaluation,
  LabelledQuery,
  LearningCurve,
  QueryPath,
  SearchMode,
  Stage,
  TrainerName,
  TrainingReport,
} from '../index.ts';
import type { CollectionState } from './collection-states.ts';
import type { Corpus } from './corpora.ts';
import { NONE, type OwnLabels } from './label-store.ts';
import type { QueryApi } from './query-api.ts';
import { statusOf, type PageStatus } from './status.ts';

/**
 * `playground`: the bundled tasks and the visitor's own files; `site`: the collection that the page is published with.
 */
export type Face = 'playground' | 'site';

export type Share = 0.05 | 0.1 | 0.2 | 0.4;
export const SHARES: readonly Share[] = [0.05, 0.1, 0.2, 0.4];

/** Which labels are learned from. */
export type LabelUse = 'both' | 'corpus' | 'own';

/** The columns: the modes with the adapter in use; or the adapters, stage by stage, in one mode. */
export type Comparison = 'modes' | 'hybrid-stages' | 'dense-stages';

export type Kind = 'open' | 'align' | 'adapt' | 'evaluate' | 'curve' | 'search';

export interface Task {
  readonly what: Kind;
  readonly text: string;
  /** 0 to 1; null where it is unknown. */
  readonly done: number | null;
  readonly controller: AbortController;
}

export interface Problem {
  readonly message: string;
  readonly hint: string;
  readonly code: string;
}

export interface Question {
  readonly text: string;
  /** Empty for all. */
  readonly language: string;
  /** Filter → the one value that is chosen. */
  readonly filters: Readonly<Record<string, string>>;
}

/** One way to search, as one column shows it. */
export interface Ranking {
  readonly name: 'best' | 'plain' | 'keyword' | 'dense' | 'table' | 'aligned' | 'adapted' | 'era';
  readonly mode: SearchMode;
  /** Undefined for the best available. */
  readonly path: QueryPath | undefined;
  readonly stage: Stage | 'best' | 'none';
  /** Null for the default trainer. */
  readonly trainer: TrainerName | null;
  /** The column that this one's order is compared with. */
  readonly against: Ranking['name'] | null;
}

export interface Column extends Ranking {
  /** Null until it has arrived. */
  readonly answer: Answer | null;
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

/** The outcome of a training run. */
export interface RunOutcome {
  readonly reports: readonly PathReport[];
  /** Number of labels left out because their passages are not in the collection. */
  readonly gone: number;
}

export interface Measured extends Evaluation {
  /**
   * `held-out`: the adapters in use, on the corpus's held-out half; `trial`: learned from one half of the own labels,
   * measured on the other.
   */
  readonly on: 'held-out' | 'trial';
}

/** The owner's `synonyms.json`, as it is edited and tried. */
export interface Tuning {
  readonly text: string;
  readonly isTried: boolean;
  /** Why the text could not be tried. */
  readonly problem: string | null;
  /** What happened last. */
  readonly note: string;
  /** The published collection's answer to the question that the columns answer; null where nothing is tried. */
  readonly before: Answer | null;
}

/** A learning curve, as far as it is computed. */
export interface DrawnCurve extends LearningCurve {
  readonly finished: boolean;
}

export interface State {
  readonly face: Face;
  readonly engine: Engine;
  readonly status: PageStatus;
  /** Null until one is open. */
  collection: Collection | null;
  /** Its source when it was opened. */
  source: 'store' | 'network' | 'built';
  corpora: readonly Corpus[];
  /** Of those whose collection is not ready, by name. */
  unfinished: Readonly<Record<string, CollectionState>>;
  /** Name of the chosen corpus; `own` for the visitor's file; empty for a site. */
  corpus: string;
  /** Null where none is set. */
  readonly api: QueryApi | null;
  /** Bytes of the small model's download; 0 where the server does not say, null before the request. */
  modelBytes: number | null;
  /** The corpus's labels. */
  labels: readonly LabelledQuery[];
  /** The visitor's labels. */
  own: OwnLabels;
  use: LabelUse;
  /** False where labels are not to be stored. */
  readonly keeps: boolean;
  /** Result of the last change of own labels, where the labels do not show it. */
  labelNote: string;
  /** Queries without a matching word in the collection, the latest first. */
  unanswered: readonly string[];
  tasks: readonly Task[];
  problem: Problem | null;
  /** Success message, announced politely. */
  notice: string;
  /** The content of the form. */
  question: Question;
  /** The question that the columns answer. */
  asked: Question;
  path: QueryPath | undefined;
  compare: Comparison;
  columns: readonly Column[];
  trainer: TrainerName;
  share: Share;
  alignmentPassages: number;
  losses: readonly LossPoint[];
  lossStage: 'align' | 'adapt';
  lastRun: RunOutcome | null;
  measured: Measured | null;
  curve: DrawnCurve | null;
  tuning: Tuning;
}

export const NO_QUESTION: Question = { text: '', language: '', filters: {} };

/** Initial values of the state that belongs to one collection. */
export const CLEARED: Pick<
  State,
  'labels' | 'own' | 'labelNote' | 'unanswered' | 'columns' | 'losses' | 'lastRun' | 'measured' | 'curve'
> = {
  labels: [],
  own: NONE,
  labelNote: '',
  unanswered: [],
  columns: [],
  losses: [],
  lastRun: null,
  measured: null,
  curve: null,
};

export function newState(
  given: Pick<State, 'face' | 'engine' | 'api' | 'path' | 'compare' | 'keeps' | 'problem'>,
): State {
  const state: State = {
    ...CLEARED,
    ...given,
    notice: '',
    get status() {
      return statusOf(state.engine, state.collection);
    },
    collection: null,
    source: 'network',
    corpora: [],
    unfinished: {},
    corpus: '',
    modelBytes: null,
    use: 'both',
    tasks: [],
    question: NO_QUESTION,
    asked: NO_QUESTION,
    trainer: 'closed-form',
    share: 0.2,
    alignmentPassages: 400,
    lossStage: 'align',
    tuning: { text: '', isTried: false, problem: null, note: '', before: null },
  };
  return state;
}

/** Whether a task runs that excludes other tasks, but not a search. */
export function isBusy({ tasks }: State): boolean {
  return tasks.some(({ what }) => what !== 'search');
}
