// A searchable site as types: pages, and the passages cut from them. site-manifest.ts and site-parts.ts have the bytes,
// FORMAT.md the layout.

import type { Passage } from './passage.ts';

/** Between the title of a page and its headings, in titles of passages. */
export const TRAIL_SEPARATOR = ' › ';

export interface SitePage {
  /** What its passages are named after, where that is not its address: records of a corpus have ids of their own. */
  readonly id?: string;
  /**
   * Relative to the site's root (`guide/start.html`) or http(s), without a fragment. No two pages without an id have
   * the same; one with an id and '' has none.
   */
  readonly url: string;
  readonly title: string;
  /** BCP 47 in lower case; empty where the page does not say. */
  readonly language: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly sort: Readonly<Record<string, string>>;
}

export interface SitePassage {
  /** Number of its page. The passages of a page stand together, in the order of the page. */
  readonly page: number;
  /** Headings above it, outermost first, without the title of the page. */
  readonly headings: readonly string[];
  /** Fragment that leads to it, without `#` and not encoded; empty for the top of the page. */
  readonly anchor: string;
  readonly text: string;
  /** What its keyword scores are multiplied with; 1 for plain text. */
  readonly weight: number;
}

export interface SiteContent {
  readonly pages: readonly SitePage[];
  /** Row order of the index. */
  readonly passages: readonly SitePassage[];
}

/** Whether it is relative or http(s). Browsers skip control characters and spaces when they look for a scheme. */
export function isPageAddress(url: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url.replace(/[\0-\x20]/g, ''))?.[1];
  return scheme === undefined || /^https?$/i.test(scheme);
}

/** False for a record that can be read nowhere. */
export function hasAddress({ id, url }: Pick<SitePage, 'id' | 'url'>): boolean {
  return id === undefined || url !== '';
}

/**
 * The passage as the index file has it: what is embedded is its trail of titles and its text.
 * @param nth how many passages of the same page and anchor stand before it
 */
export function toPassage(page: SitePage, { headings, anchor, text }: SitePassage, nth: number): Passage {
  const fragment = encodedAnchor(anchor);
  const at = (address: string): string => (fragment === '' ? address : `${address}#${fragment}`);
  const name = at(page.id ?? page.url);
  const id = nth === 0 ? name : `${name}${fragment === '' ? '#' : ''}~${String(nth)}`;
  const title = [page.title, ...headings].filter((part) => part !== '').join(TRAIL_SEPARATOR);
  return { id, text, ...(hasAddress(page) ? { url: at(page.url) } : {}), ...(title === '' ? {} : { title }) };
}

/** All of them, in row order. */
export function toPassages({ pages, passages }: SiteContent): Passage[] {
  return numberPassages(passages).map((passage) => toPassage(pages[passage.page]!, passage, passage.nth));
}

/** A passage that knows its id without those before it. */
export interface NumberedPassage extends SitePassage {
  /** How many passages of the same page and anchor stand before it. */
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

/** The tilde, which a number follows in ids, is encoded too, so that no two passages have the same id. */
function encodedAnchor(anchor: string): string {
  return encodeURIComponent(anchor.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('~', '%7E');
}
