// BM25 over every document, as in textbooks: the reference for the parted index. Deliberately slow and plain.

import { othersOf, termsOf } from '../analysis/analyzer.ts';
import { standardAnalyzer } from '../analysis/standard-analyzer.ts';
import { FIELDS } from './base-part.ts';
import type { Bm25 } from './bm25.ts';
import { fieldText } from './build.ts';
import { canBeMeant, type Dictionary } from './dictionary-part.ts';
import type { KeywordDocument, KeywordSearchOptions } from './keyword-document.ts';
import { queryWords, type QueryWord } from './query-terms.ts';
import { compoundsOf, FUZZY_TERMS, isClear, kinOf, splitsOf } from './unknown-words.ts';

/** Optimal string alignment distance, by its recursive definition. */
function distanceOf(a: string, b: string): number {
  const known = new Map<string, number>();
  const of = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${String(i)},${String(j)}`;
    let distance = known.get(key);
    if (distance === undefined) {
      distance = Math.min(of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, of(i - 2, j - 2) + 1);
      known.set(key, distance);
    }
    return distance;
  };
  return of(a.length, b.length);
}

/** Frequencies of the terms of a field's text; other spellings count where the text has no such word. */
function frequencies(text: string): { readonly counts: Map<string, number>; readonly length: number } {
  const counts = new Map<string, number>();
  const found = termsOf(standardAnalyzer, text);
  const add = (term: string): unknown => counts.set(term, (counts.get(term) ?? 0) + 1);
  for (const { term } of found) add(term);
  const length = counts.size;
  const own = new Set(counts.keys());
  for (const term of found.flatMap(othersOf)) if (!own.has(term)) add(term);
  return { counts, length };
}

/** Terms of one meaning, with the frequency of each in a field of a row, and the rows that their rarity is counted by. */
interface Alternative {
  readonly weight: number;
  readonly frequency: (row: number, field: number) => number;
  readonly rows: number;
}

/**
 * BM25 over every document, as in textbooks. Terms are matched by the rules of keyword-index.ts, applied here to every
 * term. `titled` is not here: a title with every word counts as its words.
 */
export class Textbook {
  readonly #rows: readonly { readonly weight: number; readonly fields: readonly ReturnType<typeof frequencies>[] }[];
  readonly #bm25: Bm25;
  readonly #vocabulary: readonly string[];
  readonly #dictionary: Dictionary;

  constructor(documents: readonly KeywordDocument[], bm25: Bm25) {
    this.#rows = documents.map((doc) => ({
      weight: doc.weight,
      fields: FIELDS.map((field) => frequencies(fieldText(doc, field))),
    }));
    this.#bm25 = bm25;
    const all = this.#rows.flatMap(({ fields }) => fields.flatMap(({ counts }) => [...counts.keys()]));
    this.#vocabulary = [...new Set(all)].sort((a, b) => (a < b ? -1 : 1));
    const terms = this.#vocabulary.filter(canBeMeant);
    this.#dictionary = { terms, rows: Uint32Array.from(terms, (term) => this.#rowsWith([term])) };
  }

  answer(text: string, { prefix = true, fuzzy = true, limit }: KeywordSearchOptions): { row: number; score: number }[] {
    const { isStopWord } = standardAnalyzer;
    const words = queryWords(text, standardAnalyzer, prefix);
    const allStopWords = words.every(({ term, isJoined }) => isJoined || isStopWord(term));
    const known = new Map(words.map((word) => [word, this.#known(word)]));
    const isThere = (term: string): boolean => words.some((word) => word.term === term && known.get(word)!.length > 0);
    const scores = this.#rows.map(() => 0);
    for (const word of words) {
      const weight = (isStopWord(word.term) && !allStopWords ? this.#bm25.common : 1) * (1 + Math.log(word.times));
      let alternatives = known.get(word)!;
      const isUnknown =
        alternatives.length === 0 && !word.isJoined && !(word.parts.length > 0 && word.parts.every(isThere));
      if (isUnknown && fuzzy) alternatives = this.#replacements(word);
      this.#rows.forEach((_, row) => {
        scores[row]! += weight * Math.max(0, ...alternatives.map((alternative) => this.#score(row, alternative)));
      });
    }
    const found = [...scores.keys()]
      .filter((row) => scores[row]! > 0)
      .map((row) => ({ row, score: Math.fround(scores[row]!) }));
    return found.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, limit);
  }

  #known({ term, accented, spellings = [], instead, prefix }: QueryWord): Alternative[] {
    const { form, spelling, unaccented } = this.#bm25;
    const asTyped = accented !== undefined && this.#vocabulary.includes(accented) ? [[accented, 1] as const] : [];
    const share = asTyped.length > 0 ? unaccented : 1;
    const others = [[term, share] as const, ...spellings.map((other) => [other, share * spelling] as const)];
    const itself = [...asTyped, ...others.filter(([other]) => this.#vocabulary.includes(other))];
    const continued = this.#vocabulary.filter(
      (other) =>
        prefix &&
        other !== term &&
        other.startsWith(term) &&
        (term.length > 1 || /^[\p{L}\p{M}\p{N}]/u.test(other.slice(1))),
    );
    const found = [
      ...this.#all(itself),
      ...this.#all(
        continued.map((other) => [
          other,
          (this.#bm25.prefix * other.length) / (other.length + 0.3 * (other.length - term.length)),
        ]),
      ),
    ];
    return found.length > 0
      ? found
      : this.#all(
          instead
            .filter((other) => this.#vocabulary.includes(other))
            .slice(0, 1)
            .map((other) => [other, form]),
        );
  }

  #replacements(word: QueryWord): Alternative[] {
    const { term } = word;
    if (!/\p{L}/u.test(term) || term.length < 4) return [];
    const splits = splitsOf(term, this.#dictionary);
    const clear = this.#split(splits.filter(isClear));
    if (clear.length > 0) return clear;
    const compounds = compoundsOf(term, this.#dictionary);
    if (compounds.length > 0) return this.#all(compounds.map((other) => [other, this.#bm25.compound]));
    const near = this.#nearest(term, word.prefix);
    if (near.length > 0)
      return near.flatMap(({ other, distance }) =>
        this.#all([[other, (this.#bm25.fuzzy * other.length) / (other.length + distance)]]),
      );
    const split = this.#split(splits);
    if (split.length > 0) return split;
    return this.#all(kinOf(term, this.#dictionary).map((other) => [other, this.#bm25.compound]));
  }

  /** Each term of some that mean the same: their rarity is that of all of them. */
  #all(terms: readonly (readonly [term: string, weight: number])[]): Alternative[] {
    const rows = this.#rowsWith(terms.map(([term]) => term));
    return terms.map(([term, weight]) => ({ weight, rows, frequency: (row, f) => this.#frequency(row, f, term) }));
  }

  #split(splits: readonly (readonly [string, string])[]): Alternative[] {
    for (const [first, second] of splits) {
      const frequency = (row: number, f: number): number =>
        Math.min(this.#frequency(row, f, first), this.#frequency(row, f, second));
      const rows = this.#rows.filter((_, row) => FIELDS.some((__, f) => frequency(row, f) > 0)).length;
      if (rows > 0) return [{ weight: this.#bm25.spelling, rows, frequency }];
    }
    return [];
  }

  #score(row: number, { weight, frequency, rows: n }: Alternative): number {
    const { k, b, d, title, fields: boosts } = this.#bm25;
    const count = this.#rows.length;
    const idf = Math.log(1 + (count - n + 0.5) / (n + 0.5));
    let tf = 0;
    let titleTf = 0;
    FIELDS.forEach((field, f) => {
      const mean = this.#rows.reduce((sum, { fields }) => sum + fields[f]!.length, 0) / count;
      const { length } = this.#rows[row]!.fields[f]!;
      if (frequency(row, f) === 0) return;
      const normalised = frequency(row, f) / (1 - b + (b * length) / mean);
      tf += boosts[field] * normalised;
      if (field === 'title') titleTf = normalised;
    });
    const saturated = (f: number): number => (f * (k + 1)) / (f + k);
    return tf === 0 ? 0 : this.#rows[row]!.weight * weight * idf * (d + saturated(tf) + title * saturated(titleTf));
  }

  #frequency(row: number, field: number, term: string): number {
    return this.#rows[row]!.fields[field]!.counts.get(term) ?? 0;
  }

  #rowsWith(terms: readonly string[]): number {
    return this.#rows.filter((_, row) =>
      FIELDS.some((__, field) => terms.some((term) => this.#frequency(row, field, term) > 0)),
    ).length;
  }

  #nearest(term: string, isBeginning: boolean): { other: string; distance: number }[] {
    const most = term.length < 4 || !/^\P{N}*$/u.test(term) || !/\p{L}/u.test(term) ? 0 : term.length < 8 ? 1 : 2;
    if (most === 0) return [];
    const candidates = (distance: (other: string) => number): { other: string; distance: number }[] =>
      this.#dictionary.terms
        .map((other) => ({ other, distance: distance(other) }))
        .filter((candidate) => candidate.distance <= most);
    let near = candidates((other) => distanceOf(term, other));
    if (near.length === 0 && isBeginning)
      near = candidates((other) =>
        Math.min(...Array.from({ length: other.length + 1 }, (_, end) => distanceOf(term, other.slice(0, end)))),
      );
    near.sort(
      (a, b) =>
        a.distance - b.distance ||
        Number(b.other[0] === term[0]) - Number(a.other[0] === term[0]) ||
        this.#rowsWith([b.other]) - this.#rowsWith([a.other]) ||
        (a.other < b.other ? -1 : 1),
    );
    return near.filter(({ distance }) => distance === near[0]!.distance).slice(0, FUZZY_TERMS);
  }
}
