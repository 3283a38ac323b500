// Rows that may be named by a query: those whose title, or title and headings, have all of its words.

import { FIELDS } from './base-part.ts';
import type { Postings } from './terms-part.ts';

const TITLE = FIELDS.indexOf('title');
const HEADINGS = FIELDS.indexOf('headings');
/** A longer query names no page. */
const WORDS_OF_A_TITLE = 8;

/** What the index has of a word of a query. */
type Terms = readonly { readonly postings: Postings }[];

/** Rows whose title has a term of each word; none for more words than a title has. */
export function withAllInTitle(words: readonly Terms[]): number[] {
  if (words.length === 0 || words.length > WORDS_OF_A_TITLE) return [];
  let rows: Set<number> | undefined;
  // A beginning has thousands of terms, so that words of fewer come first.
  for (const terms of words.toSorted((a, b) => a.length - b.length)) {
    const known = rows;
    rows = new Set();
    for (const { postings } of terms)
      for (const row of postings.fields[TITLE]!.rows) if (!known || known.has(row)) rows.add(row);
    if (rows.size === 0) break;
  }
  return [...rows!];
}

/**
 * Whether title and headings of a row have a term of each word. Nothing is looked at before the first row is asked for.
 * @param count rows of the index
 */
export function withAllInHeadings(words: readonly Terms[], count: number): (row: number) => boolean {
  let had: Uint8Array | undefined;
  return (row) => (had ??= wordsHad(words, count))[row] === words.length;
}

/** [count]: how many of the words, one after the other from the first, title and headings of each row have. */
function wordsHad(words: readonly Terms[], count: number): Uint8Array {
  const had = new Uint8Array(count);
  words.forEach((terms, n) => {
    for (const { postings } of terms)
      for (const field of [TITLE, HEADINGS])
        for (const row of postings.fields[field]!.rows) if (had[row] === n) had[row] = n + 1;
  });
  return had;
}
