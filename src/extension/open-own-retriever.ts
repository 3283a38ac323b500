// The retriever of an extension, opened and checked.

import { EraError, isEraError, messageOf } from '../errors.ts';
import { checkedRetriever, RETRIEVER_LIMIT_MS } from '../search/checked-retriever.ts';
import type { Retriever } from '../search/retriever.ts';
import type { Extension, RetrievedDocuments } from './extension.ts';

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
    return checkedRetriever(await opened(openRetriever, documents), { count });
  } catch (cause) {
    const error = isEraError(cause)
      ? cause
      : new EraError('bad-extension', `The retriever of the extension could not be opened: ${messageOf(cause)}`, {
          cause,
        });
    return { count, retrieve: () => Promise.reject(error) };
  }
}

async function opened(
  open: NonNullable<Extension['openRetriever']>,
  documents: RetrievedDocuments,
): Promise<Retriever> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new EraError('timeout', 'The retriever of the extension was not opened within ten seconds.')),
      RETRIEVER_LIMIT_MS,
    );
  });
  try {
    return await Promise.race([open(documents), late]);
  } finally {
    clearTimeout(timer);
  }
}
