// Everything the page shows, as one plain object. Views read it, actions change it.

import type { Answer, Collection, Engine, Evaluation, LabelledQuery, QueryPath, TrainingReport } from '../../index.ts';
import type { PageStatus } from '../../page/status.ts';
import type { Problem, Task, Tasks } from '../../page/tasks.ts';
import type { QueryApi } from './query-api.ts';

export interface Question {
  readonly text: string;
  /** Empty for all. */
  readonly language: string;
  /** Filter → the one value that is chosen. */
  readonly filters: Readonly<Record<string, string>>;
}

export const NOTHING_ASKED: Question = { text: '', language: '', filters: {} };

export interface Answers {
  readonly question: Question;
  /** As a visitor gets it now. */
  readonly best: Answer;
  /** By the small model alone; null where no adapter is in use. */
  readonly plain: Answer | null;
}

export type Kind = 'open' | 'ask' | 'align' | 'learn';
/** Runs the page's tasks. */
export type Runner = Tasks<Kind, State>;

export interface PathReport extends TrainingReport {
  readonly path: QueryPath;
}

/** What a run of learning came to. */
export interface Lesson {
  /** With all labels: what is in use now. */
  readonly reports: readonly PathReport[];
  /** Of a trial that learned from the other half; null where there are too few labels for one. */
  readonly heldOut: Evaluation | null;
  /** Labels that name sections that are not on the site any more. */
  readonly gone: number;
}

export interface State {
  readonly engine: Engine;
  readonly status: PageStatus;
  /** Null until the site is open. */
  collection: Collection | null;
  readonly api: QueryApi | null;
  /** What loading the small model would download; 0 where the server does not say, null before it was asked. */
  modelBytes: number | null;
  /** As it stands in the form. */
  question: Question;
  answers: Answers | null;
  labels: readonly LabelledQuery[];
  /** Queries that no word of the site matched, the latest first. */
  unanswered: readonly string[];
  /** What became of the last change of the labels, where that cannot be seen from them. */
  labelNote: string;
  lesson: Lesson | null;
  tasks: readonly Task<Kind>[];
  problem: Problem | null;
  /** Said to screen readers. */
  notice: string;
}

export function isBusy({ tasks }: State): boolean {
  return tasks.some(({ what }) => what === 'learn' || what === 'align');
}
