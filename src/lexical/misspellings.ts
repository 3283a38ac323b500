// Words of a collection that are misspellings of others of its words: whoever types such a misspelling, or copies it,
// wants the pages that spell the word right too.

import { editDistance } from './edit-distance.ts';

/** A shorter word with another letter is another word. */
const LEAST_LENGTH = 5;
/** Rows that a misspelling has at most, and times more rows that the right word has at least. */
const MOST_ROWS = 3;
const TIMES = 3;
/** Letters at the end that are the same: words that differ there are forms of one word. */
const SAME_END = 2;

/** Marks the term that leads from a misspelling to the right word; see `isWord` of the analyzers. */
const MEANS = '!=';

/** The term that begins those that lead from a word to right ones. */
export function meaningPrefix(word: string): string {
  return word + MEANS;
}

/**
 * @param rows term → number of rows that have it
 * @returns pairs of a misspelling and the right word
 */
export function findMisspellings(rows: ReadonlyMap<string, number>): (readonly [misspelt: string, right: string])[] {
  const words = [...rows.keys()].filter((term) => term.length >= LEAST_LENGTH && /^\p{L}+$/u.test(term));
  /** What is left of a frequent word without one of its letters → the words. */
  const shorter = new Map<string, string[]>();
  for (const word of words.filter((term) => rows.get(term)! >= TIMES))
    for (const left of withoutALetter(word)) shorter.set(left, [...(shorter.get(left) ?? []), word]);
  return words
    .filter((word) => rows.get(word)! <= MOST_ROWS)
    .flatMap((word) => {
      const lefts = withoutALetter(word);
      const near = new Set([
        ...(shorter.get(word) ?? []),
        ...lefts,
        ...lefts.flatMap((left) => shorter.get(left) ?? []),
      ]);
      const right = [...near]
        .filter((other) => (rows.get(other) ?? 0) >= TIMES * rows.get(word)! && isMisspelling(word, other))
        .sort((a, b) => rows.get(b)! - rows.get(a)! || (a < b ? -1 : 1))[0];
      return right === undefined ? [] : [[word, right] as const];
    });
}

function isMisspelling(word: string, right: string): boolean {
  return (
    right !== word &&
    right.length >= LEAST_LENGTH &&
    right[0] === word[0] &&
    right.slice(-SAME_END) === word.slice(-SAME_END) &&
    editDistance(word, right, 1) === 1
  );
}

function withoutALetter(word: string): string[] {
  return Array.from(word, (_, i) => word.slice(0, i) + word.slice(i + 1));
}
