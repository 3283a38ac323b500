// Documents by BM25 over their titles, headings and texts.

import type { KeywordWord } from '../lexical/keyword-document.ts';
import type { KeywordIndex } from '../lexical/keyword-index.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './retriever.ts';

export interface KeywordList extends RankedList {
  /** How each word of the query matched. */
  readonly words: readonly KeywordWord[];
  /** Documents whose title may be the query, likeliest first. */
  readonly titled: Int32Array<ArrayBuffer>;
  /** Whether title and headings of a document have all words of the query that say something, in any of their forms. */
  readonly isHeaded: (id: number) => boolean;
}

export class KeywordRetriever implements Retriever<KeywordList> {
  readonly #index: Pick<KeywordIndex, 'count' | 'search'>;

  constructor(index: Pick<KeywordIndex, 'count' | 'search'>) {
    this.#index = index;
  }

  get count(): number {
    return this.#index.count;
  }

  /** Documents with at least one of the words. @throws EraError `index-format`, and what fetching a part throws */
  async retrieve({ text }: Pick<Query, 'text'>, { k, signal }: RetrieveOptions): Promise<KeywordList> {
    const limit = depthOf(k, this.count);
    signal?.throwIfAborted();
    const { rows, scores, scoresOf, words, titled, isHeaded } = await this.#index.search(text, { limit });
    signal?.throwIfAborted();
    return { ids: rows, scores, scoresOf: (ids) => Promise.resolve(scoresOf(ids)), words, titled, isHeaded };
  }
}
