// Downloads parts that are all needed, several at a time.

import type { SitePart } from '../format/site-manifest.ts';
import type { TransferProgress } from '../progress.ts';
import type { PartSource } from './part-source.ts';

/** Simultaneous requests. */
const CONCURRENCY = 6;

export interface DownloadPartsOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/**
 * Fetches the missing parts. A failure ends all; parts that have arrived are kept and not requested again.
 * @throws as `PartSource.file`
 */
export async function downloadParts(
  parts: PartSource,
  wanted: readonly SitePart[],
  { signal, onProgress }: DownloadPartsOptions,
): Promise<void> {
  const missing = wanted.filter((part) => !parts.has(part));
  const totalBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const report = (): void =>
    onProgress?.({ loadedBytes: missing.reduce((sum, part) => sum + parts.loadedBytes(part), 0), totalBytes });
  const stop = new AbortController();
  const joint = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  const queue = [...missing];
  const runner = async (): Promise<void> => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      await parts.file(part, { signal: joint, onBytes: report });
      report();
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, runner));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
