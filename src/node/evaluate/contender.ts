// What is measured: a method on a query path with a share of the labels.

import type { QueryPath } from '../../adapter/adapter.ts';
import type { Method } from './evaluate-options.ts';
import type { LabelParts, VectorTask } from './vector-tasks.ts';

export interface Contender {
  readonly method: Method;
  readonly path: QueryPath;
  /** Share of the queries to train on; 0 for no labels at all. */
  readonly ratio: number;
  /** Document-space vectors [evaluation.length, dims] of the task's evaluation queries, unit rows. May learn from the other two parts. */
  readonly evaluationVectors: (task: VectorTask, parts: LabelParts) => Promise<Float32Array<ArrayBuffer>>;
}
