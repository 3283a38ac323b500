// A query's vectors: from the small model in its worker, from the remote model by its API, each with a cache, and what to do
// when one of them is away.

import type { QueryPath, QueryVectors } from '../adapter/adapter.ts';
import { EraError, isEraError } from '../errors.ts';
import { stackRows } from '../math/vector.ts';
import { LruCache } from '../lru-cache.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import type { Role } from '../role.ts';
import type { EncoderApi } from '../rpc/protocol.ts';
import type { Connection } from './connections.ts';
import type { RememberedQueries } from './remembered-queries.ts';

/** Local vectors kept: 5000 × 384 float32 are 7.7 MB. */
const LOCAL_CACHE_ENTRIES = 5000;

/** Where the remote vector came from; `none` where the path does not need it or it could not be had. */
export type RemoteSource = 'network' | 'cache' | 'none';

export interface VectorProgress {
  readonly model: 'local' | 'remote';
  readonly done: number;
  readonly total: number;
}

export interface VectorOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VectorProgress) => void) | undefined;
}

export interface AnsweredVectors extends QueryVectors {
  /** The path that the vectors at hand allow: the one asked for, or `local` when the remote model is away. */
  readonly path: QueryPath;
  readonly remoteSource: RemoteSource;
  /** Why another path than the one asked for is taken. */
  readonly degraded?: EraError;
  readonly localMs: number;
  readonly remoteMs: number;
}

export class QueryVectorizer {
  readonly #encoder: Connection<EncoderApi> | null;
  readonly #remote: QueryEncoder | null;
  readonly #remembered: RememberedQueries | null;
  readonly #localCache = new LruCache<string, Float32Array>(LOCAL_CACHE_ENTRIES);

  constructor(encoder: Connection<EncoderApi> | null, remote: QueryEncoder | null, remembered: RememberedQueries | null) {
    this.#encoder = encoder;
    this.#remote = remote;
    this.#remembered = remembered;
  }

  /** Vectors of one query for `path` and for no other. @throws EraError `no-encoder`, the encoder's own, the network family */
  async only(text: string, path: QueryPath, signal?: AbortSignal): Promise<QueryVectors & { readonly remoteSource: RemoteSource }> {
    const [local, remote] = await Promise.all([path === 'remote' ? null : this.local([text], { signal }), path === 'local' ? null : this.#remoteQuery(text, signal)]);
    return { local, remote: remote?.vector ?? null, remoteSource: remote?.source ?? 'none' };
  }

  /** Vectors of one query for `path`; falls back to the local path when the remote model is away and a small model is here. */
  async forQuery(text: string, path: QueryPath, signal?: AbortSignal): Promise<AnsweredVectors> {
    const [local, remote] = await Promise.all([
      timed(path === 'remote' ? Promise.resolve(null) : this.local([text], { signal })),
      timed(path === 'local' ? Promise.resolve(null) : this.#remoteQuery(text, signal)),
    ]);
    const timings = { localMs: local.ms, remoteMs: remote.ms };
    if (remote.error === undefined && local.error === undefined) {
      return { local: local.value, remote: remote.value?.vector ?? null, path, remoteSource: remote.value?.source ?? 'none', ...timings };
    }
    const error = remote.error ?? local.error;
    if (signal?.aborted || !isEraError(remote.error) || local.error !== undefined || !this.#encoder) throw error as Error;
    const value = local.value ?? (await this.local([text], { signal }));
    return { local: value, remote: null, path: 'local', remoteSource: 'none', degraded: remote.error, ...timings };
  }

  /** [texts.length, dims] of the small model, queries with its prompt. @throws EraError `no-encoder` and the encoder's own */
  async local(texts: readonly string[], { signal, onProgress }: VectorOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    if (!this.#encoder) throw new EraError('no-encoder', 'This page loads no small model.');
    const missing = [...new Set(texts.filter((text) => this.#localCache.get(text) === undefined))];
    if (missing.length > 0) {
      const client = await this.#encoder.ready();
      const matrix = await client.call(
        'encode',
        { texts: missing, role: 'query', reproducible: true },
        { signal, onProgress: ({ doneTexts, totalTexts }) => onProgress?.({ model: 'local', done: doneTexts, total: totalTexts }) },
      );
      const dims = matrix.length / missing.length;
      const fresh = new Map(missing.map((text, i) => [text, matrix.slice(i * dims, (i + 1) * dims)]));
      for (const [text, vector] of fresh) this.#localCache.set(text, vector);
      return stackRows(
        texts.map((text) => fresh.get(text) ?? this.#localCache.get(text)!),
        dims,
      );
    }
    const rows = texts.map((text) => this.#localCache.get(text)!);
    return stackRows(rows, rows[0]?.length ?? 0);
  }

  /** [texts.length, dims] of the remote model, queries with their prompt. @throws EraError `no-encoder`, the network family */
  async remote(texts: readonly string[], { signal, onProgress }: VectorOptions = {}, role: Role = 'query'): Promise<Float32Array<ArrayBuffer>> {
    if (!this.#remote) throw new EraError('no-encoder', 'No query API is configured.');
    const total = texts.length;
    return this.#remote.encode(texts, role, { signal, onProgress: (done) => onProgress?.({ model: 'remote', done, total }) });
  }

  /** One query by the remote model: from this visit's cache, an earlier visit's, or the network. */
  async #remoteQuery(text: string, signal: AbortSignal | undefined): Promise<{ readonly vector: Float32Array<ArrayBuffer>; readonly source: RemoteSource }> {
    const isCached = this.#remote?.has(text, 'query') === true;
    const kept = isCached ? undefined : await this.#remembered?.get(text);
    if (kept) return { vector: kept, source: 'cache' };
    const vector = await this.remote([text], { signal });
    this.#remembered?.add(text, vector);
    return { vector, source: isCached ? 'cache' : 'network' };
  }
}

interface Timed<T> {
  readonly value: T | null;
  readonly error?: unknown;
  readonly ms: number;
}

async function timed<T>(work: Promise<T | null>): Promise<Timed<T>> {
  const start = performance.now();
  try {
    return { value: await work, ms: performance.now() - start };
  } catch (error) {
    return { value: null, error, ms: performance.now() - start };
  }
}
