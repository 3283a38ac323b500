// Retriever whose documents are on a server: any search engine that implements two small requests. Its answers are
// validated like all external input.

import { EraError, isEraError, messageOf } from '../errors.ts';
import { checkedIds, checkedScores } from '../search/checked-list.ts';
import { rankByScore } from '../search/ranked-list.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from '../search/retriever.ts';

/** Where the server is and what it is asked. */
export interface HttpRetrieverOptions {
  /**
   * Takes POST of JSON, `{ query: { text, vector, isAdapted }, k }` → `{ ids, scores }`, the best k, and `{ query, ids
   * }` → `{ scores }`, of these documents in their order. Ids are the numbers of passages in the collection.
   */
  readonly url: string;
  /** Documents of the collection. */
  readonly count: number;
  /** Sent with every request; anyone can read a key in a page. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For a whole request, in milliseconds. @default 10000 */
  readonly timeoutMs?: number | undefined;
}

const FINITE = [(score: number) => Number.isFinite(Math.fround(score)), 'finite number'] as const;

/** Asks a server for documents. */
export class HttpRetriever implements Retriever {
  readonly count: number;
  readonly #options: HttpRetrieverOptions;

  constructor(options: HttpRetrieverOptions) {
    this.count = options.count;
    this.#options = options;
  }

  /**
   * @throws EraError `invalid-option`, `network`, `timeout`, `server-error`, `bad-response` for unknown or duplicate
   * ids and for scores that are not numbers
   */
  async retrieve({ text, vector, isAdapted = false }: Query, { k, signal }: RetrieveOptions): Promise<RankedList> {
    const limit = depthOf(k, this.count);
    const query = { text, vector: vector && [...vector], isAdapted };
    const { ids: given, scores: scoresGiven } = await this.#ask({ query, k: limit }, signal);
    const refuse = this.#refuse;
    const ids = checkedIds(listOf(given), { count: this.count, most: limit }, refuse);
    const scoresOf = async (some: Int32Array): Promise<Float32Array<ArrayBuffer>> => {
      if (some.length === 0) return new Float32Array(0);
      const { scores } = await this.#ask({ query, ids: [...some] }, signal);
      return checkedScores(listOf(scores), some, FINITE, refuse);
    };
    return { ...rankByScore(ids, checkedScores(listOf(scoresGiven), ids, FINITE, refuse)), scoresOf };
  }

  async #ask(body: object, signal: AbortSignal | undefined): Promise<Readonly<Record<string, unknown>>> {
    signal?.throwIfAborted();
    const { url, headers = {}, timeoutMs = 10_000 } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      if (!response.ok)
        throw new EraError('server-error', `${url} answered with status ${String(response.status)}.`, {
          details: { url, status: response.status },
        });
      const answer: unknown = await response.json();
      if (typeof answer !== 'object' || answer === null) throw this.#bad('no object');
      return answer as Readonly<Record<string, unknown>>;
    } catch (cause) {
      signal?.throwIfAborted();
      if (isEraError(cause)) throw cause;
      if (limit.aborted)
        throw new EraError('timeout', `${url} gave no answer within ${String(timeoutMs)} ms.`, {
          details: { url, timeoutMs },
          cause,
        });
      if (cause instanceof SyntaxError) throw this.#bad('no JSON', {}, cause);
      throw new EraError('network', `${url}: ${messageOf(cause)}`, { details: { url }, cause });
    }
  }

  readonly #refuse = (fault: string, id?: string): EraError => this.#bad(fault, id === undefined ? {} : { id });

  #bad(what: string, details: Readonly<Record<string, string>> = {}, cause?: unknown): EraError {
    const { url } = this.#options;
    return new EraError('bad-response', `${url} answered with ${what}.`, { details: { url, ...details }, cause });
  }
}

function listOf(given: unknown): readonly unknown[] | null {
  return Array.isArray(given) ? given : null;
}
