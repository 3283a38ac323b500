// Collects the pages of a sitemap, through sitemaps of sitemaps, each file once.

import { LeftOut, toEraError, type LeftOutReason } from './left-out.ts';
import type { PageReader } from './page-reader.ts';
import { one } from './request.ts';
import { parseSitemap } from './sitemap.ts';

/** The format allows one level only (sitemaps.org, "Sitemap index"); some sites have two. */
const MAX_DEPTH = 3;

export interface SitemapPages {
  readonly pages: readonly string[];
  /** Sitemaps that could not be read, other than the first, and addresses over the limit. */
  readonly leftOut: readonly { readonly url: string; readonly reason: LeftOutReason; readonly detail: string }[];
}

/**
 * @param maxPages once this many are found, no further sitemap is read
 * @throws EraError when the first one cannot be read: `network`, `timeout`, `too-large`, `sitemap-format`,
 * `unreadable-address`, `server-error`
 */
export async function readSitemaps(
  start: URL,
  reader: PageReader,
  maxPages: number,
  maxBytes: number,
): Promise<SitemapPages> {
  const pages = new Set<string>();
  const leftOut: SitemapPages['leftOut'][number][] = [];
  const seen = new Set([start.href]);
  const queue = [{ url: start, depth: 1 }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { url, depth } = next;
    try {
      if (pages.size >= maxPages)
        throw new LeftOut('max-pages', `the limit of ${maxPages} pages was reached before it`);
      if (depth > MAX_DEPTH) throw new LeftOut('not-sitemap', `it is named by the ${MAX_DEPTH}th sitemap in a row`);
      const { bytes, headers } = await reader.read(url, start);
      const { kind, urls } = parseSitemap(bytes, one(headers['content-type']), maxBytes);
      for (const text of urls) {
        const found = URL.canParse(text, url.href) ? new URL(text, url) : null;
        if (found) found.hash = '';
        if (!found) leftOut.push({ url: text, reason: 'blocked-address', detail: 'it is not an address' });
        else if (kind === 'pages') pages.add(found.href);
        else if (!seen.has(found.href)) {
          seen.add(found.href);
          queue.push({ url: found, depth: depth + 1 });
        }
      }
    } catch (error) {
      if (depth === 1 || !(error instanceof LeftOut)) throw toEraError(error, url);
      leftOut.push({ url: url.href, reason: error.reason, detail: error.message });
    }
  }
  return { pages: [...pages], leftOut };
}
