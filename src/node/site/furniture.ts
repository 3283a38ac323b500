// What stands on most pages of a site word for word is its furniture (menus, mastheads, footers), however it is marked up.

import type { CollectedPage } from './collect-site.ts';
import type { ExtractedSection } from './extracted-page.ts';

/** On fewer pages nothing can be said. */
const MIN_PAGES = 8;
/** Of all pages. */
const SHARE = 0.5;

/**
 * Blocks that most pages have are taken away, and with them sections that held nothing else. Pages whose author marked
 * the body, records, and pages that would have no text left stay as they are.
 */
export function withoutFurniture(pages: readonly CollectedPage[]): CollectedPage[] {
  const judged = pages.filter(isJudged);
  if (judged.length < MIN_PAGES) return [...pages];
  const counts = new Map<string, number>();
  for (const { extracted } of judged) {
    const texts = new Set(extracted.sections.flatMap(({ blocks }) => blocks.map(({ text }) => text)));
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const isFurniture = (text: string): boolean => (counts.get(text) ?? 0) > judged.length * SHARE;
  return pages.map((page) => {
    if (!isJudged(page)) return page;
    const sections = page.extracted.sections.flatMap((section) => cleared(section, isFurniture));
    return sections.some(({ blocks }) => blocks.length > 0) ? { ...page, extracted: { ...page.extracted, sections } } : page;
  });
}

function isJudged({ extracted, isRecord }: CollectedPage): boolean {
  return !isRecord && !extracted.hasBody;
}

function cleared(section: ExtractedSection, isFurniture: (text: string) => boolean): ExtractedSection[] {
  const blocks = section.blocks.filter(({ text }) => !isFurniture(text));
  return blocks.length === 0 && section.blocks.length > 0 ? [] : [{ ...section, blocks }];
}
