// What filters and sorting know of each page of a collection.

import type { SiteFacets } from '../format/site-facets.ts';
import type { SiteManifest } from '../format/site-manifest.ts';
import type { PageFacts } from './filters.ts';

interface Facts {
  language: string;
  fallbackFor: string | undefined;
  filters: Record<string, string[]>;
  sort: Record<string, string>;
}

/** Shared by all pages without filters or sort keys. */
const NONE: Record<string, never> = {};

/** Facts by page, from the facets part, which has them by value; there is none where pages do not differ. */
export function factsOfPages({ pages, languages }: SiteManifest, facets: SiteFacets | null): PageFacts[] {
  const facts = Array.from({ length: pages }, (): Facts => ({
    language: languages[0] ?? '',
    fallbackFor: undefined,
    filters: NONE,
    sort: NONE,
  }));
  for (const [language, numbers] of facets?.languages ?? [])
    for (const page of numbers) facts[page]!.language = language;
  for (const [language, numbers] of facets?.fallbacks ?? [])
    for (const page of numbers) facts[page]!.fallbackFor = language;
  for (const [name, values] of facets?.filters ?? []) {
    for (const [value, numbers] of values) {
      for (const page of numbers) {
        const own = facts[page]!;
        if (own.filters === NONE) own.filters = {};
        if (!Object.hasOwn(own.filters, name)) setOwn(own.filters, name, []);
        own.filters[name]!.push(value);
      }
    }
  }
  for (const [key, column] of facets?.sort ?? []) {
    column.forEach((value, page) => {
      if (value === null) return;
      const own = facts[page]!;
      if (own.sort === NONE) own.sort = {};
      setOwn(own.sort, key, value);
    });
  }
  return facts;
}

/** Sets a property of any name, `__proto__` included. */
function setOwn<T>(record: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}
