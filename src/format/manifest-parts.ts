// Which files a collection has, by what they are for.

import type { SiteManifest, SitePart } from './site-manifest.ts';

/**
 * All parts that a search without a model needs. The rows of words that no passage has are not among them: there are many,
 * of which a visitor types a few.
 */
export function searchParts({ keyword, pageParts, textParts, static: encoding, facets }: SiteManifest): SitePart[] {
  return [
    keyword.base,
    keyword.dictionary,
    ...keyword.terms,
    ...pageParts,
    ...textParts,
    ...(encoding ? [encoding.head, ...encoding.clusters, encoding.directions] : []),
    ...(facets ? [facets] : []),
  ];
}

/** All parts of the manifest but those of the vectors. */
export function allParts(manifest: SiteManifest): SitePart[] {
  return [...searchParts(manifest), ...(manifest.static?.words ?? [])];
}
