// Hybrid retriever, the product's ranking: documents by keywords and by vectors together. Both lists are fused by
// score, documents that match no word and are not among the nearest are cut off, and exact matches are ranked first.
// Without a vector keywords rank alone, with the same rule for exact matches.

import { evidenceOf, type Evidence } from './answerable.ts';
import type { KeywordList } from './keyword-retriever.ts';
import type { RankedDocuments } from './documents.ts';
import { exactMatcher, isOfWords, type ExactMatch } from './exact-match.ts';
import {
  type Candidates,
  FUSION,
  FUSION_ADAPTER,
  FUSION_LABELLED,
  type FusionConstants,
  fusionOf,
  OF_PASSAGES,
} from './fusion.ts';
import { groupByPage } from './group-pages.ts';
import { joinLists, rankByScore } from './ranked-list.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './retriever.ts';

/** Nearest documents that are candidates of the fusion. */
export const DENSE_CANDIDATES = 1000;
/** The best hits by keywords among which a retriever is told which scores matter. */
const WANTED_AMONG = 200;
/** Nearest documents that count as hits although no word matches; without a limit every document would be a hit. */
const FOUND_BY_MEANING = 100;
/** The best of either order among which exact matches are searched for once everything is loaded. */
const EXACT_AMONG = 100;
/** Documents for each page from which on they are passages of pages. */
const PASSAGES = 2;
/** Pages whose title is read because it may be the query, while each may cost a request. */
const TITLED = 3;
const EXACT_ORDER: readonly ExactMatch[] = ['title', 'heading', 'identifier'];

type MaybeMatch = ExactMatch | null;

interface Joined {
  readonly candidates: Candidates;
  /** Those that are hits, their cosines as the fusion counts them. */
  readonly found: Candidates;
}

export interface HybridList extends RankedList {
  readonly keyword: KeywordList;
  /** Null where keywords ranked alone. */
  readonly dense: RankedList | null;
  /** Exact matches, which come first in the list, by kind, whatever their scores. */
  readonly exact: ReadonlyMap<number, ExactMatch>;
  /** Null where words alone ranked, or meaning alone. */
  readonly evidence: Evidence | null;
}

export interface HybridParts {
  readonly keyword: Retriever<KeywordList>;
  /** Null while the documents' vectors are not loaded. */
  readonly dense: Retriever | null;
  readonly documents: RankedDocuments;
}

export interface HybridOptions extends RetrieveOptions {
  /**
   * Pages that will be shown: while parts are fetched on demand, exact matches are searched for among these only.
   * @default all
   */
  readonly pages?: number | undefined;
  /** @default those for the query's vectors, with or without an adapter */
  readonly constants?: FusionConstants | undefined;
  /** @default all documents */
  readonly among?: Among | undefined;
}

/**
 * Sets of documents, such as those in the visitor's language, and of these those that pass the filters: [count] each, 1
 * for what is in the set. The nearest of each are found, so that documents that will not be shown take no place of
 * others; without a set the nearest of all.
 */
export type Among = readonly Uint8Array[];

export class HybridRetriever implements Retriever<HybridList> {
  readonly #parts: HybridParts;
  #joint: { keyword: KeywordList; dense: RankedList; among: Among; joined: Promise<Joined> } | undefined;
  #matched: { readonly text: string; readonly of: (id: number) => MaybeMatch | Promise<MaybeMatch> } | undefined;

  constructor(parts: HybridParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#parts.keyword.count;
  }

