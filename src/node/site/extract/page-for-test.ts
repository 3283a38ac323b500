// What extraction reads of a page, in forms that tests compare.

import type { CollectedPage, ExtractedPage, ExtractOptions } from '../extracted-page.ts';
import { extractPage } from './extract-page.ts';

/** @throws where the page is left out */
export function extractedPage(html: string, options?: ExtractOptions): ExtractedPage {
  const extracted = extractPage(html, options);
  if (extracted.kind !== 'page') throw new Error(`left out: ${extracted.reason}`);
  return extracted;
}

export function collectedPage(url: string, html: string): CollectedPage {
  return { path: url, url, extracted: extractedPage(html), isRecord: false };
}

/** One line for each section: its headings, `#` and its anchor, its blocks. */
export function outlineOf(html: string, options?: ExtractOptions): string[] {
  return extractedPage(html, options).sections.map(
    ({ headings, anchor, blocks }) => `${headings.join('/')}#${anchor}: ${blocks.map(({ text }) => text).join(' ¦ ')}`,
  );
}

/** The blocks of all sections, without the headings. */
export function blocksOf(html: string, options?: ExtractOptions): string {
  return extractedPage(html, options)
    .sections.flatMap(({ blocks }) => blocks.map(({ text }) => text))
    .join(' ¦ ');
}
