// What measuring a system gives: the scores of every evaluation query of a task, and what they cost.

import type { QueryScore } from '../../evaluate/score-rankings.ts';
import type { System } from './system.ts';

export interface TaskResult {
  readonly task: string;
  /** As MAIR groups its tasks; `other` where nobody says. */
  readonly domain: string;
  /** Of the whole task. */
  readonly passages: number;
  readonly queries: number;
  /** Queries whose labels were used: training and validation. */
  readonly labelled: number;
  /** Of the evaluation part, in its order. */
  readonly scores: readonly EvaluatedQuery[];
}

export interface EvaluatedQuery extends QueryScore {
  /** Whether one of its relevant passages was a positive in the labels used. */
  readonly seen: boolean;
}

export interface Cost {
  /** Queries whose labels were used, over all tasks, validation included. */
  readonly labels: number;
  /** Learning and ranking, embedding not included; what was done before a kill and used after it counts. */
  readonly seconds: number;
  /** Resident memory of the process at its highest while the system learned and ranked, in samples. */
  readonly peakBytes: number;
  /**
   * What a page loads to answer queries so, the index not included: the small model for local and both, and the
   * adapter.
   */
  readonly pageBytes: number;
}

export type MeasuredSystem = Pick<System, 'method' | 'path' | 'ratio' | 'version'>;

export interface Measured {
  readonly system: MeasuredSystem;
  readonly tasks: readonly TaskResult[];
  readonly cost: Cost;
}
