// ERA's split of a task's queries into training, validation and evaluation (split_queries_by_id of
// github.com/megagonlabs/ERA).

import { EraError } from '../errors.ts';
import { Random } from '../math/random.ts';
import type { LabelledQuery } from './task.ts';

/** Query ids, each in at most one part. */
export interface Split {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly evaluation: readonly string[];
}

/** Evaluation takes half and validation a tenth, so training takes at most this share. */
const MAX_RATIO = 0.4;

/**
 * @param qids of the queries with labels, in file order
 * @param ratio share of the queries to train on, 0 to 0.4; with 0 there are no validation labels either
 * @throws EraError `invalid-option`
 */
export function eraSplit(qids: readonly string[], ratio: number, seed = 42): Split {
  return splitOrder(new Random(seed).shuffle([...qids]), ratio);
}

/** The same split for ids that are already shuffled. @throws EraError `invalid-option` */
export function splitOrder(shuffled: readonly string[], ratio: number): Split {
  if (!(ratio >= 0 && ratio <= MAX_RATIO)) {
    throw new EraError('invalid-option', `A label ratio is a number from 0 to ${MAX_RATIO}, not ${ratio}.`, {
      details: { ratio },
    });
  }
  const n = shuffled.length;
  const evaluationStart = n - Math.trunc(n * 0.5);
  const validationStart = evaluationStart - Math.trunc(n * 0.1);
  const evaluation = shuffled.slice(evaluationStart);
  if (ratio === 0) return { train: [], validation: [], evaluation };
  return {
    train: shuffled.slice(0, Math.max(1, Math.trunc(n * ratio))),
    validation: shuffled.slice(validationStart, evaluationStart),
    evaluation,
  };
}

export interface LabelSplit {
  readonly train: readonly LabelledQuery[];
  readonly validation: readonly LabelledQuery[];
  /** Queries that training never sees. */
  readonly evaluation: readonly LabelledQuery[];
}

/** The same split for queries with their labels. @throws EraError `invalid-option` */
export function splitLabels(labels: readonly LabelledQuery[], ratio: number): LabelSplit {
  const byId = new Map(labels.map((label) => [label.qid, label]));
  const { train, validation, evaluation } = eraSplit([...byId.keys()], ratio);
  const pick = (ids: readonly string[]): LabelledQuery[] => ids.map((id) => byId.get(id)!);
  return { train: pick(train), validation: pick(validation), evaluation: pick(evaluation) };
}

/** True where a query has a relevant passage; other queries can be used neither for training nor for evaluation. */
export function isUsable({ labels }: LabelledQuery): boolean {
  return labels.some(({ score }) => score > 0);
}
