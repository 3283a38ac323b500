// The weight of keywords beside adapters, chosen by the whole search: the search worker ranks the labelled queries, the
// trainer worker chooses.

import type { HeldOutQueries } from '../adapter/adapt/closed-form.ts';
import { KEYWORD_FACTORS, keywordFactors, type KeywordFactor, withKeywords } from '../adapter/adapt/keyword-factor.ts';
import { DECIDING_DEPTH } from '../adapter/selection.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import { ProgressMeter } from '../progress.ts';
import type { Client } from '../rpc/client.ts';
import type { RelevantRows, SearchApi, TrainerApi, TrainingOutcome } from '../rpc/protocol.ts';
import type { AdaptOptions } from './training-options.ts';

export interface KeywordFactorParts {
  readonly search: Client<SearchApi>;
  readonly trainer: Client<TrainerApi>;
  /** Number by which the search worker knows the collection. */
  readonly collection: number;
}

/**
 * Every report with the weight of keywords beside its adapter.
 * @param labels that were learned from, with the rows of their passages
 * @throws EraError as a search; the signal's reason
 */
export async function withKeywordFactors(
  { search, trainer, collection }: KeywordFactorParts,
  trained: readonly TrainerApi['adapt']['result'][],
  labels: readonly LabelledQuery[],
  relevant: readonly RelevantRows[],
  { seed = 42, signal, onProgress }: AdaptOptions,
): Promise<TrainingOutcome> {
  const all = trained.flatMap(({ heldOut }) => heldOut ?? []);
  const factors = await keywordFactors(all, {
    rank: (queries, sets) => {
      const texts = queries.map((query) => labels[query]!.query);
      const meter = new ProgressMeter(onProgress, { phase: 'adapt', unit: 'searches' });
      return search.call(
        'rankings',
        { collection, texts, sets, factors: KEYWORD_FACTORS, k: DECIDING_DEPTH },
        { signal, onProgress: (done) => meter.at(done, texts.length * sets.length) },
      );
    },
    choose: (queries, byQuery, byPassage) => {
      const args = { relevant: queries.map((query) => relevant[query]!), byQuery, byPassage, seed };
      return trainer.call('chooseKeywordFactor', args, { signal });
    },
  });
  const factorOf = new Map<HeldOutQueries | null, KeywordFactor>(all.map((each, i) => [each, factors[i]!]));
  return Object.fromEntries(
    trained.map(({ report, heldOut }) => {
      const keywords = factorOf.get(heldOut);
      const { adapter } = report;
      return [adapter.path, keywords ? { ...report, adapter: withKeywords(adapter, keywords), keywords } : report];
    }),
  );
}
