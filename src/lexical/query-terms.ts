// The words of a query as the index is asked for them.

import { formOf, type Analyzer, type Term, type Token } from '../analysis/analyzer.ts';
import { dottedNumber } from '../analysis/numbers.ts';
import { isPair, pairTerm } from '../analysis/pairs.ts';
import type { Synonym, Synonyms } from './synonyms.ts';

/** Number of words of a query that are looked up; the rest is ignored. */
export const MAX_QUERY_WORDS = 64;
/** Code units of a query that are read; more words than that are not looked up in any case. */
export const MAX_QUERY_LENGTH = 4096;
/** Longest name of two words that may be written as one. */
const LONGEST_JOINED = 24;
/** Pairs of words that are looked up as one. */
const MOST_JOINED = 8;
/** Of scripts that have pairs. */
const PAIR = /^(?:\p{Script=Han}{2}|\p{Script=Hangul}{2})$/u;

export interface QueryWord extends Pick<Term, 'term' | 'accented' | 'spellings' | 'forms'> {
  /** Whether more letters may follow. */
  readonly prefix: boolean;
  /** Terms of its parts, which are words of the query too. */
  readonly parts: readonly string[];
  /**
   * Those of its parts that are pairs of its letters (analysis/pairs.ts): together they stand for it, and none says
   * anything alone where the index has the word.
   */
  readonly pairs: readonly string[];
  /** Terms that stand for it where the index does not have it, the first that the index has: `2.14` for `2.14.3`. */
  readonly instead: readonly string[];
  /** How often it was typed. */
  readonly times: number;
  /**
   * Whether it is two words of the query in one, or a pair of letters of one: they count if the index has it, and say
   * nothing if not.
   */
  readonly isJoined: boolean;
  /** What it finds too. @default none */
  readonly synonyms?: readonly Synonym[] | undefined;
}

const NOTHING: Omit<QueryWord, 'term'> = {
  prefix: false,
  parts: [],
  pairs: [],
  instead: [],
  times: 1,
  isJoined: false,
};

/** The distinct words of a query in order; the last one, and its last part, may be beginnings. */
export function queryWords(
  text: string,
  { tokens: cut, isStopWord }: Pick<Analyzer, 'tokens' | 'isStopWord'>,
  prefix: boolean,
  synonyms?: Synonyms,
): QueryWord[] {
  const read = text.slice(0, MAX_QUERY_LENGTH);
  const tokens = cut(read);
  const alternatives = synonyms?.of(tokens);
  const found = new Map<string, QueryWord>();
  const inPairs: (readonly string[])[] = [];
  const add = (word: Omit<QueryWord, 'times'>): void => {
    const known = found.get(word.term);
    found.set(word.term, { ...(known?.prefix === true ? known : word), times: 1 + (known?.times ?? 0) });
  };
  tokens.forEach((token, t) => {
    const isLast = prefix && t === tokens.length - 1;
    const isNumber = dottedNumber(token.term) !== null;
    const parts = isNumber ? [] : token.parts.filter((part) => !isPair(part.term));
    const termsOfPairs = isStopWord(token.term) ? [] : pairsOfWord(token);
    inPairs.push(...termsOfPairs);
    const pairs = termsOfPairs.map(([pair]) => pair!);
    const instead = isNumber ? token.parts.map(({ term }) => term).filter((term) => term.includes('.')) : [];
    const { term, accented, spellings, forms } = token;
    add({
      term,
      accented,
      spellings,
      forms,
      prefix: isLast,
      parts: [...parts.map((part) => part.term), ...(term.length > 2 ? pairs : [])],
      pairs,
      instead,
      isJoined: false,
    });
    parts.forEach((part, p) => add({ ...NOTHING, ...part, prefix: isLast && p === parts.length - 1 }));
  });
  for (const [term, ...forms] of inPairs) found.set(term!, { ...NOTHING, term: term!, forms, isJoined: true });
  const words = [...found.values()]
    .slice(0, MAX_QUERY_WORDS)
    .map((word) => (alternatives?.has(word.term) ? { ...word, synonyms: alternatives.get(word.term) } : word));
  return [...words, ...joinedWords(read, tokens, isStopWord).filter(({ term }) => !found.has(term))];
}

/** Neighbours in one word: `nodejs` of `node js`, `signin` of `sign in`. */
function joinedWords(text: string, tokens: readonly Token[], isStopWord: Analyzer['isStopWord']): QueryWord[] {
  const terms = tokens.slice(1).flatMap((second, i) => {
    const first = tokens[i]!;
    const isOneName =
      !isStopWord(first.term) &&
      isSimple(first) &&
      isSimple(second) &&
      /^[\s]+$/.test(text.slice(first.end, second.start)) &&
      !areNumbers(first, second);
    const term = first.term + second.term;
    return isOneName && term.length <= LONGEST_JOINED ? [term] : [];
  });
  return [...new Set(terms)].slice(0, MOST_JOINED).map((term) => ({ ...NOTHING, term, isJoined: true }));
}

/** The pairs of a word, or the one that it is; each with the terms that the index may have for it, the pair first. */
function pairsOfWord({ term, spellings = [], forms = [], parts }: Token): (readonly string[])[] {
  const pairs = parts.filter((part) => isPair(part.term));
  const spelt =
    pairs.length > 0
      ? pairs.map((pair) => [pair.term, ...(pair.spellings ?? [])].map((other) => other.slice(1)))
      : [[term, ...spellings, ...forms.map((form) => form.replace(/!.*/, ''))].filter((word) => PAIR.test(word))];
  return spelt
    .filter((words) => words.length > 0)
    .map((words) => [
      ...words.map(pairTerm),
      // A pair may also be a word, by itself or as the stem of one.
      ...words.flatMap((word) => (/\p{Script=Hangul}/u.test(word) ? [word, formOf(word, 'ko')] : [word])),
    ]);
}

function isSimple({ term, parts }: Token): boolean {
  return parts.length === 0 && /^[\p{L}\p{M}\p{N}]+$/u.test(term);
}

function areNumbers(...tokens: readonly Token[]): boolean {
  return tokens.every(({ term }) => /^\d+$/.test(term));
}
