// Source of the parts of a site's index: memory, parts stored on an earlier visit, the network, in this order. A part
// that does not match the manifest is never used and is requested again the next time; two calls for one part make one
// request.

import { unlessAborted } from '../abort.ts';
import { EraError, isEraError } from '../errors.ts';
import { isZipped, mostBytes } from '../format/part-sizes.ts';
import type { SitePart } from '../format/site-manifest.ts';
import { digestHex } from '../digest.ts';
import { download, type Fetch } from './download.ts';
import { gunzip, isGzipped } from './gzip.ts';

/** Upper bound of a file of several parts, far above real ones: memory is taken for the whole before it arrives. */
const MAX_TOGETHER_BYTES = 2 ** 24;

/**
 * Longest time without progress once the server has been given up on for a part: what needs several parts then ends soon,
 * too.
 */
const IMPATIENT_MS = 4000;

export type PartBytes = Uint8Array<ArrayBuffer>;

export interface PartOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with every chunk. */
  readonly onBytes?: (() => void) | undefined;
}

/**
 * A pending request. It ends with its last waiter, but one for a search runs to its end, since the next search needs
 * the same part.
 */
interface PendingRequest {
  readonly bytes: Promise<PartBytes>;
  readonly controller: AbortController;
  readonly listeners: Set<() => void>;
  waiters: number;
  loadedBytes: number;
}

export class PartSource {
  readonly #base: string;
  readonly #fetch: Fetch | undefined;
  /** Name → bytes as they arrived: gzipped, or unpacked where the server has done that. */
  readonly #files: Map<string, PartBytes>;
  readonly #requests = new Map<string, PendingRequest>();
  /** Parts on their way in a file with others; each promise ends once it is here, or cannot be had so. */
  readonly #together = new Map<string, Promise<void>>();
  /** Parts that arrived damaged: the browser's HTTP cache may have the same bytes, so it is bypassed. */
  readonly #damaged = new Set<string>();
  /** Whether the last request ended because the server made no progress. */
  #isStalled = false;

  /**
   * @param base absolute address that the names of parts are relative to
   * @param stored parts from an earlier visit
   */
  constructor(base: string, stored: Iterable<readonly [string, PartBytes]>, fetch?: Fetch) {
    this.#base = base;
    this.#fetch = fetch;
    this.#files = new Map(stored);
  }

  has({ file }: SitePart): boolean {
    return this.#files.has(file);
  }

  /** Whether it is here, or on its way with others: reading it takes no request of its own. */
  isExpected(part: SitePart): boolean {
    return this.has(part) || this.#together.has(part.file);
  }

  /** Bytes of the part that have arrived so far. */
  loadedBytes({ file, bytes }: SitePart): number {
    return this.#files.has(file) ? bytes : Math.min(bytes, this.#requests.get(file)?.loadedBytes ?? 0);
  }

  /**
   * The part unpacked and read by `decode`.
   * @throws EraError `network`, `timeout`, `index-format`; what `decode` throws
   */
  async read<T>(part: SitePart, decode: (bytes: PartBytes) => T | Promise<T>): Promise<T> {
    await this.#together.get(part.file);
    const bytes = this.#files.get(part.file) ?? (await this.#joinToTheEnd(part));
    try {
      return await decode(isZipped(part) ? await gunzip(bytes, 'A part of the index', mostBytes(part)) : bytes);
    } catch (error) {
      if (isEraError(error)) this.drop(part);
      throw error;
    }
  }

  /**
   * Fetches some parts in one file that has them one after another; each can be read as soon as its own bytes are here,
   * and is not requested by itself meanwhile. Where the file is not had, or the server has unpacked it, each is fetched
   * by itself when it is needed.
   */
  openTogether(whole: SitePart, parts: readonly SitePart[]): void {
    if (whole.bytes > MAX_TOGETHER_BYTES) return;
    const into = new Uint8Array(whole.bytes);
    const request = this.#join(whole, into);
    request.waiters += 1; // the count never falls
    for (const [part, isHere] of this.#pieces(whole, request, into, parts))
      this.#together.set(
        part.file,
        isHere.then(() => void this.#together.delete(part.file)),
      );
  }

  /**
   * The same in the background: a part that is needed meanwhile is requested by itself, since its bytes may be the last.
   * @returns whether all are here
   * @throws the signal's reason
   */
  async fetchTogether(whole: SitePart, parts: readonly SitePart[], options: PartOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    if (whole.bytes > MAX_TOGETHER_BYTES) return false;
    const known = this.#requests.get(whole.file);
    const into = new Uint8Array(known ? 0 : whole.bytes);
    const request = known ?? this.#join(whole, into);
    const pieces = known
      ? [request.bytes.then(noop, noop)]
      : this.#pieces(whole, request, into, parts).map(([, isHere]) => isHere);
    await this.#waitWithOthers(whole, request, Promise.all(pieces), options);
    return parts.every((part) => this.has(part));
  }

  /** Takes the parts that are missing from the bytes of a file as they arrive. */
  #pieces(
    whole: SitePart,
    request: PendingRequest,
    into: PartBytes,
    parts: readonly SitePart[],
  ): (readonly [SitePart, Promise<void>])[] {
    let at = 0;
    const places = parts.map((part) => ({ part, from: at, end: (at += part.bytes) }));
    const release = (): void => this.release(whole);
    request.bytes.then(release, release);
    return places
      .filter(({ part }) => !this.has(part))
      .map(({ part, from, end }) => {
        const take = async (): Promise<void> => {
          await arrival(request, end);
          const piece = into.slice(from, end);
          if (request.loadedBytes >= end && (await hasItsHash(part, piece))) this.#files.set(part.file, piece);
        };
        return [part, take()];
      });
  }

