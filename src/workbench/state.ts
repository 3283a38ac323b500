// Everything the workbench shows, in either face, as one plain object. Views read it, actions change it; nothing else
// remembers anything.

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

/** Whose labels are learned from. */
export type LabelUse = 'both' | 'corpus' | 'own';

/** What stands side by side: the modes with what is in use; or what was learned, stage by stage, in one mode. */
export type Comparison = 'modes' | 'hybrid-stages' | 'dense-stages';

export type Kind = 'open' | 'align' | 'adapt' | 'evaluate' | 'curve' | 'search';

export interface Task {
  readonly what: Kind;
  readonly text: string;
  /** 0 to 1; null where it cannot be told. */
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
  readonly name: 'best' | 'plain' | 'keyword' | 'dense' | 'aligned' | 'adapted' | 'era';
  readonly mode: SearchMode;
  /** Undefined: the best at hand. */
  readonly path: QueryPath | undefined;
  readonly stage: Stage | 'best' | 'none';
  /** Null for the default one. */
  readonly trainer: TrainerName | null;
  /** The column whose order this one changes. */
  readonly against: Ranking['name'] | null;
}

export interface Column extends Ranking {
  /** Null: not here yet. */
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

/** What a run of training came to. */
export interface Lesson {
  readonly reports: readonly PathReport[];
  /** Labels left out because they name passages that the collection does not have. */
  readonly gone: number;
}

export interface Measured extends Evaluation {
  /**
   * `held-out`: what is in use, on the corpus's held-out half; `trial`: learned from one half of the own labels, on the
   * other.
   */
  readonly on: 'held-out' | 'trial';
}

/** A learning curve as far as it is drawn. */
export interface DrawnCurve extends LearningCurve {
  readonly finished: boolean;
}

export interface State {
  readonly face: Face;
  readonly engine: Engine;
  readonly status: PageStatus;
  /** Null until one is open. */
  collection: Collection | null;
  /** Where it came from when it was opened. */
  source: 'store' | 'network' | 'built';
  corpora: readonly Corpus[];
  /** Of those whose collection is not ready, by name. */
  unfinished: Readonly<Record<string, CollectionState>>;
  /** Name of the chosen corpus; `own` for the visitor's file; empty for a site. */
  corpus: string;
  /** Null where none is chosen by hand. */
  readonly api: QueryApi | null;
  /** What loading the small model would download; 0 where the server does not say, null before it was asked. */
  modelBytes: number | null;
  /** The corpus's labels. */
  labels: readonly LabelledQuery[];
  /** The visitor's. */
  own: OwnLabels;
  use: LabelUse;
  /** False where nothing is to stay in the browser. */
  readonly keeps: boolean;
  /** What became of the last change of own labels, where that cannot be seen from them. */
  labelNote: string;
  /** Queries that no word of the collection matched, the latest first. */
  unanswered: readonly string[];
  tasks: readonly Task[];
  problem: Problem | null;
  /** Good news, said politely. */
  notice: string;
  /** As it stands in the form, asked or not yet. */
  question: Question;
  /** The one that the columns answer. */
  asked: Question;
  path: QueryPath | undefined;
  compare: Comparison;
  columns: readonly Column[];
  trainer: TrainerName;
  share: Share;
  alignmentPassages: number;
  losses: readonly LossPoint[];
  lossStage: 'align' | 'adapt';
  lesson: Lesson | null;
  measured: Measured | null;
  curve: DrawnCurve | null;
}

export const NO_QUESTION: Question = { text: '', language: '', filters: {} };

/** What belongs to one collection, before anything is known of it. */
export const CLEARED: Pick<
  State,
  'labels' | 'own' | 'labelNote' | 'unanswered' | 'columns' | 'losses' | 'lesson' | 'measured' | 'curve'
> = {
  labels: [],
  own: NONE,
  labelNote: '',
  unanswered: [],
  columns: [],
  losses: [],
  lesson: null,
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
  };
  return state;
}

/** Whether something runs that a search would not disturb, but another run would. */
export function isBusy({ tasks }: State): boolean {
  return tasks.some(({ what }) => what !== 'search');
}
