// A curation as a search applies it: excluded words are left out of the query, its synonyms are looked up with it, and
// the ranked list is ordered anew, with boosted scores and the pinned pages first. Loaded where a collection has one, or
// one is tried.

import type { Analyzer } from '../analysis/analyzer.ts';
import {
  checkCuration,
  parseCuration,
  placeCuration,
  ruleOf,
  type Curation,
  type CurationReport,
  type PlacedCuration,
} from '../format/curation.ts';
import { decodeCuration } from '../format/curation-part.ts';
import type { SitePage } from '../format/site.ts';
import { MAX_QUERY_LENGTH } from '../lexical/query-terms.ts';
import { Synonyms } from '../lexical/synonyms.ts';
import { TermSequences } from '../lexical/term-sequences.ts';
import { pinned as exactFirst, type HybridList } from './hybrid-retriever.ts';
import { rankByScore } from './ranked-list.ts';

/** What was done to a ranked list. */
export interface Curated {
  /** Pages that were put first for the query. */
  readonly pinned: ReadonlySet<number>;
  /** Page → factor of its scores. */
  readonly boosted: ReadonlyMap<number, number>;
}

/** The curation part of a collection. @throws EraError `index-format` */
export function publishedCuration(bytes: Uint8Array, pages: number): (analyzer: Analyzer) => Curator {
  const placed = decodeCuration(bytes, pages);
  return (analyzer) => new Curator(placed, analyzer);
}

/** @param curation or the text of its file @throws EraError `invalid-input` */
export function tryCuration(
  curation: Curation | string,
  pages: readonly SitePage[],
  analyzer: Analyzer,
): { readonly curator: Curator; readonly report: CurationReport } {
  const checked = typeof curation === 'string' ? parseCuration(curation) : checkCuration(curation);
  const { placed, report } = placeCuration(checked, pages);
  return { curator: new Curator(placed, analyzer), report };
}

export class Curator {
  /** Undefined where there are none. */
  readonly synonyms: Synonyms | undefined;
  readonly #curation: PlacedCuration;
  readonly #analyzer: Analyzer;
  readonly #excluded: TermSequences<true>;
  /** Terms of a query → its pages. */
  readonly #pins: ReadonlyMap<string, readonly number[]>;

  constructor(curation: PlacedCuration, analyzer: Analyzer) {
    const { synonyms, pins, pinned, excluded } = curation;
    this.#curation = curation;
    this.#analyzer = analyzer;
    this.synonyms =
      synonyms.length === 0
        ? undefined
        : new Synonyms(
            synonyms.map((line) => ruleOf(line)),
            analyzer,
          );
    this.#excluded = new TermSequences(
      excluded.map((word) => [word, true] as const),
      analyzer,
    );
    this.#pins = new Map(
      Object.keys(pins)
        .map((query, i) => [this.#keyOf(query), pinned[i]!] as const)
        .filter(([key]) => key !== ''),
    );
  }

  /** The content of its file. */
  get source(): Curation {
    const { synonyms, boosts, pins, excluded } = this.#curation;
    return { synonyms, boosts, pins, excluded };
  }

  /** The query without excluded words; itself where it has no others but stop words. */
  wordsOf(text: string): string {
    const tokens = this.#analyzer.tokens(text.slice(0, MAX_QUERY_LENGTH));
    const out = new Set<number>();
    tokens.forEach((_, start) => {
      for (const { length } of this.#excluded.at(tokens, start))
        for (let i = start; i < start + length; i++) out.add(i);
    });
    const left = tokens.filter((_, i) => !out.has(i));
    if (out.size === 0 || left.every(({ term }) => this.#analyzer.isStopWord(term))) return text;
    let words = '';
    let at = 0;
    for (const i of out) {
      const { start, end } = tokens[i]!;
      words += text.slice(at, start);
      at = end;
    }
    return (words + text.slice(at)).replace(/\s+/g, ' ').trim();
  }

  /**
   * The list in its new order. A pinned page that the query does not find is there with its first passage, at the score 0.
   * @param typed the query with its excluded words
   * @param pages page of each passage, ascending
   */
  curate(list: HybridList, typed: string, pages: Int32Array): HybridList & Curated {
    const first = this.#pins.get(this.#keyOf(typed)) ?? this.#pins.get(this.#keyOf(this.wordsOf(typed))) ?? [];
    const { boosted } = this.#curation;
    const moved = withPinned(boosted.size === 0 ? list : withFactors(list, boosted, pages), first, pages);
    return { ...moved, pinned: new Set(first), boosted };
  }

  #keyOf(text: string): string {
    return this.#analyzer
      .tokens(text.slice(0, MAX_QUERY_LENGTH))
      .map(({ term }) => term)
      .join(' ');
  }
}

function withFactors(list: HybridList, boosted: ReadonlyMap<number, number>, pages: Int32Array): HybridList {
  const factored = (ids: Int32Array, scores: Float32Array): Float32Array<ArrayBuffer> =>
    Float32Array.from(scores, (score, i) => {
      const factor = boosted.get(pages[ids[i]!]!) ?? 1;
      return score < 0 ? score / factor : score * factor; // a cosine may be below 0
    });
  const ranked = rankByScore(list.ids, factored(list.ids, list.scores));
  const ids = exactFirst(ranked.ids, list.exact);
  const scoreOf = new Map(Array.from(ranked.ids, (id, i) => [id, ranked.scores[i]!]));
  return {
    ...list,
    ids,
    scores: Float32Array.from(ids, (id) => scoreOf.get(id)!),
    scoresOf: async (some) => factored(some, await list.scoresOf(some)),
  };
}

function withPinned(list: HybridList, pinned: readonly number[], pages: Int32Array): HybridList {
  if (pinned.length === 0) return list;
  const places = new Map<number, number[]>(pinned.map((page) => [page, []]));
  const others: number[] = [];
  list.ids.forEach((id, i) => (places.get(pages[id]!) ?? others).push(i));
  const ids: number[] = [];
  const scores: number[] = [];
  const add = (i: number): void => {
    ids.push(list.ids[i]!);
    scores.push(list.scores[i]!);
  };
  for (const [page, found] of places) {
    found.forEach(add);
    const row = pages.indexOf(page);
    if (found.length > 0 || row < 0) continue; // a page may have no passage
    ids.push(row);
    scores.push(0);
  }
  others.forEach(add);
  return { ...list, ids: Int32Array.from(ids), scores: Float32Array.from(scores) };
}
