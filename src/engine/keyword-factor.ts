// The weight of keywords beside an adapter, chosen by the whole search: the search worker ranks the labelled queries,
// the trainer worker chooses.

import type { QueryPath } from '../adapter/adapter.ts';
import type { HeldOutQueries } from '../adapter/adapt/closed-form.ts';
import { KEYWORD_FACTORS, type KeywordFactor, type RankingsByFactor } from '../adapter/adapt/keyword-factor.ts';
import { DECIDING_DEPTH } from '../adapter/selection.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { Matrix } from '../math/vector.ts';
import { ProgressMeter } from '../progress.ts';
import type { Client } from '../rpc/client.ts';
import type { RelevantRows, SearchApi, TrainerApi } from '../rpc/protocol.ts';
import type { AdaptOptions } from './training-options.ts';

export interface KeywordFactorParts {
  readonly search: Client<SearchApi>;
  readonly trainer: Client<TrainerApi>;
  /** Number by which the search worker knows the collection. */
  readonly collection: number;
  readonly path: QueryPath;
}

/**
 * @param labels that were learned from, with the rows of their passages
 * @throws EraError as a search; the signal's reason
 */
export async function keywordFactor(
  { search, trainer, collection, path }: KeywordFactorParts,
  { queries, byQuery, byPassage }: HeldOutQueries,
  labels: readonly LabelledQuery[],
  relevant: readonly RelevantRows[],
  { seed = 42, signal, onProgress }: AdaptOptions,
): Promise<KeywordFactor> {
  const meter = new ProgressMeter(onProgress, { phase: 'adapt', unit: 'searches', path });
  const texts = queries.map((query) => labels[query]!.query);
  const total = byQuery === byPassage ? texts.length : 2 * texts.length;
  const rank = (vectors: Matrix, before: number): Promise<RankingsByFactor> =>
    search.call(
      'rankings',
      { collection, texts, vectors, factors: KEYWORD_FACTORS, k: DECIDING_DEPTH },
      { signal, onProgress: (done) => meter.at(before + done, total) },
    );
  const seen = await rank(byQuery, 0);
  const unseen = byQuery === byPassage ? seen : await rank(byPassage, texts.length);
  const args = { relevant: queries.map((query) => relevant[query]!), byQuery: seen, byPassage: unseen, seed };
  return trainer.call('chooseKeywordFactor', args, { signal });
}
