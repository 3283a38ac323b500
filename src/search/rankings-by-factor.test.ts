import { expect, test } from 'vitest';
import type { KeywordList } from './keyword-retriever.ts';
import { HybridRetriever, type HybridParts } from './hybrid-retriever.ts';
import { rankingsByFactor } from './rankings-by-factor.ts';
import type { RankedList, Retriever } from './retriever.ts';

const COUNT = 6;
/** What the keywords say, and what each of two vectors says. */
const BM25 = [3, 2.5, 0, 0, 1, 0];
const COSINES = new Map([
  [new Float32Array([1, 0]), [0.1, 0.2, 0.9, 0.3, 0.1, 0]],
  [new Float32Array([0, 1]), [0.1, 0.2, 0.1, 0.3, 0.9, 0]],
]);

function listOf(scores: readonly number[], kept: (score: number) => boolean): RankedList {
  const ids = Int32Array.from(scores.keys())
    .filter((id) => kept(scores[id]!))
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  return {
    ids,
    scores: Float32Array.from(ids, (id) => scores[id]!),
    scoresOf: (some) => Promise.resolve(Float32Array.from(some, (id) => scores[id]!)),
  };
}

function parts(): { readonly parts: HybridParts; readonly calls: { keyword: number; dense: number } } {
  const calls = { keyword: 0, dense: 0 };
  const keyword: Retriever<KeywordList> = {
    count: COUNT,
    retrieve: () => {
      calls.keyword++;
      return Promise.resolve({
        ...listOf(BM25, (score) => score > 0),
        words: [],
        titled: new Int32Array(),
        isHeaded: () => true,
      });
    },
  };
  const dense: Retriever = {
    count: COUNT,
    needsVector: true,
    retrieve: ({ vector }) => {
      calls.dense++;
      return Promise.resolve(listOf(COSINES.get(vector as Float32Array<ArrayBuffer>)!, () => true));
    },
  };
  const documents = {
    isComplete: true,
    pageOf: (id: number) => id,
    weightOf: () => 1,
    named: () => Promise.resolve({ title: '', headings: [], text: '' }),
  };
  return { parts: { keyword, dense, documents }, calls };
}

test('each vector and factor is ranked as the hybrid retriever ranks it; the words are looked up once', async () => {
  const { parts: shared, calls } = parts();
  const factors = [0, 1, 2.8];
  const rank = rankingsByFactor(shared, { text: 'a query', isAdapted: true }, factors, { k: 4 });
  for (const vector of COSINES.keys()) {
    const own = await rank(vector);
    for (const [f, keywordFactor] of factors.entries()) {
      const query = { text: 'a query', vector, isAdapted: true, keywordFactor };
      const { ids } = await new HybridRetriever(parts().parts).retrieve(query, { k: 4 });
      expect(own.subarray(4 * f, 4 * f + 4)).toEqual(ids);
    }
  }
  expect(calls).toEqual({ keyword: 1, dense: 2 });
});

test('documents outside the set leave no gap, and what is missing is −1', async () => {
  const even = Uint8Array.from({ length: COUNT }, (_, id) => Number(id % 2 === 0));
  const rank = rankingsByFactor(parts().parts, { text: 'a query' }, [1], { k: 5 }, [even]);
  const [vector] = COSINES.keys();
  const own = await rank(vector!);
  expect([...own].slice(0, 3).sort()).toEqual([0, 2, 4]);
  expect([...own].slice(3)).toEqual([-1, -1]);
});
