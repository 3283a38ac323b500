// The selectable options of an answer: for each page the page itself, then its sections, in one flat order for keys and
// screen.

import type { PageHit, SectionHit } from '../../index.ts';
import { safeLink } from '../safe-link.ts';

export interface Option {
  /** The same for the same page or section in every answer. */
  readonly key: string;
  /** Null for a record without an address. */
  readonly url: string | null;
  /** What the link leads to: the address, and the text to scroll to where that names no place in the page. */
  readonly href: string | null;
  readonly page: PageHit;
  /** The section it shows; null for a page whose top was not among the hits. */
  readonly section: SectionHit | null;
  readonly isPage: boolean;
}

export interface OptionGroup {
  readonly page: PageHit;
  readonly options: readonly Option[];
}

/**
 * Hits with an address outside the web are left out; those without an address are kept.
 * @param scrollsToText whether the browser understands text fragments
 */
export function optionGroups(pages: readonly PageHit[], scrollsToText = false): OptionGroup[] {
  return pages.flatMap((page) => {
    const url = linkOf(page);
    if (url === undefined) return [];
    const top = page.sections.find(({ headings }) => headings.length === 0) ?? null;
    const first: Option = { key: String(page.page), url, href: url, page, section: top, isPage: true };
    const others = page.sections.flatMap((section): Option[] => {
      const address = linkOf(section);
      return section === top || address === undefined
        ? []
        : [
            {
              key: section.id,
              url: address,
              href: scrollsToText ? withText(address, section) : address,
              page,
              section,
              isPage: false,
            },
          ];
    });
    return [{ page, options: [first, ...others] }];
  });
}

/** Undefined for an address that is not a web address. */
function linkOf({ url }: { readonly url: string | null }): string | null | undefined {
  return url === null ? null : (safeLink(url) ?? undefined);
}

/** The heading as a text fragment: https://wicg.github.io/scroll-to-text-fragment/#syntax */
function withText(url: string | null, { headings }: SectionHit): string | null {
  const heading = headings.at(-1)?.replace(/…$/, '').trim() ?? '';
  if (url === null || url.includes('#') || heading === '') return url;
  return `${url}#:~:text=${encodeURIComponent(heading.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('-', '%2D')}`;
}

/** The target of Enter without an active option: the best section of the best page. */
export function bestOption(groups: readonly OptionGroup[]): Option | null {
  const [first] = groups;
  if (!first) return null;
  const [best] = first.page.sections;
  return first.options.find(({ section }) => section !== null && section === best) ?? first.options[0] ?? null;
}
