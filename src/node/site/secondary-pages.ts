// Pages that say what other pages explain: release notes, lists of tags and categories, archives, listings of sources,
// and pages that repeat the sentences of others. Their text gets half the weight, so that they come after the page that
// explains, and first where they are named.

import { HALF_WEIGHT, weighed } from './collected-page.ts';
import type { CollectedPage } from './extracted-page.ts';

/** Names of such pages, and of folders of them. */
const NAME =
  /^(?:change-?logs?|changes|release-?(?:notes?|logs?|history)|releases|rel-?notes|what-?s-?new|_modules|_sources?|tags?|categor(?:y|ies)|archives?|gen-?index|py-modindex)$/i;
/** A shorter sentence may be the same by chance, and one of fewer words is an identifier or code. */
const MIN_LETTERS = 40;
const MIN_WORDS = 6;
/** Share of the sentences of a page that must each be on exactly one other page. */
const REPEATED_SHARE = 0.4;
/** Number of these other pages: fewer may be two versions of a text. */
const MIN_SOURCES = 10;
/** Pages beyond this number are not told apart. */
const MAX_PAGES = 2 ** 21;

/** The pages, with less weight for those, unless their author gave weights. */
export function withSecondary(pages: readonly CollectedPage[]): CollectedPage[] {
  const repeating = repeatingPages(pages);
  return pages.map((page, i) =>
    !isWeighed(page) && !page.isRecord && (isNamed(page) || repeating.has(i)) ? lessened(page) : page,
  );
}

function isWeighed({ extracted: { sections } }: CollectedPage): boolean {
  return sections.some(({ blocks }) => blocks.some(({ weight }) => weight !== 1));
}

function isNamed({ url }: CollectedPage): boolean {
  const segments = url.replace(/^https?:\/\/[^/]*\//i, '').split(/[/?#]/);
  return segments.some((segment) =>
    NAME.test(segment.replace(/\.[a-z]+$/i, '').replaceAll('_', segment.startsWith('_') ? '_' : '-')),
  );
}

function lessened(page: CollectedPage): CollectedPage {
  const { extracted } = page;
  return { ...page, extracted: { ...extracted, sections: weighed(extracted.sections, HALF_WEIGHT) } };
}

/**
 * Numbers of the pages that are put together from others, such as a list of all requirements: many of their sentences
 * are each on one other page, and these are many. A text that many pages have, such as a licence, says nothing.
 */
function repeatingPages(pages: readonly CollectedPage[]): ReadonlySet<number> {
  const sentences = pages.map(() => 0);
  // The hash of a sentence before the number of its page, so that sorting brings equal sentences together.
  const keys: number[] = [];
  for (const [i, page] of pages.slice(0, MAX_PAGES).entries()) {
    const hashes = new Set(sentencesOf(page).map(hashOf));
    sentences[i] = hashes.size;
    for (const hash of hashes) keys.push(hash * MAX_PAGES + i);
  }
  const repeated = pages.map(() => 0);
  const sources = new Map<number, Set<number>>();
  const sorted = Float64Array.from(keys).sort();
  for (let at = 0; at < sorted.length;) {
    const hash = Math.floor(sorted[at]! / MAX_PAGES);
    let end = at + 1;
    while (end < sorted.length && Math.floor(sorted[end]! / MAX_PAGES) === hash) end++;
    if (end - at === 2) {
      const [a, b] = [sorted[at]! % MAX_PAGES, sorted[at + 1]! % MAX_PAGES];
      for (const [page, other] of [
        [a, b],
        [b, a],
      ] as const) {
        repeated[page]!++;
        sources.set(page, (sources.get(page) ?? new Set()).add(other));
      }
    }
    at = end;
  }
  return new Set(
    [...sources]
      .filter(([page, others]) => others.size >= MIN_SOURCES && repeated[page]! > REPEATED_SHARE * sentences[page]!)
      .map(([page]) => page),
  );
}

function sentencesOf({ isRecord, extracted: { sections } }: CollectedPage): string[] {
  if (isRecord) return [];
  const blocks = sections.flatMap((section) => section.blocks.map(({ text }) => text));
  return blocks
    .flatMap((text) => text.split(/(?<=[.!?:])\s+|(?<=[。！？：])/u))
    .filter((text) => text.length >= MIN_LETTERS && text.split(/\s|(?=\p{Lo})/u).length >= MIN_WORDS);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
