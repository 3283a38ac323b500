// MiniSearch with an index that is filled for each query: its score of a query rests on the postings of the terms that match and on
// numbers of the whole that the base part has, so that a few parts give the very scores that the complete index gives.
// It is not told where terms come from: keyword-index.ts finds and loads them.

import MiniSearch from 'minisearch';
import { FIELDS, type KeywordBase } from './base-part.ts';
import type { Bm25 } from './bm25.ts';
import { rowsWith, type Postings } from './terms-part.ts';

/** A word of the query with the terms that count for it. */
export interface ScoredWord {
  readonly term: string;
  /** What its matches count. */
  readonly weight: number;
  /** Terms that begin with it count too. */
  readonly prefix: boolean;
  /** Terms that count for it by their distance. */
  readonly fuzzy: ReadonlyMap<string, number>;
}

export interface RowScore {
  readonly row: number;
  readonly score: number;
}

export class KeywordScorer extends MiniSearch<{ readonly id: number }> {
  #fuzzy: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();

  constructor({ pages, lengths, weights }: KeywordBase, bm25: Bm25) {
    super({
      fields: [...FIELDS],
      tokenize: (text) => text.split('\n'),
      processTerm: (term) => term,
      searchOptions: {
        boost: { ...bm25.fields },
        bm25: { k: bm25.k, b: bm25.b, d: bm25.d },
        weights: { prefix: bm25.prefix, fuzzy: bm25.fuzzy },
        boostDocument: (id) => weights[id as number]!,
      },
    });
    pages.forEach((_, row) => {
      this._documentIds.set(row, row);
      const ofRow = Array.from(lengths.subarray(row * FIELDS.length, (row + 1) * FIELDS.length));
      this._fieldLength.set(row, ofRow);
      // A running mean, as MiniSearch has it: another order of the same additions would give other last bits.
      ofRow.forEach((length, f) => {
        this._avgFieldLength[f] = ((this._avgFieldLength[f] ?? 0) * row + length) / (row + 1);
      });
    });
    this._documentCount = pages.length;
    this._nextId = pages.length;
    // Which terms are near a word is decided over the whole dictionary, not over the few that are here.
    this._index.fuzzyGet = (word) => {
      const near = [...(this.#fuzzy.get(word) ?? [])];
      return new Map(near.map(([term, distance]) => [term, [this._index.get(term)!, distance]]));
    };
  }

  /**
   * Rows that match, in no certain order, with scores above 0.
   * @param postings of every term that counts for one of the words
   */
  score(words: readonly ScoredWord[], postings: ReadonlyMap<string, Postings>, accept: (row: number) => boolean): RowScore[] {
    this._index.clear();
    for (const [term, ofTerm] of postings) this._index.set(term, asRareAsItIs(ofTerm));
    this.#fuzzy = new Map(words.map(({ term, fuzzy }) => [term, fuzzy]));
    const results = this.search(words.map(({ term }) => term).join('\n'), {
      boostTerm: (_, i) => words[i]!.weight,
      prefix: (_, i) => words[i]!.prefix,
      fuzzy: (_, i) => words[i]!.fuzzy.size > 0 && Math.max(...words[i]!.fuzzy.values()),
      filter: ({ id }) => accept(id as number),
    });
    // MiniSearch multiplies the sum with the number of words that matched, which costs 5 points of nDCG@10 (retrieve/FUSION.md).
    return results.map(({ id, score, queryTerms }) => ({ row: id as number, score: score / queryTerms.length }));
  }
}

/**
 * MiniSearch takes the size of a field's rows for the rows that have the term, so that “how”, rare in titles, would there count like a name.
 * A term is as rare as it is in all fields: of 60 queries to three documentation sites, 39 instead of 34 then had their page among the first five.
 */
function asRareAsItIs(postings: Postings): Postings {
  const size = rowsWith(postings);
  for (const rows of postings.values()) Object.defineProperty(rows, 'size', { value: size });
  return postings;
}
