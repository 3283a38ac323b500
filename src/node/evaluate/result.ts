// Results of measuring a system: the scores of every evaluation query of a task, and the costs.

import type { QueryScore } from '../../evaluate/score-rankings.ts';
import type { System } from './system.ts';

export interface TaskResult {
  readonly task: string;
  /** MAIR's domain of the task; `other` where none is known. */
  readonly domain: string;
  /** Passages of the whole task. */
  readonly passages: number;
  readonly queries: number;
  /** Queries whose labels were used: training and validation. */
  readonly labelled: number;
  /** Scores of the evaluation part, in its order. */
  readonly scores: readonly EvaluatedQuery[];
}

export interface EvaluatedQuery extends QueryScore {
  /** Whether one of its relevant passages was a positive in the labels used. */
  readonly seen: boolean;
}

export interface Cost {
  /** Queries whose labels were used, over all tasks, validation included. */
  readonly labels: number;
  /** Seconds of learning and ranking, without embedding; work before a kill that was used afterwards is included. */
  readonly seconds: number;
  /** Highest resident memory of the process while the system learned and ranked, in samples. */
  readonly peakBytes: number;
  /**
   * Bytes that a page loads to answer queries this way, the index not included: the small model for local and both, and
   * the adapter.
   */
  readonly pageBytes: number;
}

export type MeasuredSystem = Pick<System, 'method' | 'path' | 'ratio' | 'version'>;

export interface Measured {
  readonly system: MeasuredSystem;
  readonly tasks: readonly TaskResult[];
  readonly cost: Cost;
}
