// Groups ranked passages by page: a page has the rank of its best passage.

import { groupBy } from '../group-by.ts';

export interface PageGroup {
  readonly page: number;
  /** Its passages among the hits, best first. */
  readonly ids: readonly number[];
}

/** @param ids best first */
export function groupByPage(ids: Iterable<number>, pageOf: (id: number) => number): PageGroup[] {
  return Array.from(groupBy(ids, pageOf), ([page, ofPage]) => ({ page, ids: ofPage }));
}

/** The first `most` rows of which no two have the same headings. */
export function pickSections<T extends { readonly headings: readonly string[] }>(
  passages: readonly T[],
  most: number,
): T[] {
  const seen = new Set<string>();
  return passages
    .filter(({ headings }) => {
      const key = JSON.stringify(headings);
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, most);
}
