// A retriever from outside, held to what the ranking relies on: every list is checked, an answer is waited for no longer
// than a limit, and a failure is told as an error of ours.

import { EraError } from '../errors.ts';
import { checkedIds, checkedScores } from '../search/checked-list.ts';
import { rankByScore } from '../search/ranked-list.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from '../search/retriever.ts';
import { outsideWork } from './outside-work.ts';

/** A search that takes longer is answered by words. */
export const RETRIEVER_LIMIT_MS = 10_000;
/** What rounding adds to a cosine. */
const TOLERANCE = 1e-3;
const COSINE = [(score: number) => Math.abs(score) <= 1 + TOLERANCE, 'cosine (−1 to 1)'] as const;

export interface CheckedRetrieverOptions {
  /** Passages of the collection. */
  readonly count: number;
  /** For a list, and for scores that are asked for later. @default 10000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * @returns the same, checked
 * @throws EraError `bad-extension` for a retriever of another collection. Its calls: `timeout`; `bad-extension` for doc
 * ids that are unknown or there twice, and for scores that are no cosines; an EraError of the retriever's own
 */
export function checkedRetriever(
  retriever: Retriever,
  { count, timeoutMs = RETRIEVER_LIMIT_MS }: CheckedRetrieverOptions,
): Retriever {
  if (retriever.count !== count)
    throw new EraError(
      'bad-extension',
      `The retriever is over ${String(retriever.count)} documents, and the collection has ${String(count)}.`,
    );
  return {
    count,
    needsVector: retriever.needsVector,
    async retrieve(query: Query, { k, signal }: RetrieveOptions): Promise<RankedList> {
      const most = depthOf(k, count);
      const asked = <T>(work: (joint: AbortSignal | undefined) => Promise<T>): Promise<T> =>
        outsideWork('The retriever failed', work, { signal, timeoutMs });
      const list = await asked((joint) => retriever.retrieve(query, { k: most, signal: joint }));
      const ids = checkedIds(listOf(list, 'ids'), { count, most }, refuse);
      return {
        ...rankByScore(ids, checkedScores(listOf(list, 'scores'), ids, COSINE, refuse)),
        scoresOf: async (some) =>
          checkedScores(listOf({ scores: await asked(() => list.scoresOf(some)) }, 'scores'), some, COSINE, refuse),
      };
    },
  };
}

/** A typed array, or a plain one; null for anything else. */
function listOf<Name extends string>(
  from: Readonly<Partial<Record<Name, ArrayLike<number>>>> | undefined,
  name: Name,
): readonly number[] | null {
  const list = from?.[name];
  return list ? Array.from(list) : null;
}

function refuse(fault: string, id?: string): EraError {
  return new EraError('bad-extension', `The retriever gave ${fault}.`, { details: id === undefined ? {} : { id } });
}
