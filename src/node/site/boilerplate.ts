// Removes boilerplate: text that most pages share word for word (menus, mastheads, footers), whatever its markup.

import type { CollectedPage, ExtractedPage, ExtractedSection } from './extracted-page.ts';

/** With fewer pages boilerplate cannot be recognised. */
const MIN_PAGES = 8;
/** Share of all pages that must have it. */
const SHARE = 0.5;
/** The same, of the pages of one language or one folder: a folder may repeat a sentence that is no boilerplate. */
const SHARE_OF_PART = 0.8;

/** Text that was removed from pages. */
export interface RemovedText {
  readonly text: string;
  /** Number of pages that it was removed from. */
  readonly pages: number;
}

/**
 * Removes blocks that most pages share, and a picture that most pages begin with. They are counted over all pages,
 * over those of each language, and over those of each folder at the root, since a site may have one menu for each
 * language or version. A text that differs between pages is kept, be it in one digit; a section that would have no
 * text left is kept unless its heading is on most pages too. Pages whose author marked the body, records, and pages
 * that would have no text left keep their text.
 */
export function withoutBoilerplate(pages: readonly CollectedPage[]): {
  readonly pages: CollectedPage[];
  /** Most pages first. */
  readonly removed: RemovedText[];
} {
  const judged = pages.filter(isJudged);
  const blocksOf = commonTexts(judged, ({ sections }) =>
    sections.flatMap(({ blocks }) => blocks.map(({ text }) => text)),
  );
  const headingsOf = commonTexts(judged, ({ sections }) => sections.map(headingOf));
  const logosOf = commonTexts(judged, ({ page }) => logoNames(page));
  const counts = new Map<string, number>();
  const cleared = pages.map((collected) => {
    if (!isJudged(collected)) return collected;
    const { page, sections } = collected.extracted;
    const [isBlock, isHeading, isLogo] = [blocksOf(collected), headingsOf(collected), logosOf(collected)];
    const removed = new Set<string>();
    const left = sections.flatMap((section): ExtractedSection[] => {
      const blocks = section.blocks.filter(({ text }) => !isBlock(text));
      if (blocks.length === section.blocks.length) return [section];
      const heading = headingOf(section);
      if (blocks.length === 0 && heading !== '' && !isHeading(heading)) return [section];
      for (const { text } of section.blocks) if (isBlock(text)) removed.add(text);
      return blocks.length === 0 ? [] : [{ ...section, blocks }];
    });
    const hasText = left.some(({ blocks }) => blocks.length > 0);
    if (hasText) for (const text of removed) counts.set(text, (counts.get(text) ?? 0) + 1);
    return {
      ...collected,
      extracted: {
        ...collected.extracted,
        page: logoNames(page).some(isLogo) ? withoutImage(page) : page,
        sections: hasText ? left : sections,
      },
    };
  });
  const removed = [...counts].map(([text, pages]) => ({ text, pages }));
  return { pages: cleared, removed: removed.sort((a, b) => b.pages - a.pages || (a.text < b.text ? -1 : 1)) };
}

function isJudged({ extracted, isRecord }: CollectedPage): boolean {
  return !isRecord && !extracted.hasBody;
}

/** @returns of a page, whether a text is on most pages of the site, or of the language or the folder of this page */
function commonTexts(
  judged: readonly CollectedPage[],
  textsOf: (page: ExtractedPage) => readonly string[],
): (page: CollectedPage) => (text: string) => boolean {
  const parts = new Map<string, { pages: number; counts: Map<string, number> }>();
  for (const page of judged) {
    const texts = new Set(textsOf(page.extracted));
    for (const name of partsOf(page)) {
      const part = parts.get(name) ?? { pages: 0, counts: new Map<string, number>() };
      parts.set(name, part);
      part.pages++;
      for (const text of texts) part.counts.set(text, (part.counts.get(text) ?? 0) + 1);
    }
  }
  return (page) => {
    const large = partsOf(page).flatMap((name) => {
      const part = parts.get(name);
      if (part === undefined || part.pages < MIN_PAGES) return [];
      return [{ counts: part.counts, most: part.pages * (name === SITE ? SHARE : SHARE_OF_PART) }];
    });
    return (text) => large.some(({ counts, most }) => (counts.get(text) ?? 0) > most);
  };
}

const SITE = 'site';

function partsOf({ url, extracted }: CollectedPage): string[] {
  const folder = /^[^/?#]+(?=\/)/.exec(url)?.[0];
  const { language, fallbackFor = language } = extracted.page;
  return [SITE, `language ${fallbackFor}`, ...(folder === undefined ? [] : [`folder ${folder}`])];
}

function headingOf({ headings }: ExtractedSection): string {
  return headings.at(-1) ?? '';
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
