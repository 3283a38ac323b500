// Figures that compare several runs, from their per-query scores: means, and intervals of the difference from the first
// run.

import type { QueryScore } from './score-rankings.ts';
import { mean, pairedBootstrap } from './statistics.ts';

/** Scores of one way to search, and its gain over the first. */
export interface RunScores {
  /** Means over the queries, 0 to 1. */
  readonly ndcg10: number;
  /** Mean share of the relevant passages among the first hundred, 0 to 1. */
  readonly recall100: number;
  /** Mean of one divided by the rank of the first relevant passage, 0 to 1. */
  readonly mrr: number;
  /** Difference in nDCG@10 from the first run with its 95 % interval by paired bootstrap; null for the first run. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** nDCG@10 of every query, in the order of the labels. */
  readonly perQuery: readonly number[];
}

/** @param runs per run the scores of the same queries in the same order */
export function compareRuns(runs: readonly (readonly Omit<QueryScore, 'qid'>[])[]): RunScores[] {
  const reference = runs[0];
  return runs.map((scores, i) => {
    const gain =
      i === 0 || !reference ? null : pairedBootstrap([scores.map(({ ndcg10 }, q) => ndcg10 - reference[q]!.ndcg10)]);
    return {
      ndcg10: mean(scores.map(({ ndcg10 }) => ndcg10)),
      recall100: mean(scores.map(({ recall100 }) => recall100)),
      mrr: mean(scores.map(({ reciprocalRank }) => reciprocalRank)),
      gain: gain && { mean: gain.mean, low: gain.low, high: gain.high },
      perQuery: scores.map(({ ndcg10 }) => ndcg10),
    };
  });
}
