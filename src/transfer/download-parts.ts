// Downloads parts that are all needed, several at a time.

import { sizeOf, type FileOfParts } from '../format/manifest-parts.ts';
import type { SitePart } from '../format/site-manifest.ts';
import type { TransferProgress } from '../progress.ts';
import type { PartSource } from './part-source.ts';

/** Simultaneous requests. */
const CONCURRENCY = 6;
/** Simultaneous requests of files of many parts: a server without HTTP/2 has room for those of a search besides. */
const FILES_AT_ONCE = 2;

export interface DownloadPartsOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
  /** Files that have several of the parts: one is fetched where half of it is missing. @default none */
  readonly together?: readonly FileOfParts[] | undefined;
}

/**
 * Fetches the missing parts. A failure ends all; parts that have arrived are kept and not requested again.
 * @throws as `PartSource.file`
 */
export async function downloadParts(
  parts: PartSource,
  wanted: readonly SitePart[],
  { signal, onProgress, together = [] }: DownloadPartsOptions,
): Promise<void> {
  const missing = wanted.filter((part) => !parts.has(part));
  const totalBytes = sizeOf(missing);
  const report = (): void =>
    onProgress?.({ loadedBytes: missing.reduce((sum, part) => sum + parts.loadedBytes(part), 0), totalBytes });
  const stop = new AbortController();
  const joint = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  const files = together.filter(({ file, parts: held }) => {
    return 2 * sizeOf(held.filter((part) => parts.has(part))) <= file.bytes;
  });
  const fetchFiles = async (): Promise<void> => {
    for (let next = files.shift(); next; next = files.shift()) {
      const isHere = await parts.fetchTogether(next.file, next.parts, { signal: joint, onBytes: report });
      if (!isHere) files.length = 0; // the server has none, or changes them on the way
      report();
    }
  };
  const queue = [...missing];
  const runner = async (): Promise<void> => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      await parts.file(part, { signal: joint, onBytes: report });
      report();
    }
  };
  try {
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, fetchFiles));
    await Promise.all(Array.from({ length: CONCURRENCY }, runner));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
