// An HTML page reduced to its text for readers.

import type { SitePage } from '../../format/site.ts';

export interface ExtractedSection {
  /** Headings above it, outermost first, without the title of the page. */
  readonly headings: readonly string[];
  /** Fragment of the nearest heading (or other element) that has one; empty for none. */
  readonly anchor: string;
  /**
   * Blocks of text in the order of the page; white space is single except for the line breaks of code, none is empty.
   * Weight 1 is plain text.
   */
  readonly blocks: readonly Block[];
}

/** A paragraph, a row of a table, a piece of code. */
export interface Block {
  readonly text: string;
  readonly weight: number;
  /** BCP 47 in lower case, where it is in another language than its page. @default the page's */
  readonly language?: string | undefined;
}

export interface ExtractedPage {
  readonly kind: 'page';
  /** Canonical address where the page names one, as written. */
  readonly canonical: string | null;
  readonly page: Omit<SitePage, 'url'>;
  /** What `<title>` says, in one line; empty for nothing. */
  readonly documentTitle: string;
  /** The generator that made it, of those in generators.ts. */
  readonly generator: string | null;
  /** Much of its text is links, or it has none. */
  readonly isLinks: boolean;
  /** Versions of the software that it is about, as `docsearch:version` says; empty where it says nothing. */
  readonly versions: readonly string[];
  /** The author's attributes name the title. */
  readonly isTitleSaid: boolean;
  readonly sections: readonly ExtractedSection[];
  /** It has `data-pagefind-body` or `data-era-body`: pages of the site without one are then left out. */
  readonly hasBody: boolean;
}

/** An extracted page with its address in the site. */
export interface CollectedPage {
  readonly path: string;
  readonly url: string;
  readonly extracted: ExtractedPage;
  /** Given as text, and so without menus and body attributes. */
  readonly isRecord: boolean;
}

export interface LeftOutPage {
  readonly kind: 'left-out';
  /**
   * `too-deep`: nested so deeply that no parser reads it in reasonable time; `listing`: a list of other pages that its
   * generator makes.
   */
  readonly reason: 'noindex' | 'ignored' | 'listing' | 'no-text' | 'redirect' | 'not-html' | 'too-deep';
}

export interface ExtractOptions {
  /** @default 'html' */
  readonly rootSelector?: string | undefined;
  /** Elements that match are left out. @default none */
  readonly excludeSelectors?: readonly string[] | undefined;
  /** Whether parts and pages are left out that a known generator makes (generators.ts). @default true */
  readonly generatorRules?: boolean | undefined;
  /** Replaces `<html lang>`, and the language of records. */
  readonly forceLanguage?: string | undefined;
}