  async retrieve(
    query: Query,
    { k, signal, pages, constants = this.#constantsFor(query), among = [] }: HybridOptions,
  ): Promise<HybridList> {
    const limit = depthOf(k, this.count);
    const { keyword, dense } = await this.lists(query, { signal, constants, among });
    const order = dense ? await this.#fused(keyword, dense, constants, among) : keyword;
    const exact = await this.#exact(query.text, order.ids, keyword, pages);
    const ids = pinned(order.ids, exact).slice(0, limit);
    const scores = await order.scoresOf(ids);
    signal?.throwIfAborted();
    return {
      ids,
      scores,
      scoresOf: order.scoresOf,
      keyword,
      dense,
      exact,
      evidence: evidenceOf(keyword, dense, this.count),
    };
  }

  /** The candidates of both lists, which are the same for as long as the lists are. */
  #joined(keyword: KeywordList, dense: RankedList, among: Among): Promise<Joined> {
    if (this.#joint?.keyword !== keyword || this.#joint.dense !== dense || this.#joint.among !== among)
      this.#joint = { keyword, dense, among, joined: this.#join(keyword, dense, among) };
    return this.#joint.joined;
  }

  async #join(keyword: KeywordList, dense: RankedList, among: Among): Promise<Joined> {
    const candidates = await joinLists(keyword, dense);
    const near = new Set(foundByMeaning(dense.ids, among));
    const found = Int32Array.from(candidates.ids.keys()).filter(
      (i) => candidates.keyword[i]! > 0 || near.has(candidates.ids[i]!),
    );
    const ids = found.map((i) => candidates.ids[i]!);
    const taken = (scores: Float32Array): Float32Array<ArrayBuffer> => {
      const out = new Float32Array(found.length);
      for (let i = 0; i < found.length; i++) out[i] = scores[found[i]!]!;
      return out;
    };
    const cosines = this.#weighed(ids, taken(candidates.dense));
    return { candidates, found: { ids, keyword: taken(candidates.keyword), dense: cosines } };
  }

  /** Cosines of documents as the fusion counts them. */
  #weighed(ids: Int32Array, cosines: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    const { documents } = this.#parts;
    return cosines.map((cosine, i) => cosine * shareOf(documents.weightOf(ids[i]!)));
  }

  /** How documents match the query, each looked at once for as long as the same query is asked. */
  #matcher(text: string): (id: number) => MaybeMatch | Promise<MaybeMatch> {
    if (this.#matched?.text === text) return this.#matched.of;
    const matchOf = exactMatcher(text);
    const known = new Map<number, MaybeMatch | Promise<MaybeMatch>>();
    const look = (id: number): Promise<MaybeMatch> => {
      const match = this.#parts.documents.named(id).then(matchOf);
      known.set(id, match);
      match.then(
        (found) => known.set(id, found),
        () => known.delete(id),
      );
      return match;
    };
    const of = (id: number): MaybeMatch | Promise<MaybeMatch> => {
      const match = known.get(id);
      return match === undefined ? look(id) : match;
    };
    this.#matched = { text, of };
    return of;
  }

  /** Both lists, the input of a fusion. `dense` is null where query or documents have no vectors. */
  async lists(
    query: Query,
    {
      signal,
      constants = this.#constantsFor(query),
      among = [],
    }: Pick<HybridOptions, 'signal' | 'constants' | 'among'> = {},
  ): Promise<Pick<HybridList, 'keyword' | 'dense'>> {
    const { keyword, dense } = this.#parts;
    const found = await keyword.retrieve(query, { k: this.count, signal });
    const nearest =
      dense && (query.vector || !dense.needsVector)
        ? await nearestAmong(dense, among, query, {
            k: DENSE_CANDIDATES,
            signal,
            corrections: new Map(
              found.words
                .filter(({ how }) => how === 'fuzzy' || how === 'synonym')
                .map(({ typed, terms }) => [typed, terms]),
            ),
            wanted: async (estimate) =>
              (await this.#fused({ ...found, ids: found.ids.subarray(0, WANTED_AMONG) }, estimate, constants, among))
                .ids,
          })
        : null;
    return { keyword: found, dense: nearest };
  }

  #constantsFor({ isAdapted, isLabelled, keywordFactor = 1 }: Query): FusionConstants {
    const ofPath = isLabelled ? FUSION_LABELLED : isAdapted ? FUSION_ADAPTER : FUSION;
    const constants = { ...ofPath, weight: ofPath.weight * keywordFactor };
    const { documents, keyword } = this.#parts;
    const pages = keyword.count === 0 ? 0 : documents.pageOf(keyword.count - 1) + 1;
    return keyword.count >= PASSAGES * pages ? { ...constants, ...OF_PASSAGES } : constants;
  }

  /** The fused list, without documents that match no word and are not among the nearest. */
  async #fused(keyword: KeywordList, dense: RankedList, constants: FusionConstants, among: Among): Promise<RankedList> {
    const { candidates, found } = await this.#joined(keyword, dense, among);
    const fusion = fusionOf(candidates, keyword.words, constants);
    return {
      ...rankByScore(found.ids, fusion(found.keyword, found.dense)),
      scoresOf: async (some) => {
        const [bm25, cosines] = await Promise.all([keyword.scoresOf(some), dense.scoresOf(some)]);
        return fusion(bm25, this.#weighed(some, cosines));
      },
    };
  }

  async #exact(
    text: string,
    order: Int32Array,
    { ids: byKeywords, titled, isHeaded }: KeywordList,
    pages: number | undefined,
  ): Promise<ReadonlyMap<number, ExactMatch>> {
    const { documents } = this.#parts;
    const all = documents.isComplete || pages === undefined;
    const pageOf = (id: number): number => documents.pageOf(id);
    const ids = new Set(
      all
        ? [
            ...order.subarray(0, EXACT_AMONG),
            ...byKeywords.subarray(0, EXACT_AMONG),
            ...titled.subarray(0, EXACT_AMONG),
          ]
        : [...firstOfPages(order, pageOf, pages), ...firstOfPages(titled, pageOf, TITLED)],
    );
    const matchOf = this.#matcher(text);
    const mayMatch = isOfWords(text) ? isHeaded : () => true;
    const exact = new Map<number, ExactMatch>();
    const unknown: Promise<void>[] = [];
    const keep = (id: number, match: MaybeMatch): void => {
      if (match !== null) exact.set(id, match);
    };
    for (const id of ids) {
      if (!mayMatch(id)) continue;
      const match = matchOf(id);
      if (match instanceof Promise) unknown.push(match.then((found) => keep(id, found)));
      else keep(id, match);
    }
    await Promise.all(unknown);
    return exact;
  }
}

