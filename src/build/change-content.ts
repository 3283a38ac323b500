// The content of a collection with some of its pages replaced, added or left out.

import { byAddress, nameOf, type SiteContent, type SitePage, type SitePassage } from '../format/site.ts';

/**
 * Pages in the order in which `collectRecords` puts them: by address, then those with ids, a replaced one in its place
 * and new ones at the end. Names are those of `nameOf`.
 * @param put pages that take the place of those of their names, or are new
 * @param remove names of pages; one that is not there changes nothing
 */
export function changeContent(old: SiteContent, put: SiteContent, remove: ReadonlySet<string>): SiteContent {
  const pages = new Map<string, { readonly page: SitePage; readonly passages: SitePassage[] }>();
  for (const { pages: some, passages } of [old, put]) {
    const own = some.map((page) => ({ page, passages: [] as SitePassage[] }));
    for (const passage of passages) own[passage.page]!.passages.push(passage);
    for (const entry of own) pages.set(nameOf(entry.page), entry); // a name that is set again keeps its place
  }
  for (const name of remove) pages.delete(name);
  const kept = [...pages.values()];
  const cut = kept.filter(({ page }) => page.id === undefined).sort((a, b) => byAddress(a.page, b.page));
  const ordered = [...cut, ...kept.filter(({ page }) => page.id !== undefined)];
  return {
    ...old,
    pages: ordered.map(({ page }) => page),
    passages: ordered.flatMap(({ passages }, page) => passages.map((passage) => ({ ...passage, page }))),
  };
}
