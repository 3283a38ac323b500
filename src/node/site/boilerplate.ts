// Removes boilerplate: text that most pages of a site share word for word (menus, mastheads, footers), whatever its
// markup.

import type { CollectedPage, ExtractedPage, ExtractedSection } from './extracted-page.ts';

/** With fewer pages boilerplate cannot be recognised. */
const MIN_PAGES = 8;
/** Share of all pages that must have it. */
const SHARE = 0.5;

/**
 * Removes blocks that most pages share apart from numbers, sections that had nothing else, and a picture that most
 * pages begin with. Pages whose author marked the body, records, and pages that would have no text left keep their
 * text.
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

/** The text without its numbers, since dates and years differ between pages. */
function shape(text: string): string {
  return text.replace(/\d+/g, '0');
}

/** Names of pictures without their paths, which differ between folders. */
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
