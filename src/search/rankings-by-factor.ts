// Rankings of one query by the whole search, for several vectors of it and several weights of its keywords. What the
// vectors share, the list by keywords and how documents are named, is looked up once.

import { type Among, HybridRetriever, type HybridParts } from './hybrid-retriever.ts';
import { once, oncePerVector } from './retriever-wrappers.ts';
import type { Query, RetrieveOptions } from './retriever.ts';

/** @returns [factors.length, k] doc ids of a vector, best first, −1 where there are fewer */
export type RankByFactor = (vector: Float32Array) => Promise<Int32Array<ArrayBuffer>>;

/**
 * @param query without its vector
 * @param factors of the weight of keywords
 * @param among sets of documents whose nearest are found, of the last of which documents are ranked @default all are
 * @throws as `HybridRetriever.retrieve`
 */
export function rankingsByFactor(
  { keyword, dense, documents }: HybridParts,
  query: Omit<Query, 'vector'>,
  factors: readonly number[],
  { k, signal }: RetrieveOptions,
  among: Among = [],
): RankByFactor {
  const retriever = new HybridRetriever({ keyword: once(keyword), dense: dense && oncePerVector(dense), documents });
  return async (vector) => {
    const rankings = new Int32Array(factors.length * k).fill(-1);
    const ranked = among.at(-1);
    for (const [f, keywordFactor] of factors.entries()) {
      const depth = ranked ? retriever.count : k;
      const { ids } = await retriever.retrieve({ ...query, vector, keywordFactor }, { k: depth, signal, among });
      rankings.set((ranked ? ids.filter((id) => ranked[id] === 1) : ids).subarray(0, k), f * k);
    }
    return rankings;
  };
}
