// From explained answers to the columns of the page: each leg in its own order, the fused order, and how the adapter moved it.

import type { PageHit, SectionHit, Answer } from '../../index.ts';

export interface RankedSection {
  readonly section: SectionHit;
  readonly page: PageHit;
  /** In the leg; places of passages under the same headings are left out. */
  readonly rank: number;
  /** BM25 or cosine. */
  readonly score: number;
}

/** @param most sections wanted; filters and language have been at work, so ranks may skip */
export function legOf({ pages }: Answer, leg: 'keyword' | 'dense', most: number): RankedSection[] {
  const ranked = pages.flatMap((page) =>
    page.sections.flatMap((section): RankedSection[] => {
      const place = section.explanation?.[leg];
      return place ? [{ section, page, rank: place.rank, score: place.score }] : [];
    }),
  );
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, most);
}

/** Number of the page → its place, 1 for the first. */
export function placesOf({ pages }: Answer): ReadonlyMap<number, number> {
  return new Map(pages.map(({ page }, i) => [page, i + 1]));
}

/** Whether no word of the question, nor one that was taken for it, is on the site. */
export function isWithoutWords(answer: Answer): boolean {
  return legOf(answer, 'keyword', 1).length === 0;
}
