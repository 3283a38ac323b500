// The two models of an evaluation as cached encoders: small models in this process, or an embeddings API.

import { join } from 'node:path';
import process from 'node:process';
import { openEncoder } from '../../encode/open-encoder.ts';
import { STATIC_MODEL } from '../../encode/static/table-encoder.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import type { CommandIo } from '../command-io.ts';
import { openStaticEncoder } from '../general-table.ts';
import { cachedEncoder, type CachedEncoder } from './cached-encoder.ts';
import type { Endpoint } from './evaluate-options.ts';

const API_KEY_VARIABLE = 'EMBEDDINGS_API_KEY';

/**
 * Texts go through the model one by one, so that a vector depends on its text alone.
 * @param device each has its own cache, since their vectors differ a little, see node-runtime.ts
 * @throws EraError of `openEncoder` and the cache
 */
export async function openLocalEncoder(
  model: string,
  modelBase: string,
  cache: string,
  io: CommandIo,
  device: 'cpu' | 'wasm' = 'cpu',
): Promise<CachedEncoder> {
  const { encoder } =
    model === STATIC_MODEL
      ? { encoder: await openStaticEncoder(modelBase) }
      : await openEncoder({ model, modelBase, device, signal: io.signal });
  const cacheRoot = device === 'cpu' ? cache : join(cache, device);
  const embed = (texts: readonly string[], signal: AbortSignal | undefined): ReturnType<typeof encoder.encode> =>
    encoder.encode(texts, 'passage', { signal, reproducible: true, isPrompted: true });
  return cachedEncoder(
    { space: { ...encoder.space, prompt: '' }, embed, dispose: () => encoder.dispose() },
    cacheRoot,
    io,
  );
}

/**
 * Requests one vector at once, since only a response gives the dimensions.
 * @throws EraError of the network family and the cache
 */
export async function openEndpointEncoder(
  { url, model }: Endpoint,
  cacheRoot: string,
  io: CommandIo,
): Promise<CachedEncoder> {
  const key = process.env[API_KEY_VARIABLE];
  const remote = createRemoteEncoder({
    baseUrl: url,
    model,
    cacheEntries: 0,
    headers: () => (key ? { authorization: `Bearer ${key}` } : {}),
  });
  const embed = (texts: readonly string[], signal: AbortSignal | undefined): ReturnType<typeof remote.encode> =>
    remote.encode(texts, 'passage', { signal });
  await embed(['dimensions'], io.signal);
  return cachedEncoder({ space: remote.space, embed, dispose: () => Promise.resolve() }, cacheRoot, io);
}
