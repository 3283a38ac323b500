// The vectors of a query, by the ways of its plan: from the small model in its worker and from the remote model by its
// API, each with a cache, and from the collection's static query encoder.

import { reads, type QueryPath } from '../adapter/adapter.ts';
import { UNREAD, type ReadBy } from '../answer.ts';
import { orMean } from '../encode/static/or-mean.ts';
import { EraError, isEraError } from '../errors.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import type { Matrix } from '../math/vector.ts';
import type { Role } from '../role.ts';
import type { QueryReading, ReadTexts } from '../rpc/collection-messages.ts';
import { usedAdapter } from './adapters.ts';
import { modelOf, type LocalModel } from './local-model.ts';
import type { QueryPlan } from './query-plan.ts';
import type { RememberedQueries } from './remembered-queries.ts';
import type { VectorOptions } from './status.ts';

/** The result of reading a query by its plan. */
export interface Reading extends ReadBy {
  /** Null where no model could read it. */
  readonly vectors: QueryReading | null;
}

export interface VectorSources {
  readonly local: LocalModel | null;
  readonly remote: QueryEncoder | null;
  readonly remembered: RememberedQueries | null;
  /** Texts by the static query encoder; null for a text of which it knows nothing. */
  readonly readStatic: (texts: readonly string[], signal?: AbortSignal) => Promise<readonly (Matrix | null)[]>;
  /** Rejects where `local` is not the model that made the passages' vectors. */
  readonly agrees: () => Promise<void>;
  /** Called with the outcome of each request to the remote model. */
  readonly noteRemote: (problem: EraError | null) => void;
}

export class QueryVectorizer {
  readonly #sources: VectorSources;

  constructor(sources: VectorSources) {
    this.#sources = sources;
  }

  /**
   * Reads the query by the first way of the plan that works. It rejects only when aborted or closed; where no way
   * works, the vectors are null.
   */
  async read(text: string, { ways, problem }: QueryPlan, signal: AbortSignal | undefined): Promise<Reading> {
    const start = performance.now();
    let degraded = problem;
    let remoteIsAway = false;
    for (const { path, adapter } of ways) {
      const isRemote = reads(path, 'remote');
      if (isRemote && remoteIsAway) continue;
      try {
        const { vectors, vector } = await this.#only(text, path, signal);
        if (isRemote) this.#sources.noteRemote(null);
        if (path === 'static' && vectors.static === null) continue; // words of which nothing is known
        return {
          vectors: { path, ...vectors, adapter, isLabelled: usedAdapter(adapter).stage === 'adapted' },
          vector,
          path,
          ...usedAdapter(adapter),
          ...(degraded ? { degraded } : {}),
          ms: performance.now() - start,
        };
      } catch (error) {
        if (signal?.aborted || !isEraError(error) || error.code === 'closed') throw error;
        degraded ??= error;
        if (!isRemote) continue;
        remoteIsAway = true;
        this.#sources.noteRemote(error);
      }
    }
    return { ...UNREAD, vectors: null, ...(degraded ? { degraded } : {}), ms: performance.now() - start };
  }

  /**
   * [texts.length, dims] of the small model, queries with the model's prompt.
   * @throws EraError `no-encoder` and the encoder's own
   */
  async local(texts: readonly string[], options: VectorOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    const model = modelOf(this.#sources.local);
    await this.#sources.agrees();
    return model.read(texts, options);
  }

  /**
   * [texts.length, dims] of the remote model, queries with the model's prompt.
   * @throws EraError `no-encoder`, the network family
   */
  async remote(
    texts: readonly string[],
    { signal, onDone }: VectorOptions = {},
    role: Role = 'query',
  ): Promise<Float32Array<ArrayBuffer>> {
    const { remote } = this.#sources;
    if (!remote) throw new EraError('no-encoder', 'No query API is configured.');
    return remote.encode(texts, role, { signal, onProgress: (done) => onDone?.(done, texts.length) });
  }

  /**
   * [texts.length, dims] of the passages' space by the static query encoder; the mean of the others for a text of which
   * it knows nothing.
   * @throws EraError `no-encoder` where it knows nothing of any text; the network family
   */
  async static(texts: readonly string[], { signal }: VectorOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    const rows = orMean(await this.#sources.readStatic(texts, signal));
    if (!rows) throw new EraError('no-encoder', 'The static query encoder knows no word of these texts.');
    return rows;
  }

  async #only(
    text: string,
    path: QueryPath,
    signal: AbortSignal | undefined,
  ): Promise<{
    readonly vectors: ReadTexts;
    readonly vector: ReadBy['vector'];
  }> {
    const [unread, local, remote] = await Promise.all([
      reads(path, 'static') ? this.#sources.readStatic([text], signal) : null,
      reads(path, 'local') ? this.local([text], { signal }) : null,
      reads(path, 'remote') ? this.#remoteQuery(text, signal) : null,
    ]);
    return {
      vectors: { static: unread?.[0] ?? null, local: copyOf(local), remote: copyOf(remote?.vector ?? null) },
      vector: remote ? (remote.source === 'cache' ? 'cache' : 'remote') : path === 'static' ? 'static' : 'local',
    };
  }

  /** One query by the remote model: from this visit's cache, an earlier visit's, or the network. */
  async #remoteQuery(
    text: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly vector: Float32Array<ArrayBuffer>; readonly source: 'network' | 'cache' }> {
    const { remote, remembered } = this.#sources;
    const isCached = remote?.has(text, 'query') === true;
    const kept = isCached ? undefined : await remembered?.get(text);
    if (kept) return { vector: kept, source: 'cache' };
    const vector = await this.remote([text], { signal });
    remembered?.add(text, vector);
    return { vector, source: isCached ? 'cache' : 'network' };
  }
}

/** Messages transfer buffers, so vectors of a cache are copied. */
function copyOf(vector: Float32Array | null): Float32Array<ArrayBuffer> | null {
  return vector && new Float32Array(vector);
}
