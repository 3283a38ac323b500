// The vectors of a query, by the ways of its plan: from the small model in its worker and from the remote model by its
// API, each with a cache.

import type { QueryPath, QueryVectors } from '../adapter/adapter.ts';
import { UNREAD, type ReadBy } from '../answer.ts';
import { EraError, isEraError } from '../errors.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import type { Role } from '../role.ts';
import type { QueryReading } from '../rpc/collection-messages.ts';
import { usedAdapter } from './adapters.ts';
import { modelOf, type LocalModel } from './local-model.ts';
import type { QueryPlan } from './query-plan.ts';
import type { RememberedQueries } from './remembered-queries.ts';
import type { VectorOptions } from './status.ts';

/** Source of the remote vector; `none` where the path does not need it. */
type RemoteSource = 'network' | 'cache' | 'none';

/** The result of reading a query by its plan. */
export interface Reading extends ReadBy {
  /** Null where no model could read it. */
  readonly vectors: QueryReading | null;
}

export interface VectorSources {
  readonly local: LocalModel | null;
  readonly remote: QueryEncoder | null;
  readonly remembered: RememberedQueries | null;
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
      if (path !== 'local' && remoteIsAway) continue;
      try {
        const { local, remote, remoteSource } = await this.#only(text, path, signal);
        if (path !== 'local') this.#sources.noteRemote(null);
        return {
          vectors: { local: copyOf(local), remote: copyOf(remote), adapter },
          vector: remoteSource === 'none' ? 'local' : remoteSource === 'cache' ? 'cache' : 'remote',
          path,
          ...usedAdapter(adapter),
          ...(degraded ? { degraded } : {}),
          ms: performance.now() - start,
        };
      } catch (error) {
        if (signal?.aborted || !isEraError(error) || error.code === 'closed') throw error;
        degraded ??= error;
        if (path === 'local') continue;
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

  async #only(
    text: string,
    path: QueryPath,
    signal: AbortSignal | undefined,
  ): Promise<QueryVectors & { readonly remoteSource: RemoteSource }> {
    const [local, remote] = await Promise.all([
      path === 'remote' ? null : this.local([text], { signal }),
      path === 'local' ? null : this.#remoteQuery(text, signal),
    ]);
    return { local, remote: remote?.vector ?? null, remoteSource: remote?.source ?? 'none' };
  }

  /** One query by the remote model: from this visit's cache, an earlier visit's, or the network. */
  async #remoteQuery(
    text: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly vector: Float32Array<ArrayBuffer>; readonly source: RemoteSource }> {
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
