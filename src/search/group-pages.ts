// From ranked passages to ranked pages: a page stands where its best passage does.

export interface PageGroup {
  readonly page: number;
  /** Its passages that were found, best first. */
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

/** The first `most` rows no two of which stand under the same headings. */
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
