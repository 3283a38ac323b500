// A page that is not HTML: a title and plain text, with the fields that HTML has in attributes.

import type { SitePage } from '../format/site.ts';
import type { TextSection } from '../text/cut-passages.ts';
import { MAX_HEADING_LENGTH, plainText, shortened } from '../text/plain-text.ts';

export interface RecordText {
  readonly title?: string | undefined;
  /** Plain text; empty lines separate blocks. */
  readonly sections: readonly {
    readonly headings: readonly string[];
    readonly anchor: string;
    readonly content: string;
  }[];
  /** BCP 47. */
  readonly language?: string | undefined;
  readonly meta?: Readonly<Record<string, string>> | undefined;
  readonly filters?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly sort?: Readonly<Record<string, string>> | undefined;
}

/** A page with the text that is cut into its passages. */
export interface PageText {
  readonly page: Omit<SitePage, 'url'>;
  readonly sections: readonly TextSection[];
}

export function recordPage({
  title = '',
  sections,
  language = '',
  meta = {},
  filters = {},
  sort = {},
}: RecordText): PageText {
  return {
    page: { title: heading(title), language: language.toLowerCase(), meta, filters, sort },
    sections: sections.map(({ headings, anchor, content }) => ({
      headings: headings.map(heading),
      anchor,
      blocks: blocksOf(content).map((text) => ({ text, weight: 1 })),
    })),
  };
}

function heading(text: string): string {
  return shortened(plainText(text), MAX_HEADING_LENGTH);
}

function blocksOf(content: string): string[] {
  return content
    .split(/\r?\n\s*\n/)
    .map(plainText)
    .filter((text) => text !== '');
}
