// Pairs of letters of a word that may be cut or written in several ways: a word inside it shares its pairs.

import type { Term } from './analyzer.ts';
import { normalize } from './normalize.ts';

/** The term of a pair: no word, and no beginning of one. */
export function pairTerm(pair: string): string {
  return `~${pair}`;
}

/** Whether a term is that of a pair. */
export function isPair(term: string): boolean {
  return /^~\p{L}/u.test(term);
}

/** @param start of the word in its text @returns for a word of three letters and more its pairs, in order */
export function pairsOf(word: string, start: number): Term[] {
  const letters = Array.from(word);
  if (letters.length < 3) return [];
  let at = start;
  return letters.slice(1).map((second, i) => {
    const first = letters[i]!;
    const pair = { term: pairTerm(normalize(first + second)), start: at, end: at + first.length + second.length };
    at += first.length;
    return pair;
  });
}
