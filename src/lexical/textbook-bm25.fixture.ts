// BM25 over every document, as in textbooks: the reference for the parted index. Deliberately slow and plain.

import { termsOf } from '../analysis/analyzer.ts';
import { standardAnalyzer } from '../analysis/standard-analyzer.ts';
import { FIELDS } from './base-part.ts';
import type { Bm25 } from './bm25.ts';
import { fieldText } from './build.ts';
import { canBeMeant } from './dictionary-part.ts';
import type { KeywordDocument, KeywordSearchOptions } from './keyword-document.ts';
import { FUZZY_TERMS } from './keyword-index.ts';

const words = (text: string): string[] => termsOf(standardAnalyzer, text).map(({ term }) => term);

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

/** Frequencies of the terms of a field's text. */
function frequencies(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of words(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/**
 * BM25 over every document, as in textbooks. Terms are matched by the rules of keyword-index.ts, applied here to every
 * term.
 */
export class Textbook {
  readonly #rows: readonly { readonly weight: number; readonly fields: readonly Map<string, number>[] }[];
  readonly #bm25: Bm25;

  constructor(documents: readonly KeywordDocument[], bm25: Bm25) {
    this.#rows = documents.map((doc) => ({
      weight: doc.weight,
      fields: FIELDS.map((field) => frequencies(fieldText(doc, field))),
    }));
    this.#bm25 = bm25;
  }

  answer(text: string, { prefix = true, fuzzy = true, limit }: KeywordSearchOptions): { row: number; score: number }[] {
    const { isStopWord } = standardAnalyzer;
    const vocabulary = [...new Set(this.#rows.flatMap(({ fields }) => fields.flatMap((field) => [...field.keys()])))];
    const tokens = standardAnalyzer.tokens(text);
    const last = tokens.at(-1);
    const beginnings = new Set(prefix && last ? [last.term, (last.parts.at(-1) ?? last).term] : []);
    const terms = [...new Set(words(text))];
    const allStopWords = terms.every(isStopWord);
    const matches = (term: string): string[] =>
      vocabulary.filter((other) => other === term || (beginnings.has(term) && other.startsWith(term)));
    const scores = this.#rows.map(() => 0);
    for (const term of terms) {
      const weight =
        (isStopWord(term) && !allStopWords ? this.#bm25.common : 1) *
        (1 + Math.log(words(text).filter((word) => word === term).length));
      for (const match of matches(term))
        this.#add(
          scores,
          match,
          weight *
            (match === term
              ? 1
              : (this.#bm25.prefix * match.length) / (match.length + 0.3 * (match.length - term.length))),
        );
      const parts = tokens.find((token) => token.term === term)?.parts ?? [];
      const isSpelt =
        matches(term).length > 0 || (parts.length > 0 && parts.every((part) => matches(part.term).length > 0));
      if (!fuzzy || isSpelt) continue;
      for (const { other, distance } of this.#nearest(term, vocabulary, beginnings.has(term)))
        this.#add(scores, other, (weight * this.#bm25.fuzzy * other.length) / (other.length + distance));
    }
    const found = [...scores.keys()]
      .filter((row) => scores[row]! > 0)
      .map((row) => ({ row, score: Math.fround(scores[row]!) }));
    return found.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, limit);
  }

  #add(scores: number[], term: string, weight: number): void {
    const { k, b, d, fields: boosts } = this.#bm25;
    const count = this.#rows.length;
    const n = this.#rowsWith(term);
    const idf = Math.log(1 + (count - n + 0.5) / (n + 0.5));
    FIELDS.forEach((field, f) => {
      const mean = this.#rows.reduce((sum, { fields }) => sum + fields[f]!.size, 0) / count;
      this.#rows.forEach(({ weight: ofRow, fields }, row) => {
        const tf = fields[f]!.get(term);
        if (tf !== undefined)
          scores[row]! +=
            ofRow *
            weight *
            idf *
            boosts[field] *
            (d + (tf * (k + 1)) / (tf + k * (1 - b + (b * fields[f]!.size) / mean)));
      });
    });
  }

  #rowsWith(term: string): number {
    return this.#rows.filter(({ fields }) => fields.some((field) => field.has(term))).length;
  }

  #nearest(term: string, vocabulary: readonly string[], isBeginning: boolean): { other: string; distance: number }[] {
    const most = term.length < 4 || !/\p{L}/u.test(term) ? 0 : term.length < 8 ? 1 : 2;
    if (most === 0) return [];
    const candidates = (distance: (other: string) => number): { other: string; distance: number }[] =>
      vocabulary
        .filter(canBeMeant)
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
        this.#rowsWith(b.other) - this.#rowsWith(a.other) ||
        (a.other < b.other ? -1 : 1),
    );
    return near.filter(({ distance }) => distance === near[0]!.distance).slice(0, FUZZY_TERMS);
  }
}
