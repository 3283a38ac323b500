// Which pages pass the filters that a visitor has chosen, how many would pass others, and orders other than relevance.

import type { FilterCounts } from './hits.ts';

/** Facts of a page besides its text. */
export interface PageFacts {
  readonly language: string;
  /** Language of the pages that it stands among, where its text is not translated. */
  readonly fallbackFor?: string | undefined;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly sort: Readonly<Record<string, string>>;
}

/**
 * Filter → values, any of which a page must have; an empty one stands for pages without the filter. A filter without
 * values has no effect.
 */
export type ChosenFilters = Readonly<Record<string, readonly string[]>>;

/**
 * Pages without a language always pass; one that is not translated passes among those that it stands among, and only
 * there, since elsewhere is its original.
 * @param wanted BCP 47 in lower case: `en` includes `en-gb`; null for all
 */
export function speaks(
  { language: ofText, fallbackFor }: Pick<PageFacts, 'language' | 'fallbackFor'>,
  wanted: string | null,
): boolean {
  if (fallbackFor !== undefined && wanted === null) return false;
  const language = fallbackFor ?? ofText;
  return wanted === null || language === '' || language === wanted || language.startsWith(`${wanted}-`);
}

/**
 * The language to search in where a collection does not have the wanted one: another variant of it, first one in the same
 * script (`zh-tw` rather than `zh-cn` for `zh-hk`), then the most general one.
 * @param wanted BCP 47 in lower case; null for all
 * @param languages of the collection
 * @returns `wanted` where the collection has it, or no variant of it
 */
export function nearestVariant(wanted: string | null, languages: readonly string[]): string | null {
  if (wanted === null || languages.some((language) => language !== '' && speaks({ language }, wanted))) return wanted;
  const primary = wanted.split('-')[0]!;
  const script = scriptOf(wanted);
  const variants = languages.filter((language) => language.split('-')[0] === primary);
  const ofScript = variants.filter((language) => scriptOf(language) === script);
  const [first] = [...(ofScript.length > 0 ? ofScript : variants)].sort(
    (a, b) => a.length - b.length || (a < b ? -1 : 1),
  );
  return first ?? wanted;
}

/** The script that a language is written in; undefined for a tag that is none. */
function scriptOf(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch {
    return undefined;
  }
}

/** True when the page has one of the values of every filter, apart from the filter `except`. */
export function passes({ filters }: Pick<PageFacts, 'filters'>, chosen: ChosenFilters, except?: string): boolean {
  return Object.entries(chosen).every(
    ([name, values]) =>
      name === except ||
      values.length === 0 ||
      values.some((value) => (value === '' ? own(filters, name) === undefined : own(filters, name)?.includes(value))),
  );
}

/**
 * For every filter and value the pages that would pass if it were chosen: within one filter the visitor's own choice
 * does not count.
 */
export function countFilters(pages: readonly Pick<PageFacts, 'filters'>[], chosen: ChosenFilters): FilterCounts {
  const counts = new Map<string, Map<string, number>>();
  for (const page of pages) {
    for (const [name, values] of Object.entries(page.filters)) {
      if (!passes(page, chosen, name)) continue;
      const ofFilter = counts.get(name) ?? new Map<string, number>();
      counts.set(name, ofFilter);
      for (const value of new Set(values)) ofFilter.set(value, (ofFilter.get(value) ?? 0) + 1);
    }
  }
  return Object.fromEntries(
    [...counts].sort(byKey).map(([name, values]) => [name, Object.fromEntries([...values].sort(byKey))]),
  );
}

/**
 * Sorts pages by one of their sort keys: as numbers where all values are numbers, else as text. Pages without the key
 * come last; equal ones keep the given order.
 */
export function sortPages<T>(
  pages: readonly T[],
  valueOf: (page: T) => string | undefined,
  order: 'asc' | 'desc',
): T[] {
  const keyed = pages.flatMap((page) => {
    const value = valueOf(page);
    return value === undefined ? [] : [{ page, value, number: value.trim() === '' ? NaN : Number(value) }];
  });
  const sign = order === 'asc' ? 1 : -1;
  const collator = new Intl.Collator('en', { numeric: true });
  const areNumbers = keyed.every(({ number }) => Number.isFinite(number));
  keyed.sort((a, b) => sign * (areNumbers ? a.number - b.number : collator.compare(a.value, b.value)));
  return [...keyed.map(({ page }) => page), ...pages.filter((page) => valueOf(page) === undefined)];
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
