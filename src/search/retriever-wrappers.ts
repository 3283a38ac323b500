// Retrievers around another one: with its time, with the result of its one query, and with that of each of its vectors.

import type { Query, RankedList, Retriever } from './retriever.ts';

/** A retriever that reports its time. */
export function timed<List extends RankedList>(
  retriever: Retriever<List>,
  tell: (ms: number) => void,
): Retriever<List> {
  return {
    count: retriever.count,
    needsVector: retriever.needsVector,
    canFilter: retriever.canFilter,
    retrieve: async (query, options) => {
      const start = performance.now();
      try {
        return await retriever.retrieve(query, options);
      } finally {
        tell(performance.now() - start);
      }
    },
  };
}

/** A retriever that caches the result of its one query. */
export function once<List extends RankedList>(retriever: Retriever<List>): Retriever<List> {
  let list: Promise<List> | undefined;
  return { count: retriever.count, retrieve: (query, options) => (list ??= retriever.retrieve(query, options)) };
}

/** A retriever that is asked one text, and caches the result of its last vector. */
export function oncePerVector<List extends RankedList>(retriever: Retriever<List>): Retriever<List> {
  let last: { readonly vector: Query['vector']; readonly list: Promise<List> } | undefined;
  return {
    count: retriever.count,
    needsVector: retriever.needsVector,
    retrieve: (query, options) => {
      if (last?.vector !== query.vector) last = { vector: query.vector, list: retriever.retrieve(query, options) };
      return last.list;
    },
  };
}
