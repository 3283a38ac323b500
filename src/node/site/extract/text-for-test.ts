// What extraction reads of a page, in a form that tests compare.

import type { ExtractOptions } from '../extracted-page.ts';
import { extractPage } from './extract-page.ts';

/** One line for each section: its headings, `#` and its anchor, its blocks. */
export function outlineOf(html: string, options?: ExtractOptions): string[] {
  const extracted = extractPage(html, options);
  if (extracted.kind !== 'page') throw new Error(`left out: ${extracted.reason}`);
  return extracted.sections.map(
    ({ headings, anchor, blocks }) => `${headings.join('/')}#${anchor}: ${blocks.map(({ text }) => text).join(' ¦ ')}`,
  );
}

/** The blocks of all sections, without the headings. */
export function blocksOf(html: string, options?: ExtractOptions): string {
  return outlineOf(html, options)
    .map((line) => line.slice(line.indexOf(': ') + 2))
    .filter((text) => text !== '')
    .join(' ¦ ');
}
