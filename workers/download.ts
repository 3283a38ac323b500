// Fetches an index: the small manifest first, then the file it names, with byte progress and its hash checked.

import { EraError, messageOf } from '../src/errors.ts';
import type { IndexView } from '../src/format/index-file.ts';
import type { Manifest } from '../src/format/manifest.ts';
import { readIndex } from '../src/format/reader.ts';
import type { StoreCallOptions } from '../src/store/store.ts';

/** With a copy in the store, waiting longer for the server than this would be worse than an index that may be a version old. */
const MANIFEST_TIMEOUT_MS = 4000;
/** Without one nothing else can be done; but a server that is silent for so long is taken for dead. */
const LONGEST_MANIFEST_MS = 30_000;
/** No index that a page can hold is larger; a server that sends more is not believed. */
const MAX_INDEX_BYTES = 2 ** 31;

/**
 * A small file that names the others, asked for anew on every visit.
 * @param optional true where the caller can do without: null then stands for a server that is away or answers something else
 * @throws EraError `network`; what `parse` throws
 */
export async function fetchManifest<T>(address: string, parse: (text: string) => T, optional: boolean, signal?: AbortSignal): Promise<T | null> {
  try {
    const limit = AbortSignal.timeout(optional ? MANIFEST_TIMEOUT_MS : LONGEST_MANIFEST_MS);
    const response = await get(address, { cache: 'no-cache', signal: AbortSignal.any([limit, ...(signal ? [signal] : [])]) });
    return parse(await response.text());
  } catch (error) {
    if (signal?.aborted) throw signal.reason as Error;
    if (optional) return null;
    throw error instanceof EraError ? error : new EraError('network', `${address} could not be fetched: ${messageOf(error)}`, { cause: error });
  }
}

/** @param url of the manifest @throws EraError `network`, `index-format` when the file is not the one that the manifest names */
export async function downloadIndex(url: string, manifest: Manifest, { signal, onProgress }: StoreCallOptions): Promise<{ bytes: Uint8Array<ArrayBuffer>; view: IndexView }> {
  if (manifest.bytes > MAX_INDEX_BYTES) throw new EraError('too-large', `An index of ${String(manifest.bytes)} bytes is over the limit.`);
  const address = new URL(manifest.file, url).href;
  const response = await get(address, signal ? { signal } : {});
  const bytes = new Uint8Array(manifest.bytes);
  let loadedBytes = 0;
  try {
    for await (const chunk of chunks(response)) {
      if (loadedBytes + chunk.byteLength > bytes.byteLength) throw wrongFile(address);
      bytes.set(chunk, loadedBytes);
      loadedBytes += chunk.byteLength;
      onProgress?.({ loadedBytes, totalBytes: bytes.byteLength });
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason as Error;
    throw error instanceof EraError ? error : new EraError('network', `The download of ${address} broke off.`, { cause: error });
  }
  if (loadedBytes !== bytes.byteLength) throw wrongFile(address);
  const view = readIndex(bytes); // hashes the file
  if (view.sha256 !== manifest.sha256) throw wrongFile(address);
  return { bytes, view };
}

/** Address of the manifest, from its own or that of its folder. */
export function manifestUrl(url: string, file: string): string {
  const absolute = new URL(url, self.location.href);
  return absolute.pathname.endsWith('.json') ? absolute.href : new URL(file, absolute.href.replace(/\/?$/, '/')).href;
}

/** @throws EraError `network`; the signal's reason */
export async function get(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw init.signal.reason as Error;
    throw new EraError('network', `${url} could not be reached.`, { cause });
  }
  if (!response.ok) throw new EraError('network', `${url} answered ${String(response.status)}.`, { details: { status: response.status } });
  return response;
}

export async function* chunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function wrongFile(url: string): EraError {
  return new EraError('index-format', `${url} is not the file that its manifest names: it is cut short or was replaced.`);
}
