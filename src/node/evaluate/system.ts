// A system: a method on a query path with a share of the labels. It answers one task at a time; what it learns over
// several tasks it learns on first use and keeps.

import type { HeldOutQueries } from '../../adapter/adapt/closed-form.ts';
import type { QueryPath } from '../../adapter/adapter.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import type { Method, RunMethod } from './systems.ts';
import type { LabelParts, VectorTask } from './vector-tasks.ts';

export interface Answer {
  /** Document-space vectors [evaluation.length, dims] of the task's evaluation queries, unit rows. */
  readonly queries: Float32Array<ArrayBuffer>;
  /** Set by methods that map documents too: all of the task's, in its order, in the space of `queries`. */
  readonly documents?: QuantizedVectors | undefined;
  /**
   * Rankings [evaluation.length, SCORED_DEPTH], −1 as padding, of systems that do not rank by cosine alone. @default
   * the nearest to `queries`
   */
  readonly rows?: Int32Array<ArrayBuffer> | undefined;
  /**
   * The queries learned from, and their vectors by a map that has not learned from them: by these the weight of keywords
   * beside the map is chosen. @default it stays as it is
   */
  readonly heldOut?: { readonly labels: readonly LabelledQuery[]; readonly vectors: HeldOutQueries } | undefined;
  /** Bytes of the map of the queries, as a file that a page loads. @default a linear map on the path */
  readonly adapterBytes?: number | undefined;
}

export interface System {
  readonly method: Method | RunMethod;
  readonly path: QueryPath;
  /** Share of the queries to train on; 0 without labels. */
  readonly ratio: number;
  /**
   * Version of the system's input where that is not this command's code: results of another version are measured again.
   */
  readonly version?: string | undefined;
  /**
   * Learns what all tasks share, before the first `answer`.
   * @returns the seconds that it took, including earlier processes whose work it continued
   */
  readonly learn?: (() => Promise<number>) | undefined;
  /** May learn from the training and validation parts, never from the evaluation part. */
  readonly answer: (task: VectorTask, parts: LabelParts) => Promise<Answer>;
}
