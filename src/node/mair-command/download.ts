// Fetches a file to disk over a connection that may break repeatedly: the received bytes are kept beside it as
// `.partial` and continued, also by a later run. The file itself appears complete or not at all.

import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EraError, isEraError, messageOf, type ErrorCode } from '../../errors.ts';
import { backoffMs, retryAfterMs } from '../../query/retry.ts';

/**
 * Consecutive failures, without a byte between them, after which the download gives up: about half a minute of waiting.
 */
const MAX_FAILURES = 6;
/** A longer Retry-After, in milliseconds, ends the download. */
const MAX_RETRY_AFTER_MS = 300_000;

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** @param totalBytes null where the server does not say */
  readonly onProgress?: ((loadedBytes: number, totalBytes: number | null) => void) | undefined;
}

/**
 * A response of status 2xx, or 416 to a range; repeated while that may help.
 * @throws EraError `network`, `server-error`, `rate-limited`, `unauthorized`, `request-refused` (file not found, with
 * `status`); the signal's reason
 */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return withRetries(
    () => request(url, headers, signal),
    () => false,
    signal,
  );
}

/** @throws EraError as `get`, and `invalid-option` where the file cannot be written */
export async function download(url: string, path: string, options: DownloadOptions = {}): Promise<void> {
  const partial = `${path}.partial`;
  let mostBytes = 0;
  const progressed = async (): Promise<boolean> => {
    const bytes = await sizeOf(partial);
    const isMore = bytes > mostBytes;
    mostBytes = Math.max(mostBytes, bytes);
    return isMore;
  };
  await withRetries(() => continueDownload(url, partial, options), progressed, options.signal);
  await onDisk(path, () => rename(partial, path));
  await onDisk(path, () => rm(tagFile(partial), { force: true }));
}

/** One attempt, which continues the last one if the file is unchanged. */
async function continueDownload(url: string, partial: string, { signal, onProgress }: DownloadOptions): Promise<void> {
  const tag = await readFile(tagFile(partial), 'utf8').catch(() => '');
  const have = tag === '' ? 0 : await sizeOf(partial);
  // Requests the file uncompressed: lengths and ranges of a compressed form do not apply to its bytes.
  const headers = { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-`, 'if-range': tag }) };
  const response = await request(url, headers, signal);
  const range = response.headers.get('content-range') ?? '';
  if (range === `bytes */${have}`) return; // the file was already complete
  const resumed = response.status === 206 && range.startsWith(`bytes ${have}-`);
  if (response.status !== 200 && !resumed) {
    await onDisk(partial, () => rm(tagFile(partial), { force: true }));
    throw new EraError('bad-response', `${url} has no bytes from ${have}.`, { details: { url } });
  }
  await onDisk(partial, () => writeFile(tagFile(partial), strongTag(response)));
  const length = response.headers.get('content-length');
  const start = resumed ? have : 0;
  const totalBytes = length === null ? null : start + Number(length);
  const file = await onDisk(partial, () => open(partial, resumed ? 'a' : 'w'));
  try {
    const bytes = await append(response, file, partial, (more) => onProgress?.(start + more, totalBytes), signal);
    if (totalBytes !== null && start + bytes !== totalBytes)
      throw new EraError('network', `${url} ended early.`, { details: { url } });
  } finally {
    await file.close();
  }
}

async function append(
  response: Response,
  file: FileHandle,
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<number> {
  const reader = (response.body ?? new Blob([]).stream()).getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw broken(response.url, cause, signal);
    });
    if (done) return bytes;
    await onDisk(path, () => file.writeFile(value));
    onBytes((bytes += value.byteLength));
  }
}

async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const response = await fetch(url, { headers, signal: signal ?? null }).catch((cause: unknown) => {
    throw broken(url, cause, signal);
  });
  if (response.ok || response.status === 416) return response;
  await response.body?.cancel();
  const waitMs = retryAfterMs(response.headers, Date.now());
  throw new EraError(codeOf(response.status), `${url} answered ${response.status}.`, {
    details: { url, status: response.status, ...(waitMs !== undefined && { waitMs }) },
  });
}

/**
 * @param progressed whether there are more bytes than after the last failure: the count of failures then starts again
 */
async function withRetries<T>(
  attempt: () => Promise<T>,
  progressed: () => Promise<boolean> | boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (await progressed()) failures = 1;
      const askedMs = error.details['waitMs'];
      if (failures === MAX_FAILURES || (typeof askedMs === 'number' && askedMs > MAX_RETRY_AFTER_MS)) throw error;
      await sleep(typeof askedMs === 'number' ? askedMs : backoffMs(failures), undefined, { signal }).catch(() =>
        signal?.throwIfAborted(),
      );
    }
  }
}

function isTransient(error: unknown): error is EraError {
  return (
    isEraError(error, 'network') ||
    isEraError(error, 'server-error') ||
    isEraError(error, 'rate-limited') ||
    isEraError(error, 'bad-response')
  );
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate-limited';
  return status >= 500 || status === 408 ? 'server-error' : 'request-refused';
}

function broken(url: string, cause: unknown, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) return signal.reason as Error;
  return new EraError('network', `The connection to ${url} failed: ${messageOf(cause)}`, { details: { url }, cause });
}

/** A weak tag does not guarantee the same bytes (RFC 9110, 13.1.5). */
function strongTag(response: Response): string {
  const tag = response.headers.get('etag') ?? '';
  return tag.startsWith('"') ? tag : '';
}

function tagFile(partial: string): string {
  return `${partial}.etag`;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** @throws EraError `invalid-option` for an error that is not an EraError */
export async function onDisk<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (isEraError(cause)) throw cause;
    throw new EraError('invalid-option', `Cannot write ${path}: ${messageOf(cause)}`, { details: { path }, cause });
  }
}
