// A keyword index that is fetched on demand: the base part first, then the terms parts with a query's words, and the
// dictionary only where a word is not in the index. A word of the query matches itself and its forms; the last word
// also matches words that begin with it; a word without a match is replaced by the nearest terms, or by those with the
// nearest beginning.

import { DEFAULT_ANALYZER } from '../analysis/analyzers.ts';
import type { Analyzer, Token } from '../analysis/analyzer.ts';
import { EraError, orNull } from '../errors.ts';
import { FIELDS, readBase, type KeywordBase } from './base-part.ts';
import {
  DEFAULT_BM25,
  fuzzyWeight,
  meanLengths,
  prefixWeight,
  rarity,
  scoreRows,
  type Bm25,
  type WeightedTerm,
} from './bm25.ts';
import { readDictionary, type Dictionary } from './dictionary-part.ts';
import { editDistance } from './edit-distance.ts';
import { ENOUGH_WORDS, lookedUp } from './looked-up.ts';
import type { KeywordHits, KeywordParts, KeywordSearchOptions, KeywordWord } from './keyword-document.ts';
import { TermParts, termPartsOf, type TermPartsSource } from './term-parts.ts';
import type { Postings } from './terms-part.ts';

/** A short beginning can span the whole index, so the terms of this many parts, the first in order, are taken. */
export const PREFIX_PARTS = 4;
/** Most terms that replace a misspelt word. */
export const FUZZY_TERMS = 3;
/** Number of words of a query that are looked up; the rest is ignored. */
export const MAX_QUERY_WORDS = 64;

export interface KeywordSource {
  /** The base part, unpacked. */
  readonly base: Uint8Array;
  readonly terms: TermPartsSource;
  /** Parts with the codes of terms that no row has. @default none */
  readonly codes?: TermPartsSource | undefined;
  /** The dictionary part, unpacked. A failure is not cached: the next query tries again. */
  readonly dictionary: () => Promise<Uint8Array>;
}

/** The source of an index that is completely in memory. */
export function sourceOf({ base, dictionary, terms, codes }: KeywordParts): KeywordSource {
  return {
    base,
    dictionary: () => Promise.resolve(dictionary),
    terms: termPartsOf(terms, ({ bytes }) => Promise.resolve(bytes)),
    codes: termPartsOf(codes, ({ bytes }) => Promise.resolve(bytes)),
  };
}

export interface KeywordIndexOptions {
  readonly bm25?: Bm25 | undefined;
  /** The analyzer that the index was made with. @default DEFAULT_ANALYZER */
  readonly analyzer?: Analyzer | undefined;
  /** Length of the codes that terms have. @default 0, for an index without codes */
  readonly codeBytes?: number | undefined;
  /** Whether terms of these codes mean the same: a word with a code is replaced by such terms alone. @default all may */
  readonly meansTheSame?: ((code: Uint8Array, other: Uint8Array) => boolean) | undefined;
}

export class KeywordIndex {
  readonly #source: KeywordSource;
  readonly #base: KeywordBase;
  readonly #means: readonly number[];
  readonly #bm25: Bm25;
  readonly #analyzer: Analyzer;
  readonly #meansTheSame: NonNullable<KeywordIndexOptions['meansTheSame']>;
  readonly #terms: TermParts;
  readonly #codes: TermParts;
  /** The most that one term can add: the sum over the fields that this index has. */
  readonly #fields: number;
  #dictionary: Promise<Dictionary> | null = null;

