// The words of texts while an index is made: the static query encoder and the keyword index read the same texts, and a
// title stands above many passages. A text is cut once, and words that are alike are one object, so that the words of a
// large site fit in memory.

import type { Analyzer, Term } from './analyzer.ts';

/** A term without its place in the text. */
export type PlainTerm = Omit<Term, 'start' | 'end'>;

/** A word without its place in the text. */
export interface Word extends PlainTerm {
  readonly parts: readonly PlainTerm[];
}

/** Cuts a text into words. */
export type WordsOf = (analyzer: Analyzer, text: string) => readonly Word[];

/** @returns the same words as the analyzer, from memory where it has cut the text before */
export function createWordStore(): WordsOf {
  const stores = new Map<Analyzer, (text: string) => readonly Word[]>();
  return (analyzer, text) => {
    const store = stores.get(analyzer) ?? storeOf(analyzer);
    stores.set(analyzer, store);
    return store(text);
  };
}

function storeOf(analyzer: Analyzer): (text: string) => readonly Word[] {
  const texts = new Map<string, readonly Word[]>();
  /** Term → the words that have it. */
  const words = new Map<string, Word[]>();
  const shared = (token: Word): Word => {
    const alike = words.get(token.term) ?? [];
    const known = alike.find((word) => isSameWord(word, token));
    if (known) return known;
    const word = { ...plain(token), parts: token.parts.map(plain) };
    if (alike.push(word) === 1) words.set(token.term, alike);
    return word;
  };
  return (text) => {
    const before = texts.get(text);
    if (before) return before;
    const cut = analyzer.tokens(text).map(shared);
    texts.set(text, cut);
    return cut;
  };
}

function plain({ term, accented, spellings, forms }: PlainTerm): PlainTerm {
  return { term, accented, spellings, forms };
}

function isSameWord(a: Word, b: Word): boolean {
  return (
    isSameTerm(a, b) && a.parts.length === b.parts.length && a.parts.every((part, i) => isSameTerm(part, b.parts[i]!))
  );
}

function isSameTerm(a: PlainTerm, b: PlainTerm): boolean {
  return (
    a.term === b.term &&
    a.accented === b.accented &&
    isSameList(a.spellings, b.spellings) &&
    isSameList(a.forms, b.forms)
  );
}

function isSameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
