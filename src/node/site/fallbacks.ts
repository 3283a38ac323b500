// Finds pages that stand among those of one language with the text of another, because nobody has translated them yet.

import { groupBy } from '../../group-by.ts';
import type { CollectedPage, ExtractedPage } from './extracted-page.ts';

/** A shorter text may be the same in several languages, as a list of names is. */
const MIN_LETTERS = 60;

/**
 * A page with the title and the text of a page in another language is its fallback: it gets that language, and is found
 * by those who search its own. The original is the one nearest the root, then the English one.
 * @param pages in the order of the site
 */
export function withFallbacks(pages: readonly CollectedPage[]): CollectedPage[] {
  const texts = groupBy(
    pages.filter(
      ({ isRecord, extracted }) => !isRecord && extracted.page.language !== '' && lettersOf(extracted) >= MIN_LETTERS,
    ),
    ({ extracted: { page, sections } }) => JSON.stringify([page.title, sections]),
  );
  const originals = new Map<CollectedPage, string>();
  for (const group of texts.values()) {
    const [original] = group.toSorted((a, b) => depth(a) - depth(b) || Number(isEnglish(b)) - Number(isEnglish(a)));
    for (const page of group) originals.set(page, original!.extracted.page.language);
  }
  return pages.map((page) => {
    const { language } = page.extracted.page;
    const original = originals.get(page) ?? language;
    return primary(original) === primary(language)
      ? page
      : { ...page, extracted: asFallback(page.extracted, original) };
  });
}

function asFallback(extracted: ExtractedPage, original: string): ExtractedPage {
  const { page } = extracted;
  return { ...extracted, page: { ...page, language: original, fallbackFor: page.fallbackFor ?? page.language } };
}

/** Regions of a language are not translations. */
function primary(language: string): string {
  return language.split('-')[0]!;
}

function depth({ url }: CollectedPage): number {
  return url.replace(/\/$/, '').split('/').length;
}

function isEnglish({ extracted }: CollectedPage): boolean {
  return /^en\b/.test(extracted.page.language);
}

function lettersOf({ sections }: ExtractedPage): number {
  return sections.reduce((sum, { blocks }) => blocks.reduce((all, { text }) => all + text.length, sum), 0);
}
