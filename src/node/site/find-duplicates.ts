// Finds pages that declare themselves copies of another (`<link rel="canonical">`), or that were given twice.

import type { CollectedPage } from './extracted-page.ts';

/**
 * Of pages with one canonical address, the one at that address is kept, else the first.
 * @param pages in the order of the site
 */
export function findDuplicates(pages: readonly CollectedPage[]): Set<CollectedPage> {
  const duplicates = new Set<CollectedPage>();
  const byUrl = new Map<string, CollectedPage>();
  for (const page of pages) {
    if (byUrl.has(page.url)) duplicates.add(page);
    else byUrl.set(page.url, page);
  }
  const unique = [...byUrl.values()];
  const base = publicBase(unique);
  const canonicals = new Map(unique.map((page) => [page, canonicalOf(page, base)]));

  const owners = new Map<string, CollectedPage>();
  for (const page of unique) {
    const canonical = canonicals.get(page) ?? null;
    if (canonical === null || canonical === place(page.url))
      owners.set(place(page.url), owners.get(place(page.url)) ?? page);
  }
  for (const page of unique) {
    const canonical = canonicals.get(page) ?? null;
    if (canonical === null || canonical === place(page.url)) continue;
    if (owners.has(canonical)) duplicates.add(page);
    else owners.set(canonical, page);
  }
  return duplicates;
}

/** The future address of the site by most of its canonical addresses, which end in the addresses of their pages. */
function publicBase(pages: readonly CollectedPage[]): string {
  const counts = new Map<string, number>();
  for (const { url, extracted } of pages) {
    const canonical = extracted.canonical;
    if (canonical === null || !/^https?:/i.test(canonical)) continue;
    const full = place(canonical);
    const own = place(url);
    if (own !== '' && !full.endsWith(`/${own}`)) continue;
    const base = own === '' ? `${full}/` : full.slice(0, full.length - own.length);
    counts.set(base, (counts.get(base) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? '';
}

/**
 * The canonical address in the form of `place`: relative to the root where it is in the site, else whole. Null where
 * there is none.
 */
function canonicalOf({ url, extracted: { canonical } }: CollectedPage, base: string): string | null {
  if (canonical === null || canonical === '') return null;
  const root = 'http://site.invalid/';
  if (/^https?:/i.test(url)) return URL.canParse(canonical, url) ? place(new URL(canonical, url).href) : null;
  if (/^https?:/i.test(canonical)) {
    const full = place(canonical);
    return base !== '' && `${full}/`.startsWith(base) ? full.slice(base.length) : full;
  }
  return URL.canParse(canonical, root + url) ? place(new URL(canonical, root + url).href.slice(root.length)) : null;
}

/**
 * A normal form of an address: servers return the same page at `guide/index.html`, `guide/`, `guide.html` and `guide`.
 */
function place(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(/^\.\/$/, '')
    .replace(/(^|\/)index\.x?html?$/i, '$1')
    .replace(/\.x?html?$|\/$/i, '');
}
