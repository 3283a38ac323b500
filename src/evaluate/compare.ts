// Per-query scores of several runs to the figures that people compare: means, and intervals against the first run.

import type { RankingScore } from './score-rankings.ts';
import { mean, pairedBootstrap } from './statistics.ts';

export interface RunScores {
  /** Means over the queries, 0 to 1. */
  readonly ndcg10: number;
  readonly recall100: number;
  readonly mrr: number;
  /** Difference in nDCG@10 from the first run with its 95 % interval by paired bootstrap; null for the first run. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** nDCG@10 of every query, in the order of the labels. */
  readonly perQuery: readonly number[];
}

/** @param runs per run the scores of the same queries in the same order; the first is the reference */
export function compareRuns(runs: readonly (readonly RankingScore[])[]): RunScores[] {
  const [reference, ...others] = runs;
  if (!reference) return [];
  return [means(reference, null), ...compareScores(reference.map(({ ndcg10 }) => ndcg10), others)];
}

/** @param reference nDCG@10 of the same queries */
export function compareScores(reference: readonly number[], runs: readonly (readonly RankingScore[])[]): RunScores[] {
  return runs.map((scores) => {
    const { mean, low, high } = pairedBootstrap([scores.map(({ ndcg10 }, q) => ndcg10 - reference[q]!)]);
    return means(scores, { mean, low, high });
  });
}

function means(scores: readonly RankingScore[], gain: RunScores['gain']): RunScores {
  return {
    ndcg10: mean(scores.map(({ ndcg10 }) => ndcg10)),
    recall100: mean(scores.map(({ recall100 }) => recall100)),
    mrr: mean(scores.map(({ reciprocalRank }) => reciprocalRank)),
    gain,
    perQuery: scores.map(({ ndcg10 }) => ndcg10),
  };
}
