// How much keywords count beside an adapter that learned from a site's labels. The constants of the fusion hold for
// most sites; on some, keywords are worth more or less beside the vectors that labels improved. One factor of their
// weight is chosen by the same labels, on vectors that did not learn from the query that they are asked.

import { ndcg } from '../../evaluate/metrics.ts';
import { mean } from '../../evaluate/statistics.ts';
import { groupBy } from '../../group-by.ts';
import type { LinearAdapter } from '../adapter.ts';
import { DECIDING_DEPTH, isClearGain, standardError } from '../selection.ts';
import { gainInterval, type GainInterval, type HeldOutQueries } from './closed-form.ts';
import type { RelevantPassages } from './label-targets.ts';

/** Factors that are tried: about √2 and 2 apart, and no keywords at all. */
export const KEYWORD_FACTORS: readonly number[] = [0, 0.13, 0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8];

/** Standard errors that a gain needs: the best of ten is above one by chance on many sites. */
const ERRORS = 2;
/** On fewer labelled queries a standard error is itself uncertain. */
const LEAST_QUERIES = 20;
const UNCHANGED = KEYWORD_FACTORS.indexOf(1);

/**
 * Rankings by the whole search, keywords included: [queries × KEYWORD_FACTORS.length × 10] passage rows, best first,
 * −1 where there are fewer.
 */
export type RankingsByFactor = Int32Array;

/** A site's factor of the weight of keywords, and what it gains. */
export interface KeywordFactor {
  /** 1 unless another one was clearly better. */
  readonly factor: number;
  /** Gain of the whole search over the factor 1, nDCG@10 on the labelled queries; null for the factor 1. */
  readonly gain: GainInterval | null;
  /** The same where no relevant passage of a query was learned from. */
  readonly gainUnseen: GainInterval | null;
}

const NO_CHANGE: KeywordFactor = { factor: 1, gain: null, gainUnseen: null };

export interface FactorCalls {
  /** Ranks the same queries by several sets of vectors. @param sets [queries.length, dims] each */
  readonly rank: (
    queries: readonly number[],
    sets: readonly Float32Array<ArrayBuffer>[],
  ) => Promise<readonly RankingsByFactor[]>;
  /** As `chooseKeywordFactor`. */
  readonly choose: (
    queries: readonly number[],
    byQuery: RankingsByFactor,
    byPassage: RankingsByFactor,
  ) => KeywordFactor | Promise<KeywordFactor>;
}

/**
 * Chooses the factor beside each adapter. What takes time are the rankings: those by vectors that learned from none of
 * a query's passages are made only where the others speak for a change.
 * @param heldOut of each adapter
 */
export async function keywordFactors(
  heldOut: readonly HeldOutQueries[],
  { rank, choose }: FactorCalls,
): Promise<KeywordFactor[]> {
  const rankAll = async (
    some: readonly HeldOutQueries[],
    view: 'byQuery' | 'byPassage',
  ): Promise<ReadonlyMap<HeldOutQueries, RankingsByFactor>> => {
    const ranked = new Map<HeldOutQueries, RankingsByFactor>();
    for (const [, alike] of groupBy(some, ({ queries }) => queries.join())) {
      const rankings = await rank(
        alike[0]!.queries,
        alike.map((each) => each[view]),
      );
      alike.forEach((each, i) => ranked.set(each, rankings[i]!));
    }
    return ranked;
  };
  const enough = heldOut.filter(({ queries }) => queries.length >= LEAST_QUERIES);
  const seen = await rankAll(enough, 'byQuery');
  const better: HeldOutQueries[] = [];
  for (const [each, rankings] of seen)
    if ((await choose(each.queries, rankings, rankings)).factor !== 1) better.push(each);
  const unseen = await rankAll(
    better.filter(({ byQuery, byPassage }) => byQuery !== byPassage),
    'byPassage',
  );
  const chosen: KeywordFactor[] = [];
  for (const each of heldOut) {
    const isBetter = better.includes(each);
    const rankings = seen.get(each)!;
    chosen.push(isBetter ? await choose(each.queries, rankings, unseen.get(each) ?? rankings) : NO_CHANGE);
  }
  return chosen;
}

/**
 * Of the factors whose gain is clear, and which take nothing from queries about passages that no label names: the one
 * nearest to 1 that is within one standard error of the best (Breiman et al. 1984, the one-standard-error rule). On 28
 * labelled queries of ArguAna leaving out all keywords is the best by 8 points, and costs 7.5 on its other queries.
 * @param relevant of each query
 * @param byQuery rankings by vectors that did not learn from the query
 * @param byPassage rankings by vectors that did not learn from any of its relevant passages
 */
export function chooseKeywordFactor(
  relevant: RelevantPassages,
  byQuery: RankingsByFactor,
  byPassage: RankingsByFactor,
  seed = 42,
): KeywordFactor {
  const seen = scoresByFactor(relevant, byQuery);
  const unseen = scoresByFactor(relevant, byPassage);
  const means = seen.map(mean);
  const clear = [...KEYWORD_FACTORS.keys()]
    .filter((i) => isClearGain(seen[i]!, seen[UNCHANGED]!, ERRORS) && mean(unseen[i]!) >= mean(unseen[UNCHANGED]!))
    .sort((a, b) => means[b]! - means[a]!);
  const [best] = clear;
  if (best === undefined || relevant.length < LEAST_QUERIES) return NO_CHANGE;
  const chosen = clear
    .filter((i) => means[best]! - means[i]! <= standardError(seen[best]!, seen[i]!))
    .reduce((nearest, i) => (Math.abs(i - UNCHANGED) < Math.abs(nearest - UNCHANGED) ? i : nearest));
  const gain = (scores: readonly Float64Array[]): GainInterval =>
    gainInterval(scores[chosen]!, scores[UNCHANGED]!, seed);
  return { factor: KEYWORD_FACTORS[chosen]!, gain: gain(seen), gainUnseen: gain(unseen) };
}

/** The adapter with the factor beside which it was chosen. */
export function withKeywords(adapter: LinearAdapter, { factor }: KeywordFactor): LinearAdapter {
  return { ...adapter, keywordFactor: factor };
}

/** Factor → nDCG@10 of each query. */
function scoresByFactor(relevant: RelevantPassages, rankings: RankingsByFactor): Float64Array<ArrayBuffer>[] {
  return KEYWORD_FACTORS.map((_, f) =>
    Float64Array.from(relevant, (grades, query) => {
      const first = (query * KEYWORD_FACTORS.length + f) * DECIDING_DEPTH;
      return ndcg(rankings.subarray(first, first + DECIDING_DEPTH), grades, DECIDING_DEPTH);
    }),
  );
}
