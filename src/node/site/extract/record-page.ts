// A page that is no HTML: a title and plain text, with whatever an author would have said in attributes.

import { plainText, shortened } from '../../../text/plain-text.ts';
import type { ExtractedPage, LeftOutPage } from '../extracted-page.ts';
import { MAX_HEADING_LENGTH } from './section-writer.ts';

export interface SiteRecord {
  /** Relative to the site's root, or http(s). */
  readonly url: string;
  readonly title?: string | undefined;
  /** Plain text; empty lines divide it into blocks. */
  readonly content: string;
  /** BCP 47. */
  readonly language?: string | undefined;
  readonly meta?: Readonly<Record<string, string>> | undefined;
  readonly filters?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly sort?: Readonly<Record<string, string>> | undefined;
}

export function recordPage({ title = '', content, language = '', meta = {}, filters = {}, sort = {} }: SiteRecord): ExtractedPage | LeftOutPage {
  const blocks = content.split(/\r?\n\s*\n/).map(plainText).filter((text) => text !== '');
  const shown = shortened(plainText(title), MAX_HEADING_LENGTH);
  if (shown === '' && blocks.length === 0) return { kind: 'left-out', reason: 'no-text' };
  return {
    kind: 'page',
    canonical: null,
    page: { title: shown, language: language.toLowerCase(), meta, filters, sort },
    sections: [{ headings: [], anchor: '', blocks: blocks.map((text) => ({ text, weight: 1 })) }],
    hasBody: false,
  };
}