  /** The part as it arrived. @throws as `read` */
  async file(part: SitePart, options: PartOptions = {}): Promise<PartBytes> {
    const { signal } = options;
    signal?.throwIfAborted();
    await unlessAborted(this.#together.get(part.file) ?? Promise.resolve(), signal);
    const here = this.#files.get(part.file);
    if (here) return here;
    const request = this.#join(part);
    return this.#waitWithOthers(part, request, request.bytes, options);
  }

  /** Waits for what a request brings. It ends with the last who gives up waiting. @throws the signal's reason */
  async #waitWithOthers<T>(
    part: SitePart,
    request: PendingRequest,
    outcome: Promise<T>,
    { signal, onBytes }: PartOptions,
  ): Promise<T> {
    request.waiters += 1;
    if (onBytes) request.listeners.add(onBytes);
    try {
      return await unlessAborted(outcome, signal);
    } finally {
      request.waiters -= 1;
      if (onBytes) request.listeners.delete(onBytes);
      if (signal?.aborted && request.waiters === 0) this.#end(part, request, signal.reason);
    }
  }

  /** The parts that are here, for another build of the same site: names have the hash of what they hold. */
  held(): readonly (readonly [string, PartBytes])[] {
    return [...this.#files];
  }

  /** Adds parts from an earlier visit. */
  offer(stored: Iterable<readonly [string, PartBytes]>): void {
    for (const [file, bytes] of stored) this.#files.set(file, bytes);
  }

  /** Drops a part that is no longer needed. */
  release({ file }: SitePart): void {
    this.#files.delete(file);
  }

  /** Drops a part that could not be used; the next call requests it again. */
  drop({ file }: SitePart): void {
    this.#files.delete(file);
    this.#damaged.add(file);
  }

  /** Ends every request. */
  close(): void {
    for (const { controller } of this.#requests.values())
      controller.abort(new EraError('closed', 'The collection was closed.'));
  }

  #joinToTheEnd(part: SitePart): Promise<PartBytes> {
    const request = this.#join(part);
    request.waiters += 1; // the count never falls
    return request.bytes;
  }

  /** Joins the request for the part or starts one. @param into see `DownloadOptions` */
  #join(part: SitePart, into?: PartBytes): PendingRequest {
    const known = this.#requests.get(part.file);
    if (known) return known;
    const controller = new AbortController();
    const request: PendingRequest = {
      bytes: Promise.resolve().then(() => this.#download(part, request, into)),
      controller,
      listeners: new Set(),
      waiters: 0,
      loadedBytes: 0,
    };
    this.#requests.set(part.file, request);
    const settle = (): void => this.#end(part, request);
    request.bytes.then(settle, settle);
    return request;
  }

  /** Ends the request, so that nobody can join it any more. */
  #end({ file }: SitePart, request: PendingRequest, reason?: unknown): void {
    if (this.#requests.get(file) === request) this.#requests.delete(file);
    request.controller.abort(reason);
  }

  async #download(part: SitePart, request: PendingRequest, into?: PartBytes): Promise<PartBytes> {
    const url = new URL(part.file, this.#base).href;
    const onBytes = (loadedBytes: number): void => {
      request.loadedBytes = loadedBytes;
      for (const listener of request.listeners) listener();
    };
    const cache = this.#damaged.has(part.file) ? 'reload' : undefined;
    const bytes = await download(url, {
      signal: request.controller.signal,
      maxBytes: mostBytes(part),
      into,
      cache,
      onBytes,
      ...(this.#isStalled ? { stallMs: IMPATIENT_MS } : {}),
      fetch: this.#fetch,
    }).catch((error: unknown) => {
      if (isEraError(error, 'timeout')) this.#isStalled = true;
      if (isEraError(error, 'too-large')) return null;
      throw error;
    });
    this.#isStalled = false;
    if (bytes === null || !(await isNamed(part, bytes))) {
      this.#damaged.add(part.file);
      throw wrongPart(url);
    }
    this.#damaged.delete(part.file);
    this.#files.set(part.file, bytes);
    return bytes;
  }
}

function noop(): void {
  // The outcome is looked up.
}

/** Waits until so many bytes of a request are here, or it has ended. */
function arrival(request: PendingRequest, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (request.loadedBytes < count) return;
      request.listeners.delete(look);
      resolve();
    };
    request.listeners.add(look);
    const end = (): void => resolve();
    request.bytes.then(end, end);
  });
}

/**
 * True when the bytes match the part's name. Some servers unpack a gzipped file in transit; its bytes then have no hash
 * to compare with, and are checked by their reader and by the hash of the whole content.
 */
async function isNamed(part: SitePart, bytes: PartBytes): Promise<boolean> {
  return (await hasItsHash(part, bytes)) || (isZipped(part) && !isGzipped(bytes) && bytes.length > 0);
}

async function hasItsHash({ file, bytes: length }: SitePart, bytes: PartBytes): Promise<boolean> {
  const hash = /-([0-9a-f]{16})\.[^./]*$/.exec(file)?.[1];
  return bytes.length === length && (hash === undefined || (await digestHex(bytes)).startsWith(hash));
}

function wrongPart(url: string): EraError {
  return new EraError('index-format', `${url} is not the part that the manifest names: it is damaged or was replaced.`);
}
