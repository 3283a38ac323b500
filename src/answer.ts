// The answer of a collection, in a page and in Node: its hits, and how they were ranked.

import type { QueryPath } from './adapter/adapter.ts';
import type { TrainerName } from './adapter/trainer.ts';
import { EraError } from './errors.ts';
import type { CollectionFindings } from './search/collection.ts';
import type { SearchMode } from './search/query.ts';

/** `aligned`: learned without labels; `adapted`: with some. */
export type Stage = 'aligned' | 'adapted';

/** The adapter that a search used; none leaves the small model's vector unchanged. */
export interface UsedAdapter {
  /** What the adapter learned from; `none` where none was used. */
  readonly stage: Stage | 'none';
  /** Null where no adapter was used. */
  readonly trainer: TrainerName | null;
}

/** How an answer was ranked, and why it is degraded. */
export interface AnswerSource extends UsedAdapter {
  /** `keyword`: no query vector or no passage vectors yet. */
  readonly ranking: SearchMode;
  /**
   * Source of the query vector: a `remote` model just now (in Node also a vector that was given), the `cache` of its
   * answers, the `local` document model, the `static` query encoder of the collection, or none.
   */
  readonly vector: 'remote' | 'cache' | 'local' | 'static' | 'none';
  /** Whose query vectors were compared; null where words alone ranked. */
  readonly path: QueryPath | 'static' | null;
  /** `network` while parts are fetched on demand. */
  readonly index: 'network' | 'store';
}

/** What one search found, and what that rests on. */
export interface Answer extends Omit<CollectionFindings, 'ranking' | 'timings' | 'shortfall' | 'isStatic'> {
  /** The query as it was asked. */
  readonly query: string;
  /** How it was ranked, and by whose reading of the query. */
  readonly source: AnswerSource;
  /** Why the answer is less than was asked for. */
  readonly degraded?: EraError;
  /** Milliseconds: of the words, of the query's vector, of the comparison with the passages, of all. */
  readonly timings: {
    readonly keywordMs: number;
    readonly vectorMs: number;
    readonly scanMs: number;
    readonly totalMs: number;
  };
}

/** How the query vector was made. */
export interface ReadBy extends UsedAdapter, Pick<AnswerSource, 'vector' | 'path'> {
  readonly degraded?: EraError;
  readonly ms: number;
}

export const UNREAD: ReadBy = { vector: 'none', path: null, stage: 'none', trainer: null, ms: 0 };

const BY_TABLE: ReadBy = { ...UNREAD, vector: 'static', path: 'static' };

export function answerOf(
  query: string,
  { ranking, timings, shortfall, isStatic, ...findings }: CollectionFindings,
  { degraded: misread, ms, ...read }: ReadBy,
  index: AnswerSource['index'],
  totalMs: number,
): Answer {
  const degraded = misread ?? (shortfall && new EraError(shortfall.code, shortfall.message, shortfall));
  const { vector, path, stage, trainer } = isStatic ? BY_TABLE : ranking === 'keyword' ? UNREAD : read;
  return {
    query,
    ...findings,
    source: { ranking, vector, path, stage, trainer, index },
    ...(degraded ? { degraded } : {}),
    timings: { ...timings, vectorMs: ms, totalMs },
  };
}

/**
 * The answers to one question: `for await` gives each as it arrives, keywords first; `best` waits for the last. The
 * search starts when an answer is first requested, and again for each iteration.
 */
export class Answers implements AsyncIterable<Answer> {
  readonly #ask: (early: boolean) => AsyncGenerator<Answer, void>;

  /** @param ask is told whether answers before the last are wanted */
  constructor(ask: (early: boolean) => AsyncGenerator<Answer, void>) {
    this.#ask = ask;
  }

  /** Asks, and gives each answer as it comes. */
  [Symbol.asyncIterator](): AsyncGenerator<Answer, void> {
    return this.#ask(true);
  }

  /** @throws as the iteration does, see `Collection.search` */
  async best(): Promise<Answer> {
    let best: Answer | undefined;
    for await (const answer of this.#ask(false)) best = answer;
    return best!;
  }
}
