// A keyword index that is fetched on demand: the base part first, then the terms parts with a query's words, and the
// dictionary only where a word is not in the index. A word of the query matches itself, its other spellings and its
// forms; the last word also matches words that begin with it; unknown-words.ts says what a word without a match may
// stand for.

import { DEFAULT_ANALYZER } from '../analysis/analyzers.ts';
import { isWord, type Analyzer } from '../analysis/analyzer.ts';
import { compoundTerm } from '../analysis/compounds.ts';
import { EraError, orNull } from '../errors.ts';
import { FIELDS, readBase, type KeywordBase } from './base-part.ts';
import {
  DEFAULT_BM25,
  fuzzyWeight,
  meanLengths,
  prefixWeight,
  rarity,
  saturationBound,
  scoreRows,
  type Bm25,
  type ScoredWord,
  type WeightedTerm,
} from './bm25.ts';
import { readDictionary, type Dictionary } from './dictionary-part.ts';
import { ENOUGH_WORDS, lookedUp } from './looked-up.ts';
import type { KeywordHits, KeywordParts, KeywordSearchOptions, KeywordWord } from './keyword-document.ts';
import { meaningPrefix } from './misspellings.ts';
import { allPostings, commonPostings, rowsOf } from './postings.ts';
import { withAllInHeadings, withAllInTitle } from './named-rows.ts';
import { queryWords, type QueryWord } from './query-terms.ts';
import type { Synonym } from './synonyms.ts';
import { TermParts, termPartsOf, type TermPartsSource } from './term-parts.ts';
import { allowedDistance, compoundsOf, isClear, kinOf, nearestTerms, splitsOf } from './unknown-words.ts';

