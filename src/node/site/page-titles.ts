// Titles that tell pages apart: on some sites the first heading of every page is the name of the site.

import { groupBy } from '../../group-by.ts';
import { withFacts } from './collected-page.ts';
import type { CollectedPage } from './extracted-page.ts';

/** With fewer pages the name of the site cannot be recognised. */
const MIN_PAGES = 4;
const SHARE = 0.5;
/** Between the title of a page and the name of its site in `<title>`. */
const SEPARATOR = /\s+[-–—|·•:»«/]\s+|\s*[|·»«]\s*|:\s+/;

/**
 * A title that more than half of the pages of a language have is the site's name. Those pages get what their `<title>`
 * says beside the name, else their first other heading; a page that has neither keeps the name.
 */
export function withOwnTitles(pages: readonly CollectedPage[]): CollectedPage[] {
  const names = siteNames(pages.filter(({ isRecord }) => !isRecord));
  return pages.map((collected) => {
    const { extracted, isRecord } = collected;
    const { title, language } = extracted.page;
    if (isRecord || extracted.isTitleSaid || title === '' || names.get(language) !== title) return collected;
    const own = besideName(extracted.documentTitle, title) || (extracted.sections[0]?.headings[0] ?? '');
    return own === '' ? collected : withFacts(collected, { title: own });
  });
}

/** Language → name of the site in it. */
function siteNames(pages: readonly CollectedPage[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const [language, group] of groupBy(pages, ({ extracted }) => extracted.page.language)) {
    if (group.length < MIN_PAGES) continue;
    const counts = new Map<string, number>();
    for (const { extracted } of group) counts.set(extracted.page.title, (counts.get(extracted.page.title) ?? 0) + 1);
    for (const [title, count] of counts) if (count > group.length * SHARE) names.set(language, title);
  }
  return names;
}

/** Empty where the title says nothing else. */
function besideName(documentTitle: string, name: string): string {
  const parts = documentTitle.split(SEPARATOR).filter((part) => part !== '');
  const isName = (part: string | undefined): boolean => part?.toLowerCase() === name.toLowerCase();
  const from = isName(parts[0]) ? 1 : 0;
  const to = parts.length > 1 && isName(parts.at(-1)) ? parts.length - 1 : parts.length;
  if (from >= to) return '';
  const start = documentTitle.indexOf(parts[from]!, from === 0 ? 0 : parts[0]!.length);
  return documentTitle.slice(start, documentTitle.lastIndexOf(parts[to - 1]!) + parts[to - 1]!.length);
}
