// One search of a site: both legs, the fused order, what must stand first, filters, pages, sections, snippets. Composes retrieve/.

import { toIndexPassage, type NumberedPassage, type SitePage } from '../src/format/site.ts';
import type { KeywordHits } from '../src/lexical/keyword-document.ts';
import { wordsWithOffsets } from '../src/lexical/words.ts';
import { exactMatch } from '../src/retrieve/exact-match.ts';
import { countFilters, passes, sortPages, speaks } from '../src/retrieve/filter-pages.ts';
import { fuse, FUSION, FUSION_ADAPTER } from '../src/retrieve/fusion.ts';
import { groupByPage, pickSections, type PageGroup } from '../src/retrieve/group-pages.ts';
import { joinLegs, placesIn, rankFused, type Leg } from '../src/retrieve/legs.ts';
import type { Explanation, LegScore, PageHit, SectionHit } from '../src/retrieve/site-hits.ts';
import { makeSnippet, markWords, type SnippetOptions } from '../src/retrieve/snippet.ts';
import type { SiteFindings, SiteQuery } from '../src/rpc/site-messages.ts';
import type { ScanHits } from '../src/scan/scan.ts';
import type { SiteIndex } from './site-index.ts';

/** Nearest passages that go into the fusion. */
export const DENSE_CANDIDATES = 1000;
/** Nearest passages that count as found although no word matches: every passage is near to some degree. */
const FOUND_BY_MEANING = 100;
/** The best rows of either order among which an exact match is looked for once everything is here. */
const EXACT_AMONG = 100;
/** Rows of a page that are looked at for each section wanted, since some stand under the same headings. */
const ROWS_PER_SECTION = 3;

export interface DenseLeg {
  readonly nearest: ScanHits;
  readonly cosinesOf: (rows: Int32Array) => Float32Array;
}

interface Ranking {
  /** What was found, best first. */
  readonly order: Leg;
  readonly keyword: ReadonlyMap<number, LegScore>;
  readonly dense: ReadonlyMap<number, LegScore>;
}

type Exact = NonNullable<Explanation['exact']>;
const EXACT_ORDER: readonly Exact[] = ['title', 'heading', 'identifier'];

/** @param dense null for keywords alone */
export async function searchSite(site: SiteIndex, query: SiteQuery, hits: KeywordHits, dense: DenseLeg | null, signal: AbortSignal): Promise<Pick<SiteFindings, 'pages' | 'total' | 'filters' | 'ranking' | 'corrections'>> {
  const ranking = rank(query, hits, dense);
  const exact = await exactRows(site, query, ranking, hits);
  signal.throwIfAborted();
  const groups = groupByPage(pinned(ranking.order.rows, exact), (row) => site.pageOf(row)).filter(({ page }) => speaks(site.facts(page), query.language));
  const kept = groups.filter(({ page }) => passes(site.facts(page), query.filters));
  const { sort } = query;
  const sorted = sort ? sortPages(kept, ({ page }) => site.facts(page).sort[sort.by], sort.order) : kept;
  const shown = { site, query, hits, ranking, exact, scores: new Map(Array.from(ranking.order.rows, (row, i) => [row, ranking.order.scores[i]!])) };
  return {
    pages: await Promise.all(sorted.slice(0, query.limit).map((group) => pageHit(group, shown))),
    total: kept.length,
    filters: countFilters(
      groups.map(({ page }) => site.facts(page)),
      query.filters,
    ),
    ranking: dense ? 'hybrid' : 'keyword',
    corrections: hits.words.flatMap(({ typed, how, terms: [used] }) => (how === 'fuzzy' && used !== undefined ? [{ typed, used }] : [])),
  };
}

