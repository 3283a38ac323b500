// From ranked passages to ranked pages: a page stands where its best passage does.

export interface PageGroup {
  readonly page: number;
  /** Rows of its passages that were found, best first. */
  readonly rows: readonly number[];
}

/** @param rows best first */
export function groupByPage(rows: Iterable<number>, pageOf: (row: number) => number): PageGroup[] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const page = pageOf(row);
    const group = groups.get(page);
    if (group) group.push(row);
    else groups.set(page, [row]);
  }
  return Array.from(groups, ([page, ofPage]) => ({ page, rows: ofPage }));
}

/** The first `most` rows no two of which stand under the same headings. */
export function pickSections<T extends { readonly headings: readonly string[] }>(passages: readonly T[], most: number): T[] {
  const seen = new Set<string>();
  return passages
    .filter(({ headings }) => {
      const key = JSON.stringify(headings);
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, most);
}
