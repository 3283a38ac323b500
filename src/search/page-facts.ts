// What filters and sorting know of each page of a collection.

import type { SiteFacets } from '../format/site-facets.ts';
import type { SiteManifest } from '../format/site-manifest.ts';
import type { PageFacts } from './filters.ts';

/** Facts by page, from the facets part, which has them by value; there is none where pages do not differ. */
export function factsOfPages({ pages, languages }: SiteManifest, facets: SiteFacets | null): PageFacts[] {
  const facts = Array.from({ length: pages }, () => ({
    language: languages[0] ?? '',
    fallbackFor: undefined as string | undefined,
    filters: new Map<string, string[]>(),
    sort: new Map<string, string>(),
  }));
  for (const [language, numbers] of facets?.languages ?? [])
    for (const page of numbers) facts[page]!.language = language;
  for (const [language, numbers] of facets?.fallbacks ?? [])
    for (const page of numbers) facts[page]!.fallbackFor = language;
  for (const [name, values] of facets?.filters ?? []) {
    for (const [value, numbers] of values)
      for (const page of numbers) facts[page]!.filters.set(name, [...(facts[page]!.filters.get(name) ?? []), value]);
  }
  for (const [key, column] of facets?.sort ?? [])
    column.forEach((value, page) => value !== null && facts[page]!.sort.set(key, value));
  return facts.map(({ language, fallbackFor, filters, sort }) => ({
    language,
    fallbackFor,
    filters: Object.fromEntries(filters),
    sort: Object.fromEntries(sort),
  }));
}