function rank({ vectors }: SiteQuery, hits: KeywordHits, dense: DenseLeg | null): Ranking {
  const keyword = placesIn(hits);
  if (!dense) return { order: hits, keyword, dense: new Map() };
  const candidates = joinLegs(hits, dense.nearest, dense.cosinesOf);
  const places = placesIn(dense.nearest);
  const { rows, scores } = rankFused(candidates.rows, fuse(candidates, hits.words, (vectors?.adapter ?? null) === null ? FUSION : FUSION_ADAPTER));
  const isFound = Array.from(rows, (row) => keyword.has(row) || places.get(row)!.rank <= FOUND_BY_MEANING);
  return { order: { rows: rows.filter((_, i) => isFound[i]), scores: scores.filter((_, i) => isFound[i]) }, keyword, dense: places };
}

/** Rows that the query names exactly. While parts are fetched on need, only those are looked at that are going to be shown. */
async function exactRows(site: SiteIndex, { text, limit }: SiteQuery, { order }: Ranking, hits: KeywordHits): Promise<ReadonlyMap<number, Exact>> {
  const rows = site.isComplete
    ? new Set([...order.rows.subarray(0, EXACT_AMONG), ...hits.rows.subarray(0, EXACT_AMONG)])
    : groupByPage(order.rows, (row) => site.pageOf(row)).slice(0, limit).map((group) => group.rows[0]!);
  const found = new Map<number, Exact>();
  await Promise.all(
    Array.from(rows, async (row) => {
      const [page, passage] = await Promise.all([site.page(site.pageOf(row)), site.passage(row)]);
      const exact = exactMatch(text, { title: page.title, headings: passage.headings, text: passage.text });
      if (exact) found.set(row, exact);
    }),
  );
  return found;
}

/** Exact matches first, by kind; within a kind and after them all in the order given. */
function pinned(rows: Int32Array, exact: ReadonlyMap<number, Exact>): number[] {
  const all = [...rows];
  return [...EXACT_ORDER.flatMap((kind) => all.filter((row) => exact.get(row) === kind)), ...all.filter((row) => !exact.has(row))];
}

interface Shown {
  readonly site: SiteIndex;
  readonly query: SiteQuery;
  readonly hits: KeywordHits;
  readonly ranking: Ranking;
  readonly exact: ReadonlyMap<number, Exact>;
  /** Row → score that it was ranked by. */
  readonly scores: ReadonlyMap<number, number>;
}

async function pageHit({ page: number, rows }: PageGroup, shown: Shown): Promise<PageHit> {
  const { site, query, hits, scores } = shown;
  const wanted = query.sections === 1 ? rows.slice(0, 1) : site.cheapRows(rows.slice(0, query.sections * ROWS_PER_SECTION));
  const [page, passages] = await Promise.all([site.page(number), Promise.all(wanted.map(async (row) => ({ ...(await site.passage(row)), row })))]);
  const options: SnippetOptions = {
    words: (text) => wordsWithOffsets(text),
    terms: new Map(hits.words.flatMap(({ terms, worth }) => terms.map((term) => [term, worth] as const))),
    typed: hits.words.map(({ typed }) => typed),
    length: query.snippetLength,
  };
  const { title, language, meta, filters } = page;
  return {
    page: number,
    url: site.address(page.url),
    title,
    titlePieces: markWords(title, options),
    language,
    meta,
    filters,
    score: scores.get(rows[0]!)!,
    sections: pickSections(passages, query.sections).map((passage) => section(passage, page, options, shown)),
  };
}

function section(passage: NumberedPassage & { readonly row: number }, page: SitePage, options: SnippetOptions, { site, query, ranking, exact, scores }: Shown): SectionHit {
  const { row, headings, text, nth } = passage;
  const { id, url = page.url } = toIndexPassage(page, passage, nth);
  const score = scores.get(row)!;
  const explanation: Explanation = { keyword: ranking.keyword.get(row) ?? null, dense: ranking.dense.get(row) ?? null, fused: score, exact: exact.get(row) ?? null, terms: termsIn([page.title, ...headings, text].join('\n'), options) };
  return { row, id, url: site.address(url), headings, snippet: makeSnippet(text, options), score, ...(query.explain ? { explanation } : {}) };
}

/** Those of the query's terms that the text has. */
function termsIn(text: string, { words, terms }: SnippetOptions): string[] {
  return [...new Set(words(text).map(({ term }) => term))].filter((term) => terms.has(term));
}
