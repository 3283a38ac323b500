// The small file that names the others, asked for anew on every visit; and the one file that the manifest of an index names.

import { EraError } from '../errors.ts';
import type { IndexView } from '../format/index-file.ts';
import type { Manifest } from '../format/manifest.ts';
import { readIndex } from '../format/reader.ts';
import type { TransferProgress } from '../progress.ts';
import { download, type DownloadOptions } from './download.ts';

/** With a copy in the store, waiting longer for the server than this would be worse than an index that may be a version old. */
const COPY_STALL_MS = 4000;
/** Without one nothing else can be done. */
const STALL_MS = 30_000;
/** Of 100,000 passages it has a megabyte. */
const MAX_MANIFEST_BYTES = 2 ** 26;

const decoder = new TextDecoder();

/**
 * @param optional true where the caller can do without: null then stands for a server that is away or answers something else
 * @throws EraError `network`, `timeout`; what `parse` throws
 */
export async function fetchManifest<T>(address: string, parse: (text: string) => T, optional: boolean, { signal, fetch }: Pick<DownloadOptions, 'signal' | 'fetch'> = {}): Promise<T | null> {
  try {
    const limits = optional ? { stallMs: COPY_STALL_MS, tries: 1 } : { stallMs: STALL_MS };
    return parse(decoder.decode(await download(address, { ...limits, cache: 'no-cache', maxBytes: MAX_MANIFEST_BYTES, signal, fetch })));
  } catch (error) {
    signal?.throwIfAborted();
    if (optional) return null;
    throw error;
  }
}

/** @param url of the manifest @throws EraError `network`, `timeout`; `index-format` when the file is not the one that the manifest names */
export async function downloadIndex(
  url: string,
  { file, bytes: totalBytes, sha256 }: Manifest,
  { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: TransferProgress) => void) | undefined },
): Promise<{ bytes: Uint8Array<ArrayBuffer>; view: IndexView }> {
  const address = new URL(file, url).href;
  const bytes = await download(address, { signal, bytes: totalBytes, onBytes: (loadedBytes) => onProgress?.({ loadedBytes, totalBytes }) });
  const view = readIndex(bytes); // hashes the file
  if (view.sha256 !== sha256) throw new EraError('index-format', `${address} is not the file that its manifest names: it was replaced.`);
  return { bytes, view };
}

/** Address of the manifest, from its own or that of its folder. @param url absolute */
export function manifestUrl(url: string, file: string): string {
  const absolute = new URL(url);
  return absolute.pathname.endsWith('.json') ? absolute.href : new URL(file, absolute.href.replace(/\/?$/, '/')).href;
}
