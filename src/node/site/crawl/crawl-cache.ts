// Pages of earlier crawls on disk. A server is asked whether they have changed (RFC 9110, 13: conditional requests),
// and sends them only then. Those that a run has read which did not end are not asked for again within a day, so that a
// run which was killed goes on from where it was.

import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { keyOf, RecordFile } from '../../record-file.ts';
import { one, type Response, type ResponseHeaders } from './request.ts';

/** Part of the keys: a change of the layout finds nothing. */
const LAYOUT = '1';
const FILE = 'crawled.pages';
/** A run that began earlier is not gone on with: its pages may have changed. */
const FRESH_MS = 24 * 3600_000;
/** Headers that say what a page is, and whether it has changed. */
const HEADERS = ['content-type', 'x-robots-tag', 'etag', 'last-modified'] as const;

/** A page as a server sent it. */
export interface KeptPage extends Response {
  /** Address after redirects. */
  readonly url: string;
  /** Whether the run that is gone on with has read it. */
  readonly isFresh: boolean;
}

/** What a run reads: runs that read the same go on with each other. */
export interface CrawlSources {
  readonly sitemap: string | null;
  readonly urls: readonly string[];
}

interface Run {
  readonly beganMs: number;
  readonly hasEnded: boolean;
}

export class CrawlCache {
  readonly #file: RecordFile;
  readonly #now: () => number;
  readonly #runs = new Map<string, Run>();

  /**
   * @param now milliseconds since 1970
   * @throws EraError `invalid-option` for a folder that cannot be written
   */
  constructor(folder: string, now: () => number = Date.now) {
    this.#file = new RecordFile(join(folder, FILE));
    this.#now = now;
  }

  /**
   * Begins a run, or goes on with one that did not end.
   * @throws EraError `storage`
   */
  begin(sources: CrawlSources): CrawlRun {
    const name = JSON.stringify([sources.sitemap, [...sources.urls].sort()]);
    const key = keyOf(LAYOUT, 'run', name);
    const now = this.#now();
    const kept = this.#file.get(key);
    const last = kept && (JSON.parse(kept.toString()) as Run);
    const goesOn = last && !last.hasEnded && last.beganMs <= now && now - last.beganMs < FRESH_MS;
    const run = goesOn ? last : { beganMs: now, hasEnded: false };
    this.#runs.set(name, run);
    this.#file.append([[key, Buffer.from(JSON.stringify(run))]]);
    return new CrawlRun(this.#file, goesOn ? run.beganMs : Infinity, this.#now);
  }

  /** Says that all runs have ended, so that the next ones ask the servers again. @throws EraError `storage` */
  end(): void {
    for (const [name, run] of this.#runs)
      this.#file.append([[keyOf(LAYOUT, 'run', name), Buffer.from(JSON.stringify({ ...run, hasEnded: true }))]]);
    this.#file.prune();
  }

  close(): void {
    this.#file.close();
  }
}

/** The pages that one crawl finds and keeps. */
export class CrawlRun {
  readonly #file: RecordFile;
  readonly #freshFromMs: number;
  readonly #now: () => number;

  constructor(file: RecordFile, freshFromMs: number, now: () => number) {
    this.#file = file;
    this.#freshFromMs = freshFromMs;
    this.#now = now;
  }

  /** @param isPrivate whether the address may be a private one: what was read from there is for those alone */
  find(url: URL, isPrivate: boolean): KeptPage | null {
    const found = this.#find(url, isPrivate);
    return found && { ...found.page, bytes: gunzipSync(found.packed) };
  }

  /** The page without its bytes. */
  describe(url: URL, isPrivate: boolean): Omit<KeptPage, 'bytes'> | null {
    return this.#find(url, isPrivate)?.page ?? null;
  }

  #find(url: URL, isPrivate: boolean): { page: Omit<KeptPage, 'bytes'>; packed: Buffer } | null {
    const content = this.#file.get(keyOf(LAYOUT, 'page', String(isPrivate), url.href));
    if (!content) return null;
    const end = content.indexOf('\n');
    const { atMs, ...page } = JSON.parse(content.subarray(0, end).toString()) as Omit<KeptPage, 'bytes' | 'isFresh'> & {
      atMs: number;
    };
    const isFresh = atMs >= this.#freshFromMs && atMs <= this.#now();
    return { page: { ...page, isFresh }, packed: content.subarray(end + 1) };
  }

  /** @throws EraError `storage` */
  keep(asked: URL, isPrivate: boolean, { url, status, headers, bytes }: Omit<KeptPage, 'isFresh'>): void {
    const head = JSON.stringify({ url, status, headers: keptHeaders(headers), atMs: this.#now() });
    const content = Buffer.concat([Buffer.from(`${head}\n`), gzipSync(bytes, { level: 1 })]);
    this.#file.append([[keyOf(LAYOUT, 'page', String(isPrivate), asked.href), content]]);
  }
}

/** The headers of a request that asks for a page only if it is not this one; undefined where the server named nothing. */
export function validatorsOf({ headers }: Pick<KeptPage, 'headers'>): Record<string, string> | undefined {
  const [tag, date] = [one(headers['etag']), one(headers['last-modified'])];
  if (tag === undefined && date === undefined) return undefined;
  return {
    ...(tag === undefined ? {} : { 'if-none-match': tag }),
    ...(date === undefined ? {} : { 'if-modified-since': date }),
  };
}

/** A page that has not changed: its headers are those of the answer, where that has them (RFC 9111, 3.2). */
export function unchanged({ status, headers, bytes }: KeptPage, said: ResponseHeaders): Response {
  return { status, headers: { ...headers, ...keptHeaders(said) }, bytes };
}

function keptHeaders(headers: ResponseHeaders): ResponseHeaders {
  return Object.fromEntries(HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
