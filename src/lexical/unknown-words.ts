// What a word that the index does not have may stand for: two words that are written as one, a part of a compound, a
// word that it is a misspelling of, or one with the same beginning.

import { LINKS } from '../analysis/compounds.ts';
import type { Dictionary } from './dictionary-part.ts';
import { editDistance } from './edit-distance.ts';

/** Most terms that replace a misspelt word. */
export const FUZZY_TERMS = 3;
/** Most compounds that a word stands for. */
const MOST_COMPOUNDS = 8;
/** Shorter words are a part of too many others. */
const LEAST_PART = 5;
/** Letters that each of two words has at least where nothing shows the border. */
const LEAST_PIECE = 3;
const LEAST_NAME = 4;
/** The same where letters between them are left out. */
const LEAST_LINKED = 4;

/**
 * Where a name may be cut into two words, the likeliest first: between letters and digits, else where both are words of
 * the dictionary, the most even first, then those with letters of a compound between them.
 */
export function splitsOf(word: string, { terms }: Dictionary): readonly (readonly [first: string, second: string])[] {
  const border = /^(?:\p{L}+(?=\p{N}+$)|\p{N}+(?=\p{L}+$))/u.exec(word)?.[0];
  if (border !== undefined) return [[border, word.slice(border.length)]];
  if (word.length < LEAST_NAME || !/^\p{L}+$/u.test(word)) return [];
  const known = new Set(terms);
  const splits: [string, string][] = [];
  for (let at = 2; at <= word.length - 2; at++) {
    const pieces: [string, string] = [word.slice(0, at), word.slice(at)];
    // The dictionary has no words of two letters, so whether they are there is seen when they are looked up.
    if (pieces.every((piece) => piece.length < LEAST_PIECE || known.has(piece))) splits.push(pieces);
  }
  const shortest = (pieces: readonly string[]): number => Math.min(...pieces.map(({ length }) => length));
  const even = (some: [string, string][]): [string, string][] => some.sort((a, b) => shortest(b) - shortest(a));
  return [...even(splits), ...even(linkedWords(word, known))];
}

function linkedWords(word: string, known: ReadonlySet<string>): [string, string][] {
  const found: [string, string][] = [];
  for (let at = LEAST_LINKED; at <= word.length - LEAST_LINKED; at++) {
    const first = word.slice(0, at);
    const link = LINKS.find((letters) => word.startsWith(letters, at) && known.has(word.slice(at + letters.length)));
    const second = link === undefined ? '' : word.slice(at + link.length);
    if (second.length >= LEAST_LINKED && known.has(first)) found.push([first, second]);
  }
  return found;
}

/** Whether it is likelier that a name was written as one word than that a word is misspelt. */
export function isClear([first, second]: readonly [string, string]): boolean {
  return /\d/.test(first + second) || (first.length >= LEAST_PIECE && second.length >= LEAST_PIECE);
}

/** Whether a word is long enough to be looked for in others. */
export function mayBePart(word: string): boolean {
  return word.length >= LEAST_PART && /^[\p{L}\p{M}]+$/u.test(word);
}

/** Compounds with the word in them, the most frequent first. */
export function compoundsOf(word: string, { terms, rows }: Dictionary): string[] {
  if (!mayBePart(word)) return [];
  return [...terms.keys()]
    .filter((i) => terms[i]!.length > word.length && terms[i]!.includes(word, 1))
    .sort((a, b) => rows[b]! - rows[a]! || a - b)
    .slice(0, MOST_COMPOUNDS)
    .map((i) => terms[i]!);
}

/** Words with the longest beginning in common with the word, where that is most of both: deployments, deploy. */
export function kinOf(word: string, { terms, rows }: Dictionary): string[] {
  let longest = Math.max(LEAST_PART, Math.ceil(word.length / 2));
  let kin: number[] = [];
  terms.forEach((term, i) => {
    const shared = sharedLength(word, term);
    if (shared < longest || shared < term.length / 2) return;
    if (shared > longest) kin = [];
    longest = shared;
    kin.push(i);
  });
  return kin
    .sort((a, b) => rows[b]! - rows[a]! || a - b)
    .slice(0, FUZZY_TERMS)
    .map((i) => terms[i]!);
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/**
 * Term → distance, for the best of those at the smallest distance: first those with the same first letter, which is
 * seldom mistyped, then the most frequent.
 * @param beginning whether more letters may follow the word
 */
export function nearestTerms(
  word: string,
  { terms, rows }: Dictionary,
  beginning: boolean,
): ReadonlyMap<string, number> {
  let least = allowedDistance(word);
  if (least === 0) return new Map();
  let near: { term: string; rows: number }[] = [];
  terms.forEach((term, i) => {
    const distance = editDistance(word, term, least, beginning);
    if (distance > least) return;
    if (distance < least) near = [];
    least = distance;
    near.push({ term, rows: rows[i]! });
  });
  const first = (term: string): number => (term[0] === word[0] ? 0 : 1);
  const best = near
    .sort((a, b) => first(a.term) - first(b.term) || b.rows - a.rows || (a.term < b.term ? -1 : 1))
    .slice(0, FUZZY_TERMS);
  return new Map(best.map(({ term }) => [term, least]));
}

/** A mistake in a short word makes another word, and a name with a number in it is what it is. */
export function allowedDistance(word: string): number {
  if (!/\p{L}/u.test(word) || /\p{N}/u.test(word) || word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}
