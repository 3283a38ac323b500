// What of an answer can be chosen: for each page the page itself, then its sections. One flat order for the keys and
// for the screen.

import type { PageHit, SectionHit } from '../../index.ts';
import { safeLink } from '../safe-link.ts';

export interface Option {
  /** The same for the same place in every answer. */
  readonly key: string;
  /** Null for what can be read nowhere. */
  readonly url: string | null;
  readonly page: PageHit;
  /** The section it shows; null for a page whose top was not found itself. */
  readonly section: SectionHit | null;
  readonly isPage: boolean;
}

export interface OptionGroup {
  readonly page: PageHit;
  readonly options: readonly Option[];
}

/** Hits that lead anywhere but to the web are left out; those that lead nowhere are not. */
export function optionGroups(pages: readonly PageHit[]): OptionGroup[] {
  return pages.flatMap((page) => {
    const url = linkOf(page);
    if (url === undefined) return [];
    const top = page.sections.find(({ headings }) => headings.length === 0) ?? null;
    const first: Option = { key: String(page.page), url, page, section: top, isPage: true };
    const others = page.sections.flatMap((section): Option[] => {
      const address = linkOf(section);
      return section === top || address === undefined
        ? []
        : [{ key: section.id, url: address, page, section, isPage: false }];
    });
    return [{ page, options: [first, ...others] }];
  });
}

/** Undefined where the address is none of the web. */
function linkOf({ url }: { readonly url: string | null }): string | null | undefined {
  return url === null ? null : (safeLink(url) ?? undefined);
}

/** Where Enter leads when nothing was chosen: to the best section of the best page. */
export function bestOption(groups: readonly OptionGroup[]): Option | null {
  const [first] = groups;
  if (!first) return null;
  const [best] = first.page.sections;
  return first.options.find(({ section }) => section !== null && section === best) ?? first.options[0] ?? null;
}
