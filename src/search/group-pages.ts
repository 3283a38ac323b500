// Groups ranked passages by page: a page has the rank of its best passage.

export interface PageGroup {
  readonly page: number;
  /** Its passages among the hits, best first. */
  readonly ids: readonly number[];
}

/** @param ids best first */
export function groupByPage(ids: Iterable<number>, pageOf: (id: number) => number): PageGroup[] {
  const groups = new Map<number, number[]>();
  for (const id of ids) {
    const page = pageOf(id);
    const group = groups.get(page);
    if (group) group.push(id);
    else groups.set(page, [id]);
  }
  return Array.from(groups, ([page, ofPage]) => ({ page, ids: ofPage }));
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
