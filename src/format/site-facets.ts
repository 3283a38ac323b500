// The facets part: which pages have which language, filter and sort value, so that a search can filter and sort pages
// that it has not fetched.

import { damagedSite, fieldsOf, jsonBytes, listOf, numbersOfSteps, readJson, stepsOf, textOf } from './site-json.ts';
import type { SiteContent } from './site.ts';

export interface SiteFacets {
  /** Language → its pages, ascending; every page is in one of them, those that name none under ''. */
  readonly languages: ReadonlyMap<string, readonly number[]>;
  /** Filter → value → its pages, ascending. */
  readonly filters: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  /** Language → pages that are a fallback for it, ascending; none before version 4 of the manifest. */
  readonly fallbacks: ReadonlyMap<string, readonly number[]>;
  /** Sort key → value of each page; null where it has none. */
  readonly sort: ReadonlyMap<string, readonly (string | null)[]>;
  /** Filter → values of a search that does not name the filter; empty before version 4 of the manifest. */
  readonly defaults: ReadonlyMap<string, readonly string[]>;
}

/** Names and values in code unit order. Null where pages differ in nothing: no filters, no sort keys, one language. */
export function makeFacets({
  pages,
  defaultFilters = {},
}: Pick<SiteContent, 'pages' | 'defaultFilters'>): SiteFacets | null {
  const languages = new Map<string, number[]>();
  const filters = new Map<string, Map<string, number[]>>();
  const fallbacks = new Map<string, number[]>();
  const sort = new Map<string, (string | null)[]>();
  pages.forEach((page, number) => {
    entryOf(languages, page.language, () => []).push(number);
    if (page.fallbackFor !== undefined) entryOf(fallbacks, page.fallbackFor, () => []).push(number);
    for (const [name, values] of Object.entries(page.filters)) {
      const ofName = entryOf(filters, name, () => new Map<string, number[]>());
      for (const value of new Set(values)) entryOf(ofName, value, () => []).push(number);
    }
    for (const [key, value] of Object.entries(page.sort))
      entryOf(sort, key, () => pages.map(() => null))[number] = value;
  });
  if (languages.size <= 1 && filters.size === 0 && sort.size === 0 && fallbacks.size === 0) return null;
  const sorted = new Map(inOrder(filters).map(([name, values]) => [name, new Map(inOrder(values))]));
  return {
    languages: new Map(inOrder(languages)),
    filters: sorted,
    sort: new Map(inOrder(sort)),
    fallbacks: new Map(inOrder(fallbacks)),
    defaults: new Map(inOrder(new Map(Object.entries(defaultFilters)))),
  };
}

export function encodeFacets(facets: SiteFacets): Uint8Array<ArrayBuffer> {
  return jsonBytes(packedFacets(facets));
}

function packedFacets({ languages, filters, sort, fallbacks, defaults }: SiteFacets): Record<string, unknown> {
  const packed = (pages: ReadonlyMap<string, readonly number[]>): unknown =>
    [...pages].map(([value, numbers]) => [value, stepsOf(numbers)]);
  return {
    languages: packed(languages),
    filters: [...filters].map(([name, values]) => [name, packed(values)]),
    sort: [...sort],
    ...(fallbacks.size === 0 ? {} : { fallbacks: packed(fallbacks) }),
    ...(defaults.size === 0 ? {} : { defaults: [...defaults] }),
  };
}

/** Names and values in code unit order. Null where pages do not differ: no filters, no sort keys, one language. */
export function decodeFacets(bytes: Uint8Array, pages: number): SiteFacets {
  const read = (value: unknown): SiteFacets => {
    const columns = fieldsOf(value, 'facets');
    const numbers = (steps: unknown): number[] => numbersOfSteps(steps, 1, pages, 'pages of a value');
    const values = (entries: unknown): Map<string, number[]> => mapOf(entries, numbers);
    const languages = values(columns['languages']);
    const spoken = [...languages.values()].flat();
    if (spoken.length !== pages || new Set(spoken).size !== pages)
      throw damagedSite('a page without a language, or with two');
    return {
      languages,
      filters: mapOf(columns['filters'], values),
      sort: mapOf(columns['sort'], (column) => sortColumn(column, pages)),
      fallbacks: values(columns['fallbacks'] ?? []),
      defaults: mapOf(columns['defaults'] ?? [], (chosen) =>
        listOf(chosen, (value) => textOf(value, 'a value'), 'values'),
      ),
    };
  };
  return readJson(bytes, read, packedFacets, pages);
}

function sortColumn(value: unknown, pages: number): (string | null)[] {
  const column = listOf(value, (entry) => (entry === null ? null : textOf(entry, 'a sort value')), 'sort values');
  if (column.length !== pages) throw damagedSite(`${column.length} sort values for ${pages} pages`);
  return column;
}

/** From [name, value] entries, names in strictly ascending code unit order. */
function mapOf<T>(value: unknown, item: (value: unknown) => T): Map<string, T> {
  let last: string | null = null;
  const entries = listOf(
    value,
    (entry): [string, T] => {
      const [name, content] = listOf(entry, (part) => part, 'an entry');
      const key = textOf(name, 'a name');
      if (last !== null && key <= last) throw damagedSite('names that are out of order');
      last = key;
      return [key, item(content)];
    },
    'entries',
  );
  return new Map(entries);
}

function inOrder<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  let entry = map.get(key);
  if (entry === undefined) map.set(key, (entry = make()));
  return entry;
}