  /** @throws EraError `index-format` for a damaged base part; `search` for other damaged parts */
  constructor(
    source: KeywordSource,
    {
      bm25 = DEFAULT_BM25,
      analyzer = DEFAULT_ANALYZER,
      codeBytes = 0,
      meansTheSame = () => true,
    }: KeywordIndexOptions = {},
  ) {
    this.#source = source;
    this.#base = readBase(source.base);
    this.#means = meanLengths(this.#base);
    this.#bm25 = bm25;
    this.#analyzer = analyzer;
    this.#meansTheSame = meansTheSame;
    this.#terms = new TermParts(source.terms, this.#base, codeBytes);
    this.#codes = new TermParts(source.codes ?? { ...source.terms, firsts: [] }, this.#base, codeBytes);
    this.#fields = FIELDS.reduce(
      (sum, field, f) =>
        this.#base.lengths.some((length, at) => at % FIELDS.length === f && length > 0)
          ? sum + bm25.fields[field]
          : sum,
      0,
    );
  }

  /** Rows. */
  get count(): number {
    return this.#base.pages.length;
  }

  /** Page of each row, ascending; not to be changed. */
  get pages(): Int32Array<ArrayBuffer> {
    return this.#base.pages;
  }

  /**
   * Rows with at least one of the words; the scores do not depend on which parts are loaded.
   * @throws EraError `index-format`, or what the source's loaders throw
   */
  async search(text: string, options: KeywordSearchOptions = {}): Promise<KeywordHits> {
    const { limit, prefix = true, fuzzy = true, stopWords = false } = options;
    const { isStopWord } = this.#analyzer;
    const wanted = queryWords(this.#analyzer.tokens(text), prefix);
    const allStopWords = wanted.every(({ term }) => isStopWord(term));
    const postings = new Map<string, Postings>();
    const understood = new Map<string, KeywordWord>();
    const scored: WeightedTerm[][] = [];
    const lookUp = async (word: QueryWord): Promise<{ word: QueryWord; terms: string[]; forms: string[] }> => {
      const [terms, forms] = await Promise.all([this.#matches(word, postings), this.#formsOf(word, postings)]);
      return { word, terms, forms };
    };
    const few = stopWords ? wanted : lookedUp(wanted, isStopWord, prefix);
    let found = await Promise.all(few.map(lookUp));
    const known = found.filter(({ word, terms, forms }) => terms.length + forms.length > 0 && !isStopWord(word.term));
    if (few !== wanted && known.length < ENOUGH_WORDS) found = await Promise.all(wanted.map(lookUp));
    for (const { word, terms, forms } of found) {
      const isThere = (part: string): boolean =>
        found.some((other) => other.word.term === part && other.terms.length + other.forms.length > 0);
      const mayBeMisspelt =
        fuzzy && terms.length + forms.length === 0 && !(word.parts.length > 0 && word.parts.every(isThere));
      const near = mayBeMisspelt ? await this.#nearest(word, postings) : new Map<string, number>();
      // A compound that is not in the index is replaced by its parts.
      if (terms.length + forms.length + near.size === 0 && word.parts.length > 0) continue;
      const isThereItself = terms[0] === word.term;
      const how = isThereItself
        ? 'exact'
        : forms.length > 0
          ? 'form'
          : terms.length > 0
            ? 'prefix'
            : near.size > 0
              ? 'fuzzy'
              : 'none';
      const weight = (isStopWord(word.term) && !allStopWords ? this.#bm25.common : 1) * (1 + Math.log(word.times));
      const upperBound = weight * this.#upperBound([...terms, ...forms].map((term) => postings.get(term)!));
      understood.set(word.term, { typed: word.term, how, terms: [...terms, ...forms, ...near.keys()], upperBound });
      const weighted = (term: string, share: number): WeightedTerm => ({
        postings: postings.get(term)!,
        weight: weight * share,
      });
      const { form } = this.#bm25;
      const asWord = [...(isThereItself ? [weighted(word.term, 1)] : []), ...forms.map((term) => weighted(term, form))];
      if (asWord.length > 0) scored.push(asWord);
      for (const term of terms)
        if (term !== word.term) scored.push([weighted(term, prefixWeight(term.length, word.term.length, this.#bm25))]);
      for (const [term, distance] of near)
        scored.push([weighted(term, fuzzyWeight(term.length, distance, this.#bm25))]);
    }
    const scores = Float32Array.from(scoreRows(this.#base, this.#means, scored, this.#bm25));
    const rows = matching(scores)
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, limit);
    const scoresOf = (some: Int32Array): Float32Array<ArrayBuffer> => Float32Array.from(some, (row) => scores[row]!);
    return { rows, scores: scoresOf(rows), scoresOf, words: [...understood.values()] };
  }

  /**
   * The code of a term; null where it has none.
   * @throws EraError `index-format`, or what the source's loaders throw
   */
  async code(term: string): Promise<Uint8Array | null> {
    const own = await this.#terms.partFor(term);
    const part = own?.has(term) ? own : await this.#codes.partFor(term);
    return part?.codes.get(term) ?? null;
  }

  /** Resolves when no part is being read, so that a part that is dropped then is read anew by whoever asks next. */
  async settled(): Promise<void> {
    await Promise.all([this.#terms.settled(), this.#codes.settled()]);
  }

  /** The limit of BM25 over all fields for the most frequent of some terms. */
  #upperBound(terms: readonly Postings[]): number {
    const rows = terms.reduce((most, term) => Math.max(most, term.rows), 0);
    return rarity(rows, this.count) * (this.#bm25.d + this.#bm25.k + 1) * this.#fields;
  }

  /** The word itself if it is a term, then, with `prefix`, the terms that begin with it. */
  async #matches(
    { term, prefix }: Pick<QueryWord, 'term' | 'prefix'>,
    postings: Map<string, Postings>,
  ): Promise<string[]> {
    const start = this.#terms.numberFor(term);
    const numbers = [start];
    while (prefix && numbers.length < PREFIX_PARTS && this.#terms.firsts[start + numbers.length]?.startsWith(term))
      numbers.push(start + numbers.length);
    const parts = await Promise.all(numbers.filter((n) => n >= 0).map((n) => this.#terms.part(n)));
    const matches: string[] = [];
    for (const part of parts) {
      for (const match of prefix
        ? part.terms.filter((other) => other.startsWith(term))
        : part.has(term)
          ? [term]
          : []) {
        matches.push(match);
        postings.set(match, part.postings(match));
      }
    }
    return matches;
  }

  /** The forms of a word that the index has. */
  async #formsOf({ forms }: QueryWord, postings: Map<string, Postings>): Promise<string[]> {
    return (await Promise.all(forms.map((term) => this.#matches({ term, prefix: false }, postings)))).flat();
  }

  /**
   * Terms at the smallest distance that a misspelt word of this length may have; where there are none, terms whose
   * misspelt beginning it is. A word of which something is known is not misspelt, but may be spelt in another way.
   */
  async #nearest({ term: word, prefix }: QueryWord, postings: Map<string, Postings>): Promise<Map<string, number>> {
    const most = allowedDistance(word);
    if (most === 0) return new Map();
    const dictionary = await this.#openDictionary();
    const whole = nearestTerms(word, dictionary, most, false);
    const near = whole.size === 0 && prefix ? nearestTerms(word, dictionary, most, true) : whole;
    // Where its part cannot be had, nothing is known of the word.
    const known = near.size === 0 ? null : await this.code(word).catch(orNull);
    for (const term of [...near.keys()]) {
      const part = await this.#terms.partFor(term);
      if (!part?.has(term))
        throw new EraError('index-format', 'The dictionary has a term that the terms parts have not.', {
          details: { term },
        });
      const code = part.codes.get(term);
      if (known && code && !this.#meansTheSame(known, code)) near.delete(term);
      else postings.set(term, part.postings(term));
    }
    return near;
  }

  #openDictionary(): Promise<Dictionary> {
    if (this.#dictionary) return this.#dictionary;
    const dictionary = this.#source.dictionary().then(readDictionary);
    this.#dictionary = dictionary;
    dictionary.catch(() => (this.#dictionary = null));
    return dictionary;
  }
}

/** Rows with a score, ascending. */
function matching(scores: Float32Array): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(scores.length);
  let count = 0;
  for (let row = 0; row < scores.length; row++) if (scores[row]! > 0) rows[count++] = row;
  return rows.slice(0, count);
}

interface QueryWord {
  readonly term: string;
  readonly prefix: boolean;
  readonly parts: readonly string[];
  readonly forms: readonly string[];
  /** How often it was typed. */
  readonly times: number;
}

/** The distinct words of a query in order; the last one, and its last part, may be beginnings. */
function queryWords(tokens: readonly Token[], prefix: boolean): QueryWord[] {
  const found = new Map<string, QueryWord>();
  tokens.forEach(({ term, parts, forms = [] }, t) => {
    const isLast = prefix && t === tokens.length - 1;
    const add = (word: Omit<QueryWord, 'times'>): void => {
      const known = found.get(word.term);
      found.set(word.term, { ...(known?.prefix === true ? known : word), times: 1 + (known?.times ?? 0) });
    };
    add({ term, prefix: isLast, parts: parts.map((part) => part.term), forms });
    parts.forEach((part, p) =>
      add({ term: part.term, prefix: isLast && p === parts.length - 1, parts: [], forms: part.forms ?? [] }),
    );
  });
  return [...found.values()].slice(0, MAX_QUERY_WORDS);
}

/**
 * Term → distance, for the best of those at the smallest distance: first those with the same first letter, which is
 * seldom mistyped, then the most frequent.
 */
function nearestTerms(
  word: string,
  { terms, rows }: Dictionary,
  most: number,
  beginning: boolean,
): Map<string, number> {
  let least = most;
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

/** A mistake in a short word makes another word, and a number is never treated as misspelt. */
function allowedDistance(word: string): number {
  if (!/\p{L}/u.test(word) || word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}
