// Downloads a file with progress, abort, limits on silence and on size, and retries where one may help. No other room
// of the page fetches files; the query client (query/) makes requests of its own kind.

import { EraError, isEraError, messageOf } from '../errors.ts';
import { joinBytes } from '../format/join-bytes.ts';

/**
 * A server that makes no progress for this long counts as dead. Progress restarts the limit, so a slow connection is not
 * cut off.
 */
export const STALL_MS = 20_000;
/** Bytes that are progress: a modem sends them in two seconds, and a server that sends a byte at a time never does. */
const PROGRESS_BYTES = 4096;
/** No file that fits in a page is larger, so a server that sends more is refused. */
const MAX_BYTES = 2 ** 31;
/**
 * A host may compress a file that cannot be compressed, which adds a little to it, and another origin is not told that
 * it did: a length is over a limit where it is by more than so much and a fiftieth.
 */
const SLACK_BYTES = 64;
/** Waits before the second and the third try. */
const RETRY_AFTER_MS: readonly number[] = [300, 1200];

/** `fetch` itself, or in Node a function that also reads folders. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with every chunk. @param totalBytes 0 where the server does not say */
  readonly onBytes?: ((loadedBytes: number, totalBytes: number) => void) | undefined;
  /** Size of the file where it is known: other sizes are refused. */
  readonly bytes?: number | undefined;
  /** Where the bytes are put, its length the size of the file: with `onBytes`, the first ones can be read before the last are here. */
  readonly into?: Uint8Array<ArrayBuffer> | undefined;
  /** A larger file is refused. @default 2 ** 31 */
  readonly maxBytes?: number | undefined;
  /** Longest time without progress, in milliseconds. @default STALL_MS */
  readonly stallMs?: number | undefined;
  /** Most requests, where a failure may be temporary. @default 3 */
  readonly tries?: number | undefined;
  /** What fetch makes of the browser's cache. @default 'default' */
  readonly cache?: 'default' | 'force-cache' | 'no-cache' | 'no-store' | 'only-if-cached' | 'reload' | undefined;
  /** Refuses HTML: many servers send a page in place of a missing file. @default false */
  readonly refuseHtml?: boolean | undefined;
  /** @default globalThis.fetch */
  readonly fetch?: Fetch | undefined;
}

/**
 * The bytes at an address.
 * @throws EraError `network`, `timeout` where it makes no progress, `too-large`, `index-format` for another number of bytes than
 * is known; the signal's reason
 */
export async function download(url: string, options: DownloadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, tries = 1 + RETRY_AFTER_MS.length } = options;
  for (let left = tries; ; left--) {
    try {
      return await attempt(url, options);
    } catch (error) {
      if (left <= 1 || signal?.aborted || !isTransient(error)) throw error;
    }
    await pause(RETRY_AFTER_MS[Math.min(tries - left, RETRY_AFTER_MS.length - 1)]!, signal);
  }
}

/** Size of the file at an address, requested without downloading it; 0 where the server does not say. */
export async function sizeOf(
  url: string,
  { signal, stallMs = STALL_MS }: Pick<DownloadOptions, 'signal' | 'stallMs'> = {},
): Promise<number> {
  const silence = silenceLimit(url, stallMs, signal);
  try {
    const response = await globalThis.fetch(url, { method: 'HEAD', signal: silence.signal });
    return response.ok ? Number(response.headers.get('content-length')) || 0 : 0;
  } catch {
    signal?.throwIfAborted();
    return 0;
  } finally {
    silence.end();
  }
}

/** The pieces of a body as they arrive. */
export async function* chunks(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined); // the rest is not wanted where the caller stops
  }
}

async function attempt(
  url: string,
  {
    signal,
    onBytes,
    into,
    bytes = into?.length,
    maxBytes = MAX_BYTES,
    stallMs = STALL_MS,
    cache,
    refuseHtml = false,
    fetch = (input, init) => globalThis.fetch(input, init),
  }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const silence = silenceLimit(url, stallMs, signal);
  const most = bytes ?? maxBytes;
  const whole = into ?? (bytes === undefined ? null : new Uint8Array(bytes)); // large files are not in memory twice
  const received: Uint8Array<ArrayBuffer>[] = [];
  let loadedBytes = 0;
  try {
    const response = await fetch(url, { signal: silence.signal, ...(cache === undefined ? {} : { cache }) });
    silence.heard(PROGRESS_BYTES);
    if (!response.ok)
      throw new EraError('network', `${url} answered ${String(response.status)}.`, {
        details: { status: response.status },
      });
    if (refuseHtml && response.headers.get('content-type')?.startsWith('text/html'))
      throw new EraError('network', `${url} is a web page in place of the file, so the file is not there.`, {
        details: { status: response.status },
      });
    const refused = (): EraError => (whole ? otherFile(url) : tooLarge(url, maxBytes));
    // A compressed response states its compressed length, which is not the number of bytes that arrive here.
    const sentBytes = response.headers.has('content-encoding')
      ? 0
      : Number(response.headers.get('content-length') ?? 0);
    if (sentBytes > 1.02 * most + SLACK_BYTES) throw refused();
    const totalBytes = bytes ?? sentBytes;
    for await (const chunk of chunks(response)) {
      silence.heard(chunk.length);
      if (loadedBytes + chunk.length > most) throw refused();
      if (whole) whole.set(chunk, loadedBytes);
      else received.push(chunk);
      loadedBytes += chunk.length;
      onBytes?.(loadedBytes, totalBytes);
    }
  } catch (error) {
    if (silence.signal.aborted) throw silence.signal.reason as Error;
    silence.stop(error); // the rest of the response is not wanted
    throw isEraError(error)
      ? error
      : new EraError('network', `${url} could not be reached or broke off: ${messageOf(error)}`, { cause: error });
  } finally {
    silence.end();
  }
  if (whole && loadedBytes !== bytes) throw otherFile(url);
  return whole ?? joinBytes(received);
}

interface SilenceLimit {
  readonly signal: AbortSignal;
  /** Restarts the limit once enough bytes have arrived. */
  readonly heard: (bytes: number) => void;
  readonly stop: (reason: unknown) => void;
  readonly end: () => void;
}

function silenceLimit(url: string, stallMs: number, signal: AbortSignal | undefined): SilenceLimit {
  const own = new AbortController();
  const stall = (): void =>
    own.abort(
      new EraError('timeout', `${url} sent nothing, or next to nothing, for ${String(stallMs / 1000)} seconds.`),
    );
  let timer = setTimeout(stall, stallMs);
  let progress = 0;
  return {
    signal: AbortSignal.any([own.signal, ...(signal ? [signal] : [])]),
    heard: (bytes) => {
      progress += bytes;
      if (progress < PROGRESS_BYTES) return;
      progress = 0;
      clearTimeout(timer);
      timer = setTimeout(stall, stallMs);
    },
    stop: (reason) => own.abort(reason),
    end: () => clearTimeout(timer),
  };
}

/** Whether the same request may succeed shortly after: false where the page knows that it is offline. */
function isTransient(error: unknown): boolean {
  if (!isEraError(error, 'network') || (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false)
    return false;
  const { status } = error.details;
  return typeof status !== 'number' || status === 408 || status === 429 || status >= 500;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function otherFile(url: string): EraError {
  return new EraError(
    'index-format',
    `${url} is not the file that its manifest names: it is cut short or was replaced.`,
  );
}

function tooLarge(url: string, maxBytes: number): EraError {
  return new EraError('too-large', `${url} sends more than ${String(maxBytes)} bytes.`, { details: { maxBytes } });
}
