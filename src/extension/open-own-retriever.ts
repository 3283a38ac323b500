// The retriever of an extension, opened and checked.

import type { EraError } from '../errors.ts';
import type { Retriever } from '../search/retriever.ts';
import { checkedRetriever, RETRIEVER_LIMIT_MS } from './checked-retriever.ts';
import type { Extension, RetrievedDocuments } from './extension.ts';
import { outsideWork } from './outside-work.ts';

/**
 * @returns null where the extension has none. One that could not be opened within ten seconds fails with every search,
 * by an EraError that says why: words then answer.
 */
export async function openOwnRetriever(
  { openRetriever }: Extension,
  documents: RetrievedDocuments,
): Promise<Retriever | null> {
  if (!openRetriever) return null;
  const { count } = documents;
  try {
    const opened = await outsideWork(
      'The retriever of the extension could not be opened',
      () => openRetriever(documents),
      { timeoutMs: RETRIEVER_LIMIT_MS },
    );
    return checkedRetriever(opened, { count });
  } catch (cause) {
    const error = cause as EraError;
    return { count, retrieve: () => Promise.reject(error) };
  }
}
