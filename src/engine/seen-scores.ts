// The scores of a run, separately for seen and unseen queries: on seen ones an adapter may gain by remembering
// passages.

import { positiveIds } from '../evaluate/seen.ts';
import { mean } from '../evaluate/statistics.ts';
import type { LabelledQuery } from '../evaluate/task.ts';

/** Scores on a part of the queries. */
export interface PartScores {
  /**
   * Means of nDCG@10 over the part's queries, 0 to 1: of this run, and of the first run, which is the small model
   * alone.
   */
  readonly ndcg10: number;
  /** Mean of nDCG@10 of the small model alone, 0 to 1. */
  readonly small: number;
  /** Queries of the part. */
  readonly queries: number;
}

/** Scores on the queries whose answers the labels have shown, and on the others. */
export interface SeenScores {
  /**
   * Queries one of whose relevant passages was a positive in the adapter's labels. Null where there are none, or where
   * the labels are not known.
   */
  readonly seen: PartScores | null;
  /** The other queries; all of them for a run that learned from no labels. */
  readonly unseen: PartScores | null;
}

/**
 * @param perQuery nDCG@10 of each query with this run, `small` with the first
 * @param positives ids of the relevant passages in the labels that the adapter was adapted with; null where that is not
 * known
 */
export function seenScores(
  queries: readonly LabelledQuery[],
  perQuery: readonly number[],
  small: readonly number[],
  positives: ReadonlySet<string> | null,
): SeenScores {
  if (positives === null) return { seen: null, unseen: null };
  const part = (isSeen: boolean): PartScores | null => {
    const places = [...queries.keys()].filter(
      (i) => positiveIds(queries[i]!).some((id) => positives.has(id)) === isSeen,
    );
    const meanOf = (scores: readonly number[]): number => mean(places.map((i) => scores[i]!));
    return places.length === 0 ? null : { ndcg10: meanOf(perQuery), small: meanOf(small), queries: places.length };
  };
  return { seen: part(true), unseen: part(false) };
}
