// What a crawl will take, told before its first page is fetched. It reads robots.txt of every host, which the crawl
// needs anyway, and nothing else.

import type { CrawlRun } from './crawl-cache.ts';
import type { PageReader } from './page-reader.ts';

/** How many pages a crawl will fetch, and how slowly. */
export interface CrawlPlan {
  /** Pages that are allowed, at most; some may turn out to be copies or no HTML. */
  readonly pages: number;
  /** Pages that will not be fetched, since a run that did not end has read them. */
  readonly read: number;
  /** Pages over `maxPages`, which are left out. */
  readonly over: number;
  /** Those of the pages, most pages first. */
  readonly hosts: readonly {
    /** With its port where it names one. */
    readonly host: string;
    /** Pages of this host. */
    readonly pages: number;
    /** Milliseconds from the start of one request to the start of the next. */
    readonly delayMs: number;
  }[];
  /** The least that it takes at this pace, in milliseconds. */
  readonly leastMs: number;
}

/**
 * @param found address → the named address that led to it
 * @throws EraError for a robots.txt that cannot be fetched; the signal's reason
 */
export async function planOf(
  found: ReadonlyMap<string, URL>,
  reader: PageReader,
  maxPages: number,
  run: CrawlRun | null,
): Promise<CrawlPlan> {
  let read = 0;
  const hosts = new Map<string, { host: string; pages: number; delayMs: number }>();
  for (const [href, from] of [...found].slice(0, maxPages)) {
    const url = new URL(href);
    const delayMs = await reader.paceOf(url, from);
    if (delayMs === null) continue;
    if (run && (await reader.isRead(url, from, run))) {
      read++;
      continue;
    }
    const known = hosts.get(url.host) ?? { host: url.host, pages: 0, delayMs };
    known.pages++;
    known.delayMs = Math.max(known.delayMs, delayMs);
    hosts.set(url.host, known);
  }
  const sorted = [...hosts.values()].sort((a, b) => b.pages - a.pages || (a.host < b.host ? -1 : 1));
  return {
    pages: sorted.reduce((sum, { pages }) => sum + pages, 0),
    read,
    over: Math.max(0, found.size - maxPages),
    hosts: sorted,
    leastMs: Math.max(0, ...sorted.map(({ pages, delayMs }) => (pages - 1) * delayMs)),
  };
}
