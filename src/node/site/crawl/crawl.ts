// Reads pages of sites that the user named, for `era-search index --sitemap URL` and `--url URL`. It reads named
// addresses and follows no links in pages; a page's content is only indexed as text.

import { EraError } from '../../../errors.ts';
import packageJson from '../../../../package.json' with { type: 'json' };
import { decodeHtml } from '../decode-html.ts';
import { resolveBySystem, type Resolve } from './checked-agent.ts';
import type { CrawlCache, CrawlRun } from './crawl-cache.ts';
import { planOf, type CrawlPlan } from './crawl-plan.ts';
import { HostWaits, type CrawlWait } from './host-waits.ts';
import { LeftOut, toEraError, type LeftOutReason } from './left-out.ts';
import { NamedHosts, parseNamedUrl } from './named-hosts.ts';
import { PageReader } from './page-reader.ts';
import { readSitemaps } from './read-sitemaps.ts';
import { one, type ResponseHeaders } from './request.ts';
import { isNoindex, ROBOT_NAME } from './robots.ts';

/** Which pages are fetched, and how gently. */
export interface CrawlOptions {
  /** Addresses of pages. @default none */
  readonly urls?: readonly string[] | undefined;
  /** Address of a sitemap or of a sitemap of sitemaps. @default none */
  readonly sitemap?: string | undefined;
  /**
   * `host:port` of named addresses that may be on this machine or network. They are reached only from that named
   * address. @default none
   */
  readonly allowPrivateHosts?: readonly string[] | undefined;
  /** Most pages in all; further ones are left out as `max-pages`. @default 10000 */
  readonly maxPages?: number | undefined;
  /**
   * Milliseconds between two requests to a host; a longer `Crawl-delay` of the site has priority. @default 500, and 0
   * for private hosts
   */
  readonly delayMs?: number | undefined;
  /** Size of a page or sitemap, unpacked, in bytes. @default 10485760 */
  readonly maxBytes?: number | undefined;
  /** Milliseconds for one page with all its redirects. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** Longest wait that a server can ask for with `Retry-After`, in milliseconds. @default 60000 */
  readonly maxRetryAfterMs?: number | undefined;
  /**
   * Longest wait for one host in all, over all its pages, where it answers 429 or 503, in milliseconds. A host that asks
   * for more ends the crawl with `rate-limited`. @default 600000
   */
  readonly maxHostWaitMs?: number | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every page that was read. */
  readonly onProgress?: ((progress: CrawlProgress) => void) | undefined;
  /** Called once, before the first page is fetched. */
  readonly onPlan?: ((plan: CrawlPlan) => void) | undefined;
  /** Called before every wait that a busy host asks for. */
  readonly onWait?: ((wait: CrawlWait) => void) | undefined;
  /** Replaces the system's resolver. */
  readonly resolve?: Resolve | undefined;
}

/** How far fetching is. */
export interface CrawlProgress {
  /** Pages read or left out so far. */
  readonly done: number;
  /** Pages that will be read or left out, at most `maxPages`. */
  readonly total: number;
}

export interface CrawledPage {
  readonly kind: 'page';
  /** Final address after redirects, without a fragment. */
  readonly url: string;
  readonly html: string;
  /** 200 to 299. */
  readonly status: number;
}

export interface LeftOutAddress {
  readonly kind: 'left-out';
  readonly url: string;
  readonly reason: LeftOutReason;
  /** Explanation for people. */
  readonly detail: string;
}

/** After this many consecutive failures a site counts as unavailable: continuing would give an incomplete index. */
const MAX_FAILURES = 10;
const UNAVAILABLE: readonly LeftOutReason[] = ['network', 'timeout', 'status 503'];

/**
 * @param cache pages of earlier runs @default none
 * @throws EraError `invalid-option` for addresses that cannot be read at all; for a sitemap or robots.txt that cannot
 * be fetched and for an unavailable site `network`, `timeout`, `server-error`, `rate-limited`, `too-large`,
 * `sitemap-format`, `unreadable-address`; `storage` of the cache; the signal's reason
 */
export async function* crawl(
  options: CrawlOptions,
  cache: CrawlCache | null = null,
): AsyncGenerator<CrawledPage | LeftOutAddress, void, undefined> {
  const {
    maxPages = 10_000,
    maxBytes = 10 * 1024 * 1024,
    timeoutMs = 10_000,
    maxRetryAfterMs = 60_000,
    maxHostWaitMs = 600_000,
    signal,
    onProgress,
  } = options;
  const urls = (options.urls ?? []).map(parseNamedUrl);
  const sitemap = options.sitemap === undefined ? null : parseNamedUrl(options.sitemap);
  if (urls.length === 0 && sitemap === null)
    throw new EraError('invalid-option', 'Name a sitemap or at least one address.', { details: { option: 'url' } });
  const named = new NamedHosts(sitemap ? [...urls, sitemap] : urls, options.allowPrivateHosts ?? []);
  const userAgent = `${ROBOT_NAME}/${packageJson.version}`;
  const reader = new PageReader({
    named,
    resolve: options.resolve ?? resolveBySystem,
    userAgent,
    delayMs: options.delayMs,
    maxBytes,
    timeoutMs,
    maxRetryAfterMs,
    waits: new HostWaits(maxHostWaitMs, options.onWait),
    signal,
  });
  try {
    /** Address → the named address that led to it. */
    const found = new Map(urls.map((url) => [url.href, url]));
    if (sitemap) {
      const { pages, leftOut } = await readSitemaps(sitemap, reader, maxPages, maxBytes);
      for (const page of pages) if (!found.has(page)) found.set(page, sitemap);
      for (const entry of leftOut) yield { kind: 'left-out', ...entry };
    }
    const run = cache?.begin({ sitemap: sitemap?.href ?? null, urls: urls.map(({ href }) => href) }) ?? null;
    options.onPlan?.(await planOf(found, reader, maxPages, run));
    const total = Math.min(found.size, maxPages);
    const finals = new Set<string>();
    let done = 0;
    let failures = 0;
    for (const [href, from] of found) {
      try {
        if (done >= maxPages) throw new LeftOut('max-pages', `the limit of ${maxPages} pages was reached before it`);
        const page = await readPage(new URL(href), from, reader, run);
        if (finals.has(page.url)) throw new LeftOut('duplicate', `it is ${page.url} again`);
        finals.add(page.url);
        failures = 0;
        yield page;
      } catch (error) {
        if (!(error instanceof LeftOut)) throw error;
        failures = UNAVAILABLE.includes(error.reason) ? failures + 1 : 0;
        if (failures === MAX_FAILURES) throw toEraError(error, new URL(href));
        yield { kind: 'left-out', url: href, reason: error.reason, detail: error.message };
      }
      if (++done <= total) onProgress?.({ done, total });
    }
  } finally {
    await reader.close();
  }
}

async function readPage(url: URL, from: URL, reader: PageReader, run: CrawlRun | null): Promise<CrawledPage> {
  const answer = await reader.read(url, from, { inspect: inspectPage, run });
  return {
    kind: 'page',
    url: answer.url.href,
    html: decodeHtml(answer.bytes, one(answer.headers['content-type'])),
    status: answer.status,
  };
}

/** Refuses other content types before the body is read, such as a film of two gigabytes. */
function inspectPage(headers: ResponseHeaders): void {
  if (isNoindex(headers)) throw new LeftOut('noindex', 'X-Robots-Tag says noindex');
  const type = one(headers['content-type']) ?? '';
  if (type !== '' && !/^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(type))
    throw new LeftOut('not-html', `it is ${type.slice(0, 60)}`);
}
