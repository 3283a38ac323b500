// A searchable site as types: pages, and the passages cut from them. site-manifest.ts and site-parts.ts read and write
// the bytes; FORMAT.md has the layout.

import type { Passage } from './passage.ts';

/** Separator between the title of a page and its headings in titles of passages. */
export const TRAIL_SEPARATOR = ' › ';

export interface SitePage {
  /** Prefix of its passages' ids, where that is not its address: records of a corpus have ids of their own. */
  readonly id?: string;
  /**
   * Relative to the site's root (`guide/start.html`) or http(s), without a fragment. Unique among pages without an id;
   * empty for a page with an id and no address.
   */
  readonly url: string;
  readonly title: string;
  /** BCP 47 in lower case; empty where the page does not say. */
  readonly language: string;
  /**
   * Language of the pages that it stands among, where its text is not translated: only a search in that language finds
   * it. It is in the facets, not in the part of pages.
   */
  readonly fallbackFor?: string | undefined;
  readonly meta: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly sort: Readonly<Record<string, string>>;
}

export interface SitePassage {
  /** Number of its page. The passages of a page are consecutive, in the order of the page. */
  readonly page: number;
  /** Headings above it, outermost first, without the title of the page. */
  readonly headings: readonly string[];
  /** Fragment of its address, without `#` and not encoded; empty for the top of the page. */
  readonly anchor: string;
  readonly text: string;
  /** Factor of its keyword scores; 1 for plain text. */
  readonly weight: number;
  /** BCP 47 in lower case, where it is in another language than its page: an index is made by it. @default the page's */
  readonly language?: string | undefined;
}

export interface SiteContent {
  readonly pages: readonly SitePage[];
  /** Row order of the index. */
  readonly passages: readonly SitePassage[];
  /**
   * Filter → values that a search has where its query does not name the filter: the current version. An empty value
   * stands for pages without the filter. @default none
   */
  readonly defaultFilters?: Readonly<Record<string, readonly string[]>>;
}

/** Whether it is relative or http(s). Browsers skip control characters and spaces when they look for a scheme. */
export function isPageAddress(url: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url.replace(/[\0-\x20]/g, ''))?.[1];
  return scheme === undefined || /^https?$/i.test(scheme);
}

/** What it is called among the pages of a collection, which have different names: its id, or else its address. */
export function nameOf({ id, url }: Pick<SitePage, 'id' | 'url'>): string {
  return id ?? url;
}

/** Order of code units. */
export function byAddress(a: Pick<SitePage, 'url'>, b: Pick<SitePage, 'url'>): number {
  return a.url < b.url ? -1 : a.url > b.url ? 1 : 0;
}

/** False for a record without an address. */
export function hasAddress({ id, url }: Pick<SitePage, 'id' | 'url'>): boolean {
  return id === undefined || url !== '';
}

/**
 * The passage in the form of the index file: its trail of titles and its text are embedded.
 * @param nth number of earlier passages of the same page and anchor
 */
export function toPassage(page: SitePage, { headings, anchor, text }: SitePassage, nth: number): Passage {
  const fragment = encodedAnchor(anchor);
  const at = (address: string): string => (fragment === '' ? address : `${address}#${fragment}`);
  const name = at(nameOf(page));
  const id = nth === 0 ? name : `${name}${fragment === '' ? '#' : ''}~${String(nth)}`;
  const title = [page.title, ...headings].filter((part) => part !== '').join(TRAIL_SEPARATOR);
  return { id, text, ...(hasAddress(page) ? { url: at(page.url) } : {}), ...(title === '' ? {} : { title }) };
}

/** All of them, in row order. */
export function toPassages({ pages, passages }: SiteContent): Passage[] {
  return numberPassages(passages).map((passage) => toPassage(pages[passage.page]!, passage, passage.nth));
}

/** A passage with its number among those of the same page and anchor, which its id needs. */
export interface NumberedPassage extends SitePassage {
  /** Number of earlier passages of the same page and anchor. */
  readonly nth: number;
}

/** @param passages all of a site, in row order */
export function numberPassages(passages: readonly SitePassage[]): NumberedPassage[] {
  const before = new Map<string, number>();
  return passages.map((passage) => {
    const place = `${String(passage.page)}#${encodedAnchor(passage.anchor)}`;
    const nth = before.get(place) ?? 0;
    before.set(place, nth + 1);
    return { ...passage, nth };
  });
}

/** The tilde, which precedes a number in ids, is encoded too, so that no two passages have the same id. */
function encodedAnchor(anchor: string): string {
  return encodeURIComponent(anchor.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('~', '%7E');
}
