// Pages that say what other pages explain: release notes, lists of tags and categories, archives, listings of sources.
// Their text gets half the weight, so that they come after the page that explains, and first where they are named.

import { HALF_WEIGHT, weighed } from './collected-page.ts';
import type { CollectedPage } from './extracted-page.ts';

/** Names of such pages, and of folders of them. */
const NAME =
  /^(?:change-?logs?|changes|release-?(?:notes?|logs?|history)|releases|rel-?notes|what-?s-?new|_modules|_sources?|tags?|categor(?:y|ies)|archives?|gen-?index|py-modindex)$/i;

/** The pages, with less weight for those, unless their author gave weights. */
export function withSecondary(pages: readonly CollectedPage[]): CollectedPage[] {
  return pages.map((page) => (isSecondary(page) ? lessened(page) : page));
}

function isSecondary({ url, isRecord, extracted: { sections } }: CollectedPage): boolean {
  if (isRecord || sections.some(({ blocks }) => blocks.some(({ weight }) => weight !== 1))) return false;
  const segments = url.replace(/^https?:\/\/[^/]*\//i, '').split(/[/?#]/);
  return segments.some((segment) =>
    NAME.test(segment.replace(/\.[a-z]+$/i, '').replaceAll('_', segment.startsWith('_') ? '_' : '-')),
  );
}

function lessened(page: CollectedPage): CollectedPage {
  const { extracted } = page;
  return { ...page, extracted: { ...extracted, sections: weighed(extracted.sections, HALF_WEIGHT) } };
}
