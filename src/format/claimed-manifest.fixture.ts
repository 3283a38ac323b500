// Manifests of parts that do not exist: what a reader believes of the sizes that one claims.

import { sha256Hex } from './sha256.ts';
import { makeSiteManifest, partName, type PartKind, type SiteManifest, type SitePart } from './site-manifest.ts';

export const hashOf = (text: string): string => sha256Hex(new TextEncoder().encode(text));

export function claimedPart(kind: PartKind, bytes: number): SitePart {
  return { file: partName(kind, hashOf(kind)), bytes };
}

/**
 * A collection of so many pages with a passage each, without vectors.
 * @param pageBytes of the parts of pages and of texts, for each page
 * @param more in place of what it has not
 */
export function claimedManifest(
  pages: number,
  { pageBytes, base, ...more }: Partial<SiteManifest> & { readonly pageBytes: number; readonly base: SitePart },
): SiteManifest {
  return makeSiteManifest({
    root: '../',
    pages,
    passages: pages,
    languages: ['en'],
    analyzer: 'standard/2',
    space: null,
    content: hashOf('content'),
    encoder: null,
    keyword: { base, dictionary: claimedPart('dictionary', 10), terms: [] },
    pageParts: [{ first: 0, ...claimedPart('pages', pageBytes * pages) }],
    textParts: [{ first: 0, ...claimedPart('texts', pageBytes * pages) }],
    vectorParts: [],
    static: null,
    start: null,
    rest: [],
    facets: null,
    curation: null,
    adapters: [],
    ...more,
  });
}
