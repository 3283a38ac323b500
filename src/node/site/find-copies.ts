// Finds text that is on several pages of a site: one page at several addresses, and pages that hold others (print
// versions, a whole manual on one page). A text is kept where it is most at home.

import { groupBy } from '../../group-by.ts';
import { depthOf, digestOf, lettersOf } from './collected-page.ts';
import type { CollectedPage, ExtractedPage, ExtractedSection } from './extracted-page.ts';
import { VERSION_FILTER } from './versions.ts';

/** A shorter block may be the same by chance. */
const MIN_LETTERS = 60;
/** Share of the letters of a section that must be on another page under the same heading. */
const SHARE = 0.9;
/** Numbers before headings, which a page of the whole manual may have or lack. */
const NUMBERING = /^(?:\d+|[A-Z])(?:\.\d+)*\.?\s+/;

/** Folders of what is current, whose addresses stay when the next version comes. */
const CURRENT = /(?:^|\/)(?:latest|stable|current)\//i;
const COPIES = /(?:^|\/|_)(?:print|printable|amp)(?:\/|\.|$)/i;

/**
 * Of pages with the same language, version, title and text one is kept. Of sections whose text is on several pages
 * under one heading (or title) one is kept: that of the page that shares text with the fewest pages, then the shortest
 * page. A page without sections of its own is a copy. Records are neither judged nor compared.
 * @param pages in the order of the site
 */
export function withoutCopies(pages: readonly CollectedPage[]): {
  readonly pages: CollectedPage[];
  readonly copies: Set<CollectedPage>;
} {
  const judged = pages.filter(({ isRecord }) => !isRecord);
  const copies = samePages(judged);
  const rest = judged.filter((page) => !copies.has(page));
  const homes = homesOf(rest);
  const kept: CollectedPage[] = [];
  for (const page of pages) {
    if (page.isRecord) kept.push(page);
    if (page.isRecord || copies.has(page)) continue;
    const { sections } = page.extracted;
    const own = sections.filter((section) => !isElsewhere(page, section, homes));
    const hadText = sections.some(({ blocks }) => blocks.length > 0);
    if (hadText && own.every(({ blocks }) => blocks.length === 0)) copies.add(page);
    else
      kept.push(own.length === sections.length ? page : { ...page, extracted: { ...page.extracted, sections: own } });
  }
  return { pages: kept, copies };
}

function samePages(pages: readonly CollectedPage[]): Set<CollectedPage> {
  const groups = groupBy(pages, ({ extracted: { page, sections } }) => digestOf(placeOf(page), page.title, sections));
  const copies = new Set<CollectedPage>();
  for (const group of groups.values()) {
    const [home] = group.toSorted((a, b) => distanceOf(a) - distanceOf(b));
    for (const page of group) if (page !== home) copies.add(page);
  }
  return copies;
}

/** The page nearest the root is first, and those that are said to be copies last. */
function distanceOf(page: CollectedPage): number {
  return depthOf(page) + (COPIES.test(page.url) ? 100 : CURRENT.test(page.url) ? -0.5 : 0);
}

/** The page that each text of several pages is kept on. */
function homesOf(pages: readonly CollectedPage[]): ReadonlyMap<string, CollectedPage> {
  const holders = new Map<string, Set<CollectedPage>>();
  for (const page of pages)
    for (const key of page.extracted.sections.flatMap((section) => keysOf(page, section)))
      holders.set(key, (holders.get(key) ?? new Set()).add(page));
  const partners = new Map<CollectedPage, Set<CollectedPage>>();
  for (const group of holders.values()) {
    if (group.size < 2) continue;
    for (const page of group) {
      const others = partners.get(page) ?? new Set();
      partners.set(page, others);
      for (const other of group) others.add(other);
    }
  }
  const order = [...partners].map(([page, others]) => ({
    page,
    others: others.size,
    letters: lettersOf(page.extracted),
  }));
  order.sort((a, b) => a.others - b.others || a.letters - b.letters || distanceOf(a.page) - distanceOf(b.page));
  const rank = new Map(order.map(({ page }, i) => [page, i]));
  const homes = new Map<string, CollectedPage>();
  for (const [key, group] of holders) {
    if (group.size < 2) continue;
    homes.set(
      key,
      [...group].reduce((best, page) => (rank.get(page)! < rank.get(best)! ? page : best)),
    );
  }
  return homes;
}

function isElsewhere(
  page: CollectedPage,
  section: ExtractedSection,
  homes: ReadonlyMap<string, CollectedPage>,
): boolean {
  let letters = 0;
  let elsewhere = 0;
  for (const { text } of section.blocks) {
    letters += text.length;
    const home = text.length < MIN_LETTERS ? undefined : homes.get(keyOf(page, section, text));
    if (home !== undefined && home !== page) elsewhere += text.length;
  }
  return letters > 0 && elsewhere >= letters * SHARE;
}

function keysOf(page: CollectedPage, section: ExtractedSection): string[] {
  const texts = section.blocks.filter(({ text }) => text.length >= MIN_LETTERS);
  return texts.map(({ text }) => keyOf(page, section, text));
}

function keyOf({ extracted: { page } }: CollectedPage, { headings }: ExtractedSection, text: string): string {
  const heading = (headings.at(-1) ?? page.title).replace(NUMBERING, '').toLowerCase();
  return digestOf(placeOf(page), heading, text);
}

/** The part of the site whose pages are compared: a text is kept in each language and version. */
function placeOf({ language, fallbackFor = language, filters }: ExtractedPage['page']): unknown {
  return [fallbackFor, filters[VERSION_FILTER]];
}
