// Retriever whose documents are on a server: any search engine that implements two small requests. Its answers are
// validated like all external input.

import { EraError, isEraError, messageOf } from '../errors.ts';
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
    const ids = this.#ids(given, limit);
    const scores = this.#scores(scoresGiven, ids);
    const ascending = Int32Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
    const list = rankByScore(
      Int32Array.from(ascending, (i) => ids[i]!),
      Float32Array.from(ascending, (i) => scores[i]!),
    );
    const scoresOf = async (some: Int32Array): Promise<Float32Array<ArrayBuffer>> => {
      if (some.length === 0) return new Float32Array(0);
      return this.#scores((await this.#ask({ query, ids: [...some] }, signal))['scores'], some);
    };
    return { ...list, scoresOf };
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

  #ids(given: unknown, limit: number): Int32Array<ArrayBuffer> {
    if (!Array.isArray(given) || given.length > limit) throw this.#bad(`no list of at most ${String(limit)} ids`);
    const seen = new Set<unknown>();
    for (const id of given as unknown[]) {
      if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= this.count)
        throw this.#bad(`the unknown id ${String(id)}`, { id: String(id) });
      if (seen.has(id)) throw this.#bad(`the id ${String(id)} twice`, { id: String(id) });
      seen.add(id);
    }
    return Int32Array.from(given as number[]);
  }

  #scores(given: unknown, ids: Int32Array): Float32Array<ArrayBuffer> {
    if (!Array.isArray(given) || given.length !== ids.length)
      throw this.#bad(`no list of ${String(ids.length)} scores`);
    const at = (given as unknown[]).findIndex(
      (score) => typeof score !== 'number' || !Number.isFinite(Math.fround(score)),
    );
    if (at >= 0)
      throw this.#bad(`a score that is no finite number for the id ${String(ids[at])}`, { id: String(ids[at]) });
    return Float32Array.from(given as number[]);
  }

  #bad(what: string, details: Readonly<Record<string, string>> = {}, cause?: unknown): EraError {
    const { url } = this.#options;
    return new EraError('bad-response', `${url} answered with ${what}.`, { details: { url, ...details }, cause });
  }
}
