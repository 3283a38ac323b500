// A retriever from outside, held to what the ranking relies on: every list is checked, an answer is waited for no longer
// than a limit, and a failure is told as an error of ours.

import { EraError, isEraError, messageOf } from '../errors.ts';
import { rankByScore } from './ranked-list.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './retriever.ts';

/** A search that takes longer is answered by words. */
export const RETRIEVER_LIMIT_MS = 10_000;
/** What rounding adds to a cosine. */
const TOLERANCE = 1e-3;

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
    throw bad(`is over ${String(retriever.count)} documents, and the collection has ${String(count)}`);
  return {
    count,
    needsVector: retriever.needsVector,
    async retrieve(query: Query, { k, signal }: RetrieveOptions): Promise<RankedList> {
      const limit = depthOf(k, count);
      const list = await within(timeoutMs, signal, (joint) => retriever.retrieve(query, { k: limit, signal: joint }));
      const { ids, scores } = checkedList(list, count, limit);
      return {
        ...rankByScore(ids, scores),
        scoresOf: async (some) => {
          const found = await within(timeoutMs, signal, () => list.scoresOf(some));
          return checkedScores(found, some);
        },
      };
    },
  };
}

async function within<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(timeoutMs);
  const joint = signal ? AbortSignal.any([signal, limit]) : limit;
  const ended = new Promise<never>((_, reject) => {
    joint.addEventListener('abort', () => reject(joint.reason as Error), { once: true });
  });
  try {
    return await Promise.race([work(joint), ended]);
  } catch (cause) {
    signal?.throwIfAborted();
    if (isEraError(cause)) throw cause;
    if (limit.aborted)
      throw new EraError('timeout', `The retriever gave no answer within ${String(timeoutMs)} ms.`, {
        details: { timeoutMs },
        cause,
      });
    throw bad(`failed: ${messageOf(cause)}`, {}, cause);
  }
}

/** In ascending order of the ids. */
function checkedList(
  list: RankedList | undefined,
  count: number,
  limit: number,
): { readonly ids: Int32Array<ArrayBuffer>; readonly scores: Float32Array<ArrayBuffer> } {
  const given: readonly unknown[] = Array.from(list?.ids ?? []);
  if (!list || given.length > limit) throw bad(`gave no list of at most ${String(limit)} doc ids`);
  const seen = new Set<unknown>();
  for (const id of given) {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= count)
      throw bad(`gave the doc id ${String(id)}, which the collection does not have`, { id: String(id) });
    if (seen.has(id)) throw bad(`gave the doc id ${String(id)} twice`, { id: String(id) });
    seen.add(id);
  }
  const ids = Int32Array.from(given as number[]);
  const scores = checkedScores(list.scores, ids);
  const ascending = Int32Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
  return { ids: ascending.map((i) => ids[i]!), scores: Float32Array.from(ascending, (i) => scores[i]!) };
}

function checkedScores(given: Float32Array | undefined, ids: Int32Array): Float32Array<ArrayBuffer> {
  if (given?.length !== ids.length) throw bad(`gave no list of ${String(ids.length)} scores`);
  const at = given.findIndex((score) => !(Math.abs(score) <= 1 + TOLERANCE));
  if (at >= 0)
    throw bad(`gave the doc id ${String(ids[at])} the score ${String(given[at])}, which is no cosine (−1 to 1)`, {
      id: String(ids[at]),
    });
  return Float32Array.from(given);
}

function bad(what: string, details: Readonly<Record<string, string>> = {}, cause?: unknown): EraError {
  return new EraError('bad-extension', `The retriever ${what}.`, { details, cause });
}
