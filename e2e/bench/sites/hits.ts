// Queries with their relevant pages, and how often an engine ranks one first or among the first five.

import { readFile } from 'node:fs/promises';

export const KINDS = ['exact', 'paraphrase', 'how-to', 'misspelt', 'half-typed'] as const;

export interface SiteQuery {
  readonly query: string;
  readonly kind: string;
  /** Relevant pages, relative to the site's root. */
  readonly pages: readonly string[];
  readonly section?: string;
}

/**
 * What an engine answered: the first distinct pages, best first, relative to the site's root, with the anchor of each
 * one's best section.
 */
export type Answers = readonly (readonly { readonly page: string; readonly anchor: string }[])[];

export interface HitRates {
  readonly queries: number;
  readonly hit1: number;
  readonly hit5: number;
}

export async function readQueries(file: URL): Promise<SiteQuery[]> {
  const { queries } = JSON.parse(await readFile(file, 'utf8')) as { queries: SiteQuery[] };
  return queries;
}

/** Rank of the first relevant page, from 1; null where none of the first five is relevant. */
export function rankOfRight({ pages }: SiteQuery, answer: Answers[number]): number | null {
  const place = answer.slice(0, 5).findIndex(({ page }) => pages.includes(page));
  return place === -1 ? null : place + 1;
}

export function hitRates(queries: readonly SiteQuery[], answers: Answers, kind?: string): HitRates {
  const ranks = queries.flatMap((query, i) =>
    kind === undefined || query.kind === kind ? [rankOfRight(query, answers[i]!)] : [],
  );
  return {
    queries: ranks.length,
    hit1: ranks.filter((rank) => rank === 1).length,
    hit5: ranks.filter((rank) => rank !== null).length,
  };
}

export function joined(rates: readonly HitRates[]): HitRates {
  return rates.reduce((sum, { queries, hit1, hit5 }) => ({
    queries: sum.queries + queries,
    hit1: sum.hit1 + hit1,
    hit5: sum.hit5 + hit5,
  }));
}

/** Among the queries with a labelled section whose page was found: how many hits open at that section. */
export function rightSections(
  queries: readonly SiteQuery[],
  answers: Answers,
): { readonly right: number; readonly of: number } {
  let right = 0;
  let of = 0;
  queries.forEach((query, i) => {
    const hit = answers[i]!.slice(0, 5).find(({ page }) => query.pages.includes(page));
    if (query.section === undefined || !hit) return;
    of++;
    if (hit.anchor === query.section) right++;
  });
  return { right, of };
}
