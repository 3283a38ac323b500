// Finds pages that stand among those of one language with the text of another, because nobody has translated them yet.

import { groupBy } from '../../group-by.ts';
import { depthOf, digestOf, lettersOf, primaryLanguage, withFacts } from './collected-page.ts';
import type { CollectedPage } from './extracted-page.ts';

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
    ({ extracted: { page, sections } }) => digestOf(page.title, sections),
  );
  const originals = new Map<CollectedPage, string>();
  for (const group of texts.values()) {
    const [original] = group.toSorted((a, b) => depthOf(a) - depthOf(b) || Number(isEnglish(b)) - Number(isEnglish(a)));
    for (const page of group) originals.set(page, original!.extracted.page.language);
  }
  return pages.map((page) => {
    const { language, fallbackFor = language } = page.extracted.page;
    const original = originals.get(page) ?? language;
    // Regions of a language are not translations.
    return primaryLanguage(original) === primaryLanguage(language)
      ? page
      : withFacts(page, { language: original, fallbackFor });
  });
}

function isEnglish({ extracted }: CollectedPage): boolean {
  return /^en\b/.test(extracted.page.language);
}
