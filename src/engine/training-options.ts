// Options and results of training: types only.

import type { QueryPath } from '../adapter/adapter.ts';
import type { LearningPoint } from '../adapter/learning-curve.ts';
import type { TrainerName } from '../adapter/trainer.ts';
import type { RunScores } from '../evaluate/compare.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { OnProgress } from '../progress.ts';
import type { SearchMode } from '../search/query.ts';
import type { SearchedRun } from './searched-rankings.ts';
import type { SeenScores } from './seen-scores.ts';

export interface RunOptions {
  /** @default 42 */
  readonly seed?: number | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  readonly onProgress?: OnProgress | undefined;
}

/** How a collection is aligned to the remote model, or to its own queries. */
export interface AlignOptions extends RunOptions {
  /** Paths that learn. @default all that the engine and the collection allow */
  readonly paths?: readonly QueryPath[] | undefined;
  /** @default 'closed-form' */
  readonly trainer?: TrainerName | undefined;
  /** Passages embedded by the remote model too, at most 1000. @default 1000 */
  readonly passages?: number | undefined;
  /**
   * Queries that people asked on this site, without labels, such as its search log: the mapping is fitted to them too.
   * @default none
   */
  readonly queries?: readonly string[] | undefined;
}

/** How a collection learns from labelled queries. */
export interface AdaptOptions extends RunOptions {
  /** Paths that learn. @default all that the engine and the collection allow */
  readonly paths?: readonly QueryPath[] | undefined;
  /** @default 'closed-form' */
  readonly trainer?: TrainerName | undefined;
  /**
   * Labelled queries for choosing and stopping; ERA's stage 2 needs them, the closed form pools them with the rest.
   * @default none
   */
  readonly validation?: readonly LabelledQuery[] | undefined;
  /** Queries of the site without labels, as for the alignment: their mean is included. @default none */
  readonly queries?: readonly string[] | undefined;
  /** Applies the best setting even where it is not better. ERA does not choose and ignores it. @default false */
  readonly force?: boolean | undefined;
}

/** How a learning curve is drawn. */
export interface LearningCurveOptions extends RunOptions {
  /** @default the engine's, or the fullest that can be learned */
  readonly path?: QueryPath | undefined;
  /** The only trainer with a curve: ERA would train for minutes per point. */
  readonly trainer?: 'closed-form' | undefined;
  /** Queries to measure on, none of them among the labels. @default a third of the labels, drawn by the seed */
  readonly holdOut?: readonly LabelledQuery[] | undefined;
  /**
   * Numbers of labelled queries; 0 means without labels, and a number above the count of labels means all. @default 0,
   * 5, 10, 20, 40 … and all
   */
  readonly sizes?: readonly number[] | undefined;
  /** Draws of labels for each size. @default 5 */
  readonly repeats?: number | undefined;
  /** Called with each point as soon as it is computed. */
  readonly onPoint?: ((point: LearningPoint) => void) | undefined;
}

/** What more labels bring, by cross-validation or on queries held out. */
export interface LearningCurve {
  /** Whose query vectors were mapped. */
  readonly path: QueryPath;
  /** By ascending number of labels. */
  readonly points: readonly LearningPoint[];
  /** Queries that were drawn from. */
  readonly labels: number;
  /** Queries that were measured on. */
  readonly heldOut: number;
}

/** What is measured, and how one hears of it. */
export interface EvaluateOptions {
  /**
   * Modes to measure: `dense`, the vectors alone, is always measured, since adapters change only these; `keyword`,
   * keywords alone; `hybrid`, both, as a visitor gets them. @default ['dense']
   */
  readonly modes?: readonly SearchMode[] | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  readonly onProgress?: OnProgress | undefined;
}

/** Scores of one way to search. */
export type PathScores = RunScores & SeenScores & SearchedRun;

/** The scores of every way to search, on the same labelled queries. */
export interface Evaluation {
  /**
   * Vectors alone come first: the small model without an adapter, which the gains are relative to, then every available
   * path, trainer and stage. The other requested modes follow.
   */
  readonly rows: readonly PathScores[];
  /** Queries that were measured on. */
  readonly queries: number;
}
