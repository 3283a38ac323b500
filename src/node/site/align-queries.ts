// Alignment when the index is made: the large query model embeds a sample of the passages, and the map from its space
// into the index's is published, so that visitors get its ranking from the first query on. The fit is the same as in a
// page (workers/training-session.ts).

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LinearAdapter } from '../../adapter/adapter.ts';
import { alignSite, siteStarts } from '../../adapter/align/align-site.ts';
import { readAdapter } from '../../adapter/file.ts';
import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { MAX_ALIGNMENT_PASSAGES } from '../../options.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import type { WrittenRemoteOptions } from '../../query/remote-options.ts';
import { spaceId, type Space } from '../../space.ts';
import { packageRoot } from '../package-root.ts';
import type { EmbedCache } from './embed-cache.ts';
import type { Embedder } from './embedder.ts';
import { embedTexts, withCache, type EmbedOptions } from './embed-passages.ts';
import { publishedAdapter, type PublishedAdapter } from './site-adapters.ts';

/**
 * Texts in a request, three of which run at the same time. A local model may take long, and nobody waits for it here.
 */
const REQUEST_TEXTS = 16;
const CONCURRENCY = 3;
const TIMEOUT_MS = 120_000;
const TOTAL_TIMEOUT_MS = 600_000;

/** A large query model behind an API, to align to an index. */
export interface QueryModelOptions {
  /** Address of an OpenAI-compatible API, without `/embeddings`. */
  readonly url: string;
  /** Name that the API is asked for. */
  readonly model: string;
  /** `{text}` is replaced with the query. @default none */
  readonly prompt?: string | undefined;
  /** @default the dimensions that the API returns */
  readonly dimensions?: number | undefined;
  /** Sent as a bearer token, or in `keyHeader`; it is not written to any file. @default none */
  readonly key?: string | undefined;
  /** Header that holds the key alone, such as `api-key`. @default `authorization`, with `Bearer` before the key */
  readonly keyHeader?: string | undefined;
  /**
   * Fields, headers and limits of requests. @default those of a query model in a page, but 16 texts in a request, which
   * may take 120 seconds, and 600 with all its attempts
   */
  readonly request?: WrittenRemoteOptions | undefined;
}

export interface AlignQueriesInput {
  /** All passages, as the small model reads them. */
  readonly texts: readonly string[];
  readonly vectors: QuantizedVectors;
  readonly space: Space;
  readonly openCache: (space: Space) => EmbedCache | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: EmbedOptions['onProgress'];
}

export interface Alignment {
  /** Adapters of the paths `remote` and `both`. */
  readonly adapters: readonly PublishedAdapter[];
  /** Passages that the query model has embedded, in this run or an earlier one. */
  readonly passages: number;
  /** Whether a base adapter of this pair of models was available. */
  readonly hasBase: boolean;
}

/** @throws EraError `invalid-option`, and those of `createRemoteEncoder`'s encode; the signal's reason */
export async function alignQueries(
  { texts, vectors, space, openCache, signal, onProgress }: AlignQueriesInput,
  { url, model, prompt, dimensions, key, keyHeader = 'authorization', request = {} }: QueryModelOptions,
): Promise<Alignment> {
  const headers = (): Record<string, string> => ({
    ...request.headers,
    ...(key === undefined ? {} : { [keyHeader]: /^authorization$/i.test(keyHeader) ? `Bearer ${key}` : key }),
  });
  const { maxBatchTexts = REQUEST_TEXTS, concurrency = CONCURRENCY } = request;
  const remote = createRemoteEncoder({
    baseUrl: url,
    model,
    prompt,
    dimensions,
    timeoutMs: TIMEOUT_MS,
    totalTimeoutMs: TOTAL_TIMEOUT_MS,
    ...request,
    headers,
    cacheEntries: 0,
    maxBatchTexts,
    concurrency,
  });
  if (remote.space.dims === 0) await remote.encode(['dimensions'], 'passage', { signal });
  const documents = { ...remote.space, prompt: '' };
  const rows = sampleByHash(texts, MAX_ALIGNMENT_PASSAGES);
  const open = (): Promise<Embedder> =>
    Promise.resolve({
      embed: (batch, onDone) =>
        remote.encode(batch, 'passage', { signal, onProgress: (done) => onDone({ texts: done, tokens: undefined }) }),
      dispose: () => Promise.resolve(),
    });
  const read = await withCache(openCache(documents), (cache) =>
    embedTexts(
      rows.map((row) => texts[row]!),
      { space: documents, cache, open, batchTexts: concurrency * maxBatchTexts, onProgress },
    ),
  );
  const frame = { from: [spaceId(remote.space)], to: spaceId(space) };
  const base = await baseAdapter(model, space, frame.from[0]!);
  const aligned = alignSite({
    x: dequantizeRows(read.vectors),
    y: dequantizeRows(vectors, rows),
    dIn: documents.dims,
    dOut: space.dims,
    base,
    ...frame,
  });
  const starts = siteStarts(aligned, space, vectors, ['remote', 'both']);
  return {
    adapters: [...starts.values()].map(({ adapter }) => publishedAdapter(adapter)),
    passages: rows.length,
    hasBase: base !== undefined,
  };
}

/**
 * The distinct texts with the smallest hashes: a change of the site changes little of the sample, so that most vectors
 * are cached.
 */
function sampleByHash(texts: readonly string[], count: number): number[] {
  const rows = new Map(texts.map((text, row) => [text, row]));
  const hashed = [...rows].map(([text, row]) => ({ row, hash: createHash('sha256').update(text).digest('hex') }));
  return hashed
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, count)
    .map(({ row }) => row)
    .sort((a, b) => a - b);
}

/** The base adapter that is bundled for exactly this pair of models, if any. */
async function baseAdapter(model: string, space: Space, from: string): Promise<LinearAdapter | undefined> {
  const path = join(packageRoot(), 'public/adapters', `${basename(model)}--${basename(space.model)}.safetensors`);
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return undefined;
  const adapter = readAdapter(new Uint8Array(bytes));
  return adapter.path === 'remote' && adapter.from[0] === from && adapter.to === spaceId(space) ? adapter : undefined;
}
