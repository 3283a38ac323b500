// Rankings of one query by the whole search for several weights of its keywords. Both lists are made once.

import type { HybridParts } from './hybrid-retriever.ts';
import { HybridRetriever } from './hybrid-retriever.ts';
import { once } from './retriever-wrappers.ts';
import type { Query, RetrieveOptions } from './retriever.ts';

/**
 * @param factors of the weight of keywords
 * @param isWanted whether a document may be ranked @default all may
 * @returns [factors.length, k] doc ids best first, −1 where there are fewer
 * @throws as `HybridRetriever.retrieve`
 */
export async function rankingsByFactor(
  { keyword, dense, documents }: HybridParts,
  query: Query,
  factors: readonly number[],
  { k, signal }: RetrieveOptions,
  isWanted?: (id: number) => boolean,
): Promise<Int32Array<ArrayBuffer>> {
  const retriever = new HybridRetriever({ keyword: once(keyword), dense: dense && once(dense), documents });
  const rankings = new Int32Array(factors.length * k).fill(-1);
  for (const [f, keywordFactor] of factors.entries()) {
    const depth = isWanted ? retriever.count : k;
    const { ids } = await retriever.retrieve({ ...query, keywordFactor }, { k: depth, signal });
    rankings.set((isWanted ? ids.filter(isWanted) : ids).subarray(0, k), f * k);
  }
  return rankings;
}