/** A short beginning can span the whole index, so the terms of this many parts, the first in order, are taken. */
export const PREFIX_PARTS = 4;
/** Terms that a title has besides its name: what it describes, a section number. */
const MOST_OTHERS = 2;
const TITLE = FIELDS.indexOf('title');

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
  }

  /** Rows. */
  get count(): number {
    return this.#base.pages.length;
  }

  /** Factor of each row's scores; not to be changed. */
  get weights(): Float32Array<ArrayBuffer> {
    return this.#base.weights;
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
    const { limit, prefix = true, fuzzy = true, stopWords = false, synonyms } = options;
    const { isStopWord } = this.#analyzer;
    const wanted = queryWords(text, this.#analyzer, prefix, synonyms);
    const typed = wanted.filter(({ isJoined }) => !isJoined);
    const joined = wanted.filter(({ isJoined }) => isJoined);
    const allStopWords = typed.every(({ term }) => isStopWord(term));
    const lookUp = (word: QueryWord): Promise<Found> => this.#lookUp(narrowed(word, options));
    const few = stopWords ? wanted : [...lookedUp(typed, isStopWord, prefix), ...joined];
    let found = await Promise.all(few.map(lookUp));
    const known = found.filter(({ word, matches }) => matches.length > 0 && !isStopWord(word.term));
    if (few.length < wanted.length && known.length < ENOUGH_WORDS) found = await Promise.all(wanted.map(lookUp));
    found = withPairs(found, this.#bm25);
    const isThere = (term: string): boolean =>
      found.some(({ word, matches }) => word.term === term && matches.length > 0);
    const understood: KeywordWord[] = [];
    const scored: ScoredWord[] = [];
    const meaningful: (readonly Match[])[] = [];
    for (const { word, matches } of found) {
      if (matches.length === 0 && word.isJoined) continue;
      const isUnknown = matches.length === 0 && !(word.parts.length > 0 && word.parts.every(isThere));
      const { how, terms } =
        isUnknown && fuzzy ? await this.#replacements(word) : { how: howOf(word, matches), terms: matches };
      // A compound that is not in the index is replaced by its parts.
      if (terms.length === 0 && word.parts.length > 0) continue;
      const weight = (isStopWord(word.term) && !allStopWords ? this.#bm25.common : 1) * (1 + Math.log(word.times));
      understood.push({
        typed: word.term,
        how,
        terms: [...new Set(terms.flatMap(({ term, pieces = [term] }) => pieces))],
        upperBound: weight * this.#upperBound(how === 'fuzzy' ? [] : terms),
      });
      if (!word.isJoined && (allStopWords || !isStopWord(word.term))) meaningful.push(terms);
      if (terms.length > 0) scored.push(terms.map((match) => ({ ...match, weight: weight * match.weight })));
    }
    const all = scoreRows(this.#base, this.#means, scored, this.#bm25);
    this.#addTitled(all, meaningful, understood);
    const scores = Float32Array.from(all);
    const rows = matching(scores)
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, limit);
    const scoresOf = (some: Int32Array): Float32Array<ArrayBuffer> => Float32Array.from(some, (row) => scores[row]!);
    return {
      rows,
      scores: scoresOf(rows),
      scoresOf,
      words: understood,
      titled: this.#titled(found),
      isHeaded: this.#headed(found),
    };
  }

  /** Whether a row has the term. @throws as `search` */
  async has(term: string): Promise<boolean> {
    return (await this.#terms.partFor(term))?.has(term) ?? false;
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

  /** The limit of BM25 for the most frequent of some terms. */
  #upperBound(terms: readonly Match[]): number {
    const own = terms.filter(({ isCompound }) => isCompound !== true);
    const rows = (own.length > 0 ? own : terms).reduce(
      (most, { postings, rows: counted = postings.rows }) => Math.max(most, counted),
      0,
    );
    return rarity(rows, this.count) * saturationBound(this.#bm25, this.#means[TITLE]! > 0);
  }

  /** Adds to the scores of rows whose title has every word in one of its forms, the less the longer the title is. */
  #addTitled(
    scores: Float64Array<ArrayBuffer>,
    words: readonly (readonly Match[])[],
    understood: readonly KeywordWord[],
  ): void {
    const bound = understood.reduce((sum, { upperBound }) => sum + upperBound, 0);
    for (const row of withAllInTitle(words)) {
      const share = Math.min(1, words.length / this.#titleLength(row));
      scores[row]! += this.#base.weights[row]! * this.#bm25.titled * bound * Math.sqrt(share);
    }
  }

  /** Rows whose title has each word of a query as it was typed, and at most `MOST_OTHERS` other terms. */
  #titled(found: readonly Found[]): Int32Array<ArrayBuffer> {
    const words = found
      .filter(({ word }) => !word.isJoined)
      .map(({ matches }) => matches.filter(({ isItself }) => isItself));
    return Int32Array.from(
      withAllInTitle(words)
        .filter((row) => this.#titleLength(row) <= words.length + MOST_OTHERS)
        .sort((a, b) => this.#titleLength(a) - this.#titleLength(b) || a - b),
    );
  }

  #headed(found: readonly Found[]): (row: number) => boolean {
    const parts = new Set(found.flatMap(({ word }) => word.parts));
    // A single letter may be written as an option.
    const words = found.filter(({ word }) => !word.isJoined && !parts.has(word.term) && word.term.length > 1);
    return withAllInHeadings(
      words.map(({ matches }) => matches),
      this.count,
    );
  }

  /** Distinct terms. */
  #titleLength(row: number): number {
    return this.#base.lengths[row * FIELDS.length + TITLE]!;
  }

  /**
   * What the index has of a word: the word itself first, then its spellings, its forms, its synonyms, and words that it
   * begins.
   */
  async #lookUp(word: QueryWord): Promise<Found> {
    const { form, spelling, unaccented, compound } = this.#bm25;
    const { term, accented, spellings = [], forms = [], instead, prefix, synonyms = [] } = word;
    const [compounds, asTyped, others, alike] = await Promise.all([
      this.#matchAll(forms.flatMap((other) => compoundTerm(other) ?? []).map((other) => [other, compound] as const)),
      accented === undefined ? [] : this.#matchAll([[accented, 1]]),
      this.#matchAll([
        [term, 1],
        ...spellings.map((other) => [other, spelling] as const),
        ...forms.map((other) => [other, form] as const),
      ]),
      Promise.all(synonyms.map((synonym) => this.#synonym(synonym))),
    ]);
    const share = asTyped.length > 0 ? unaccented : 1;
    const itself = new Set([accented, term, ...spellings]);
    const ofWord = withCommonRarity([
      ...asTyped,
      ...others.map((match) => ({ ...match, weight: share * match.weight })),
      ...alike.flat(),
    ]).map((match) => ({ ...match, isItself: !match.isSynonym && itself.has(match.term) }));
    const continued = prefix ? await this.#continued(word) : [];
    const meant = ofWord.length > 0 ? await this.#meant(term) : [];
    // A compound is another word: the rarity of the word itself is without it, that of compounds with all.
    const rows = compounds.length > 0 ? rowsOf([...ofWord, ...compounds].map(({ postings }) => postings)) : 0;
    const matches: Match[] = [
      ...ofWord,
      ...compounds.map((match) => ({ ...match, rows, isCompound: true })),
      ...continued,
      ...meant,
    ];
    if (matches.length > 0 || instead.length === 0) return { word, matches };
    const known = await this.#matchAll(instead.map((other) => [other, form] as const));
    return { word, matches: known.slice(0, 1) };
  }

  /** What the index has of a synonym: its word in all forms, or the rows that have all of its words. */
  async #synonym(words: Synonym): Promise<readonly Match[]> {
    const { spelling, form } = this.#bm25;
    const found = await Promise.all(
      words.map(({ term, others }) =>
        this.#matchAll([[term, spelling], ...others.map((other) => [other, spelling * form] as const)]),
      ),
    );
    const [first] = found;
    if (!first || found.some((matches) => matches.length === 0)) return [];
    if (found.length === 1) return first.map((match) => ({ ...match, isSynonym: true }));
    // Of each word the term that most rows have: a form, where the index shares one.
    const widest = found.map((matches) => matches.reduce((a, b) => (b.postings.rows > a.postings.rows ? b : a)));
    const postings = commonPostings(widest.map((match) => match.postings));
    const pieces = found.flatMap((matches) => matches.map(({ term }) => term));
    return postings.rows === 0 ? [] : [{ term: widest[0]!.term, pieces, weight: spelling, postings, isSynonym: true }];
  }

  /** Those of some terms that the index has, each with its weight. */
  async #matchAll(terms: readonly (readonly [term: string, weight: number])[]): Promise<Match[]> {
    const found = await Promise.all(
      terms.map(async ([term, weight]) => {
        const part = await this.#terms.partFor(term);
        return part?.has(term) ? { term, weight, postings: part.postings(term) } : null;
      }),
    );
    return found.filter((match) => match !== null);
  }

  /** Terms that go on where a word ends. Their rarity is that of all of them: which one is meant is not known. */
  async #continued({ term }: QueryWord): Promise<Match[]> {
    const start = this.#terms.numberFor(term);
    const numbers = [start];
    while (numbers.length < PREFIX_PARTS && this.#terms.firsts[start + numbers.length]?.startsWith(term))
      numbers.push(start + numbers.length);
    const parts = await Promise.all(numbers.filter((n) => n >= 0).map((n) => this.#terms.part(n)));
    const found = parts.flatMap((part) =>
      part.terms
        .filter((other) => goesOn(term, other))
        .map((other) => ({
          term: other,
          weight: prefixWeight(other.length, term.length, this.#bm25),
          postings: part.postings(other),
        })),
    );
    return withCommonRarity(found);
  }

  /** The right word, where a page has misspelt it as it was typed. */
  async #meant(word: string): Promise<readonly Match[]> {
    const start = meaningPrefix(word);
    const part = await this.#terms.partFor(start);
    const right = part?.terms.find((term) => term.startsWith(start))?.slice(start.length);
    return right === undefined ? [] : this.#matchAll([[right, fuzzyWeight(right.length, 1, this.#bm25)]]);
  }

  /** What a word that the index does not have may stand for. */
  async #replacements(
    word: QueryWord,
  ): Promise<{ readonly how: KeywordWord['how']; readonly terms: readonly Match[] }> {
    const none = { how: 'none', terms: [] } as const;
    if (!/\p{L}/u.test(word.term) || word.term.length < 4) return none;
    const dictionary = await this.#openDictionary();
    const splits = splitsOf(word.term, dictionary);
    const clear = await this.#split(splits.filter(isClear));
    if (clear) return { how: 'form', terms: [clear] };
    const compounds = await this.#matchAll(
      compoundsOf(word.term, dictionary).map((term) => [term, this.#bm25.compound] as const),
    );
    if (compounds.length > 0) return { how: 'form', terms: withCommonRarity(compounds) };
    const near = await this.#nearest(word, dictionary);
    if (near.length > 0) return { how: 'fuzzy', terms: near };
    const split = await this.#split(splits);
    if (split) return { how: 'form', terms: [split] };
    const kin = await this.#matchAll(kinOf(word.term, dictionary).map((term) => [term, this.#bm25.compound] as const));
    return kin.length > 0 ? { how: 'form', terms: withCommonRarity(kin) } : none;
  }

  /** The first two words, of which both are in the index and, in any form, in one of its rows. */
  async #split(splits: readonly (readonly [string, string])[]): Promise<Match | null> {
    for (const pieces of splits) {
      const found = (await Promise.all(pieces.map((piece) => this.#anyForm(piece)))).flat();
      if (found.length < pieces.length) continue;
      const postings = commonPostings(found.map((match) => match.postings));
      if (postings.rows > 0) return { term: pieces[0], weight: this.#bm25.spelling, postings };
    }
    return null;
  }

  /** The term that most rows have of a word and its forms; none where the index does not have the word. */
  async #anyForm(word: string): Promise<readonly Match[]> {
    const forms = this.#analyzer.tokens(word).flatMap((token) => token.forms ?? []);
    const found = await this.#matchAll([word, ...forms].map((term) => [term, 1] as const));
    if (found[0]?.term !== word) return [];
    return [found.reduce((most, match) => (match.postings.rows > most.postings.rows ? match : most))];
  }

  /**
   * Terms at the smallest distance that a misspelt word of this length may have; where there are none, terms whose
   * misspelt beginning it is. A word of which something is known is not misspelt, but may be spelt in another way.
   */
  async #nearest({ term: word, prefix }: QueryWord, dictionary: Dictionary): Promise<readonly Match[]> {
    if (allowedDistance(word) === 0) return [];
    const whole = nearestTerms(word, dictionary, false);
    const near = whole.size === 0 && prefix ? nearestTerms(word, dictionary, true) : whole;
    // Where its part cannot be had, nothing is known of the word.
    const known = near.size === 0 ? null : await this.code(word).catch(orNull);
    const found = await Promise.all(
      Array.from(near, async ([term, distance]) => {
        const part = await this.#terms.partFor(term);
        if (!part?.has(term))
          throw new EraError('index-format', 'The dictionary has a term that the terms parts have not.', {
            details: { term },
          });
        const code = part.codes.get(term);
        return known && code && !this.#meansTheSame(known, code)
          ? null
          : { term, weight: fuzzyWeight(term.length, distance, this.#bm25), postings: part.postings(term) };
      }),
    );
    return found.filter((match) => match !== null);
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

interface Match extends WeightedTerm {
  readonly term: string;
  /** Whether it is the word as typed, in some spelling. @default false */
  readonly isItself?: boolean | undefined;
  /** Whether it is another word that the collection says to mean the same. @default false */
  readonly isSynonym?: boolean | undefined;
  /** The terms that are meant, where they are several. @default the one */
  readonly pieces?: readonly string[] | undefined;
  /** Whether it is the compounds that the word is a part of. @default false */
  readonly isCompound?: boolean | undefined;
}

/** What the index has of a word of the query. */
interface Found {
  readonly word: QueryWord;
  readonly matches: readonly Match[];
}

/** The word without what it may not match. */
function narrowed(word: QueryWord, { forms = true, unaccented = true }: KeywordSearchOptions): QueryWord {
  const { term, accented, spellings } = word;
  const shown = forms ? word : { ...word, forms: [] };
  return unaccented || accented === undefined
    ? shown
    : {
        ...shown,
        term: accented,
        accented: undefined,
        spellings: spellings?.filter((other) => other !== term),
        forms: [],
      };
}

/** A word that the index has takes the place of its pairs: rows with all of them match it as they match a compound. */
function withPairs(found: readonly Found[], { compound }: Bm25): Found[] {
  const replaced = new Set<string>();
  const whole = found.map(({ word, matches }): Found => {
    const { pairs } = word;
    if (pairs.length === 0 || matches.length === 0) return { word, matches };
    for (const pair of pairs) replaced.add(pair);
    const ofPairs = pairs.map((pair) => found.find((other) => other.word.term === pair)?.matches ?? []);
    if (ofPairs.some((some) => some.length === 0)) return { word, matches };
    const postings = commonPostings(ofPairs.map((some) => allPostings(some.map((match) => match.postings))));
    const rows = rowsOf([...matches.map((match) => match.postings), postings]);
    return { word, matches: [...matches, { term: pairs[0]!, weight: compound, postings, rows, isCompound: true }] };
  });
  return whole.filter(({ word }) => !replaced.has(word.term));
}

function howOf(word: QueryWord, matches: readonly Match[]): KeywordWord['how'] {
  const [first] = matches;
  if (!first) return 'none';
  if (first.isSynonym) return 'synonym';
  if (first.term === word.accented || first.term === word.term) return 'exact';
  const { spellings = [], forms = [], instead } = word;
  const others = [...spellings, ...forms, ...forms.map(compoundTerm), ...instead];
  return others.includes(first.term) ? 'form' : 'prefix';
}

/** Whether a term is a word that begins with what was typed. A letter is followed by a letter: C does not go on as C#. */
function goesOn(typed: string, term: string): boolean {
  return (
    term.length > typed.length &&
    term.startsWith(typed) &&
    isWord(term) &&
    (typed.length > 1 || /^[\p{L}\p{M}\p{N}]/u.test(term.slice(1)))
  );
}

function withCommonRarity<M extends WeightedTerm>(matches: readonly M[]): M[] {
  const rows = rowsOf(matches.map(({ postings }) => postings));
  return matches.map((match) => ({ ...match, rows }));
}
