// Boilerplate: what stands on most pages of a site word for word (menus, mastheads, footers), however it is marked up.

import type { CollectedPage, ExtractedPage, ExtractedSection } from './extracted-page.ts';

/** On fewer pages nothing can be said. */
const MIN_PAGES = 8;
/** Of all pages. */
const SHARE = 0.5;

/**
 * Blocks that most pages have, but for their numbers, are taken away, and with them sections that held nothing else; so
 * is a picture that most pages begin with. Pages whose author marked the body, records, and pages that would have no
 * text left keep their text.
 */
export function withoutBoilerplate(pages: readonly CollectedPage[]): CollectedPage[] {
  const judged = pages.filter(isJudged);
  if (judged.length < MIN_PAGES) return [...pages];
  const isOnMost = (of: (page: ExtractedPage) => readonly string[]): ((text: string) => boolean) => {
    const counts = new Map<string, number>();
    for (const { extracted } of judged)
      for (const text of new Set(of(extracted))) counts.set(text, (counts.get(text) ?? 0) + 1);
    return (text) => (counts.get(text) ?? 0) > judged.length * SHARE;
  };
  const isBoilerplate = isOnMost(({ sections }) =>
    sections.flatMap(({ blocks }) => blocks.map(({ text }) => shape(text))),
  );
  const isLogo = isOnMost(({ page }) => logoNames(page));
  return pages.map((collected) => {
    if (!isJudged(collected)) return collected;
    const { page, sections } = collected.extracted;
    const left = sections.flatMap((section) => cleared(section, isBoilerplate));
    const hasText = left.some(({ blocks }) => blocks.length > 0);
    return {
      ...collected,
      extracted: {
        ...collected.extracted,
        page: logoNames(page).some(isLogo) ? withoutImage(page) : page,
        sections: hasText ? left : sections,
      },
    };
  });
}

function isJudged({ extracted, isRecord }: CollectedPage): boolean {
  return !isRecord && !extracted.hasBody;
}

/** Dates and years differ from page to page. */
function shape(text: string): string {
  return text.replace(/\d+/g, '0');
}

/** Pages in folders have other paths to the same picture. */
function logoNames({ meta }: ExtractedPage['page']): string[] {
  const name = meta['image']?.split('/').at(-1);
  return name === undefined ? [] : [name];
}

function withoutImage(page: ExtractedPage['page']): ExtractedPage['page'] {
  return {
    ...page,
    meta: Object.fromEntries(Object.entries(page.meta).filter(([key]) => key !== 'image' && key !== 'image_alt')),
  };
}

function cleared(section: ExtractedSection, isBoilerplate: (text: string) => boolean): ExtractedSection[] {
  const blocks = section.blocks.filter(({ text }) => !isBoilerplate(shape(text)));
  return blocks.length === 0 && section.blocks.length > 0 ? [] : [{ ...section, blocks }];
}