/** The nearest documents of each set, in one list. @throws as `dense.retrieve` */
export async function nearestAmong(
  dense: Retriever,
  among: Among,
  query: Query,
  options: RetrieveOptions,
): Promise<RankedList> {
  if (among.length === 0 || !dense.canFilter) return dense.retrieve(query, options);
  const lists = await Promise.all(among.map((accepted) => dense.retrieve(query, { ...options, accepted })));
  const [first] = lists;
  if (lists.length === 1) return first!;
  const scores = new Map(lists.flatMap((list) => Array.from(list.ids, (id, i) => [id, list.scores[i]!] as const)));
  const ids = Int32Array.from(scores.keys());
  return { ...rankByScore(ids, Float32Array.from(scores.values())), scoresOf: first!.scoresOf };
}

/** The first of each set, which count as hits. */
function foundByMeaning(ids: Int32Array, among: Among): number[] {
  if (among.length === 0) return [...ids.subarray(0, FOUND_BY_MEANING)];
  return among.flatMap((accepted) => [...ids.filter((id) => accepted[id] === 1).subarray(0, FOUND_BY_MEANING)]);
}

/**
 * Factor of the cosine of a text that counts less than others, such as an index: BM25 has the weight itself, the square
 * of the cosine the root of it. More weight than plain text is of the words alone.
 */
function shareOf(weight: number): number {
  return weight < 1 ? weight ** 0.25 : 1;
}

/** The best document of each page that will be shown. */
function firstOfPages(order: Int32Array, pageOf: (id: number) => number, pages: number): number[] {
  return groupByPage(order, pageOf)
    .slice(0, pages)
    .map(({ ids }) => ids[0]!);
}

/** Exact matches first, by kind; within a kind, and after them, in the given order. */
export function pinned(ids: Int32Array<ArrayBuffer>, exact: ReadonlyMap<number, ExactMatch>): Int32Array<ArrayBuffer> {
  if (exact.size === 0) return ids;
  const kinds = EXACT_ORDER.map((kind) => ids.filter((id) => exact.get(id) === kind));
  return Int32Array.from([...kinds, ids.filter((id) => !exact.has(id))].flatMap((some) => [...some]));
}
