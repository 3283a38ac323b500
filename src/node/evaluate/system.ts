// What is measured: a method on a query path with a share of the labels. A system answers one task at a time; what it
// learns over several tasks it learns when it is first asked, and keeps.

import type { QueryPath } from '../../adapter/adapter.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import type { Method, RunMethod } from './systems.ts';
import type { LabelParts, VectorTask } from './vector-tasks.ts';

export interface Answer {
  /** Document-space vectors [evaluation.length, dims] of the task's evaluation queries, unit rows. */
  readonly queries: Float32Array<ArrayBuffer>;
  /** Only of methods that map documents too: all of the task's, in its order, in the space of `queries`. */
  readonly documents?: QuantizedVectors | undefined;
  /**
   * Rankings [evaluation.length, SCORED_DEPTH], −1 as padding, of what ranks by more than nearness. @default the
   * nearest to `queries`
   */
  readonly rows?: Int32Array<ArrayBuffer> | undefined;
  /** Of what maps the queries, as a file that a page loads. @default a linear map on the path */
  readonly adapterBytes?: number | undefined;
}

export interface System {
  readonly method: Method | RunMethod;
  readonly path: QueryPath;
  /** Share of the queries to train on; 0 for no labels at all. */
  readonly ratio: number;
  /**
   * Of what it answers by, where that is not this command's own code: a result of another version is measured again.
   */
  readonly version?: string | undefined;
  /**
   * Learns what is the same for all tasks, before the first `answer`.
   * @returns the seconds that it took, also of earlier processes whose work it went on from
   */
  readonly learn?: (() => Promise<number>) | undefined;
  /** May learn from the training and validation parts, never from the evaluation part. */
  readonly answer: (task: VectorTask, parts: LabelParts) => Promise<Answer>;
}
