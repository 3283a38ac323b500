// A labelled retrieval task in the MAIR file format: types only; parse-task.ts reads it.

/** One row of `queries.jsonl`. */
export interface LabelledQuery {
  readonly qid: string;
  /** The kind of passage that is wanted, in a sentence; may be empty. */
  readonly instruction: string;
  readonly query: string;
  readonly labels: readonly Label[];
}

export interface Label {
  /** Passage id. */
  readonly id: string;
  /** Grade: relevant when above 0. */
  readonly score: number;
}

/** One row of `docs.jsonl`. */
export interface TaskDoc {
  readonly id: string;
  readonly doc: string;
}

export interface Task {
  readonly name: string;
  readonly queries: readonly LabelledQuery[];
  readonly docs: readonly TaskDoc[];
}
