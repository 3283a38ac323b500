// A page that is no HTML: a title and plain text, with whatever an author would have said in attributes.

import { plainText, shortened } from '../../../text/plain-text.ts';
import type { ExtractedPage } from '../extracted-page.ts';
import { MAX_HEADING_LENGTH } from './section-writer.ts';

export interface RecordText {
  readonly title?: string | undefined;
  /** Plain text; empty lines divide it into blocks. */
  readonly content: string;
  /** BCP 47. */
  readonly language?: string | undefined;
  readonly meta?: Readonly<Record<string, string>> | undefined;
  readonly filters?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly sort?: Readonly<Record<string, string>> | undefined;
}

export function recordPage({ title = '', content, language = '', meta = {}, filters = {}, sort = {} }: RecordText): ExtractedPage {
  const blocks = content.split(/\r?\n\s*\n/).map(plainText).filter((text) => text !== '');
  return {
    kind: 'page',
    canonical: null,
    page: { title: shortened(plainText(title), MAX_HEADING_LENGTH), language: language.toLowerCase(), meta, filters, sort },
    sections: [{ headings: [], anchor: '', blocks: blocks.map((text) => ({ text, weight: 1 })) }],
    hasBody: false,
  };
}
