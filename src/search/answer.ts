// Makes an answer from a ranked list: pages with their best sections, filters with their counts, snippets, and
// explanations.

import { placesOf } from '../analysis/analyzer.ts';
import { hasAddress, toPassage, type NumberedPassage, type SitePage } from '../format/site.ts';
import type { Curated } from './curation.ts';
import { mayBePart } from '../lexical/unknown-words.ts';
import { confidenceOf, DOUBTFUL, type Reader } from './answerable.ts';
import type { Documents } from './documents.ts';
import { countFilters, nearestVariant, passes, sortPages, speaks } from './filters.ts';
import { groupByPage, pickSections, type PageGroup } from './group-pages.ts';
import type { Explanation, LegScore, PageHit, SectionHit } from './hits.ts';
import type { HybridList } from './hybrid-retriever.ts';
import type { Findings, SearchQuery } from './query.ts';
import { placesIn } from './ranked-list.ts';
import { makeSnippet, markWords, matchesIn, type FindWords, type SnippetOptions, type WordAt } from './snippet.ts';

/** Passages of a page that are read for each section wanted, since some have the same headings. */
const PASSAGES_PER_SECTION = 3;

/** Where there is no curation, nothing is pinned or boosted. */
type CuratedList = HybridList & Partial<Curated>;

/** Data shared by all pages of an answer. */
interface Shown {
  readonly documents: Documents;
  readonly query: SearchQuery;
  readonly list: CuratedList;
  readonly snippet: SnippetOptions;
  readonly places: { readonly keyword: ReadonlyMap<number, LegScore>; readonly dense: ReadonlyMap<number, LegScore> };
  /** Doc id → score that it was ranked by. */
  readonly scores: ReadonlyMap<number, number>;
}

/** @param list all documents that were found */
export async function answerFrom(
  list: CuratedList,
  query: SearchQuery,
  documents: Documents,
  reader: Reader,
): Promise<Findings> {
  const { words } = list.keyword;
  const { limit, offset } = query;
  const language = nearestVariant(query.language, documents.languages);
  const groups = groupByPage(list.ids, (id) => documents.pageOf(id)).filter(({ page }) =>
    speaks(documents.facts(page), language),
  );
  const filters = { ...documents.defaultFilters, ...query.filters };
  const kept = groups.filter(({ page }) => passes(documents.facts(page), filters));
  const { sort } = query;
  const sorted = sort ? sortPages(kept, ({ page }) => documents.facts(page).sort[sort.by], sort.order) : kept;
  const matched = words.filter(({ how }) => how !== 'none' && how !== 'fuzzy').map(({ typed }) => typed);
  const snippet: SnippetOptions = {
    words: (text) => withCompounds(placesOf(documents.analyzer, text), matched),
    terms: new Map(
      words.flatMap(({ typed, how, terms, upperBound }) =>
        [...(how === 'none' || how === 'fuzzy' ? [] : [typed]), ...terms].map((term) => [term, upperBound] as const),
      ),
    ),
    typed: words.map(({ typed }) => typed),
    length: query.snippetLength,
  };
  const places = {
    keyword: placesIn(list.keyword),
    dense: list.dense ? placesIn(list.dense) : new Map<number, LegScore>(),
  };
  const shown: Shown = {
    documents,
    query,
    list,
    snippet,
    places,
    scores: new Map(Array.from(list.ids, (id, i) => [id, list.scores[i]!])),
  };
  const pages = await Promise.all(sorted.slice(offset, offset + limit).map((group) => pageHit(group, shown)));
  return {
    pages,
    total: kept.length,
    filters: countFilters(
      groups.map(({ page }) => documents.facts(page)),
      filters,
    ),
    ranking: list.dense ? query.mode : 'keyword',
    ...answerable(list, reader),
    corrections: words.flatMap(({ typed, how, terms: [used] }) =>
      how === 'fuzzy' && used !== undefined ? [{ typed, used: asWritten(used, pages, snippet.words) }] : [],
    ),
  };
}

/** A page that is called as the query says, or that the owner has pinned, is an answer. */
function answerable(
  { evidence, exact, pinned }: CuratedList,
  reader: Reader,
): Pick<Findings, 'confidence' | 'isDoubtful'> {
  const confidence = evidence && confidenceOf(evidence, reader);
  const isNamed = exact.size > 0 || (pinned?.size ?? 0) > 0;
  return { confidence, isDoubtful: confidence !== null && !isNamed && confidence < DOUBTFUL };
}

/** Words and, in longer words, the words that a query found them by. */
function withCompounds(words: readonly WordAt[], typed: readonly string[]): readonly WordAt[] {
  const parts = typed.filter(mayBePart);
  return parts.length === 0
    ? words
    : words.flatMap((word) => [
        word,
        ...parts
          .filter((part) => word.term.length > part.length && word.term.includes(part))
          .map((term) => ({ ...word, term })),
      ]);
}

/** A term in the letters of the pages that were found: with its accents, and with a capital only where it always has one. */
function asWritten(term: string, pages: readonly PageHit[], words: FindWords): string {
  let capital: string | undefined;
  for (const text of pages.flatMap(({ title, sections }) => [title, ...sections.map(({ text }) => text)])) {
    for (const { start, end } of words(text).filter((word) => word.term === term)) {
      const written = text.slice(start, end);
      if (written === written.toLowerCase()) return written;
      capital ??= written;
    }
  }
  return capital ?? term;
}

async function pageHit({ page: number, ids }: PageGroup, shown: Shown): Promise<PageHit> {
  const { documents, query, snippet, scores } = shown;
  const wanted =
    query.sections === 1 ? ids.slice(0, 1) : documents.cheap(ids.slice(0, query.sections * PASSAGES_PER_SECTION));
  const [page, passages] = await Promise.all([
    documents.page(number),
    Promise.all(wanted.map(async (id) => ({ ...(await documents.passage(id)), row: id }))),
  ]);
  const { title, language, meta, filters } = page;
  return {
    page: number,
    url: hasAddress(page) ? documents.address(page.url) : null,
    title,
    titlePieces: query.snippetLength > 0 ? markWords(title, snippet) : [{ text: title, mark: false }],
    language,
    meta,
    filters,
    score: scores.get(ids[0]!)!,
    sections: pickSections(passages, query.sections).map((passage) => section(passage, page, shown)),
  };
}

function section(
  passage: NumberedPassage & { readonly row: number },
  page: SitePage,
  { documents, query, list, snippet, places, scores }: Shown,
): SectionHit {
  const { row, headings, text, nth } = passage;
  const number = documents.pageOf(row);
  const { id, url } = toPassage(page, passage, nth);
  const score = scores.get(row)!;
  const explanation = (): Explanation => ({
    keyword: places.keyword.get(row) ?? null,
    dense: places.dense.get(row) ?? null,
    fused: score,
    exact: list.exact.get(row) ?? null,
    pinned: list.pinned?.has(number) ?? false,
    boost: list.boosted?.get(number) ?? 1,
    terms: termsIn([page.title, ...headings, text].join('\n'), snippet),
  });
  return {
    row,
    id,
    url: url === undefined ? null : documents.address(url),
    headings,
    ...(query.snippetLength > 0
      ? { snippet: makeSnippet(text, snippet), matches: matchesIn(text, snippet) }
      : { snippet: [], matches: [] }),
    text,
    score,
    ...(query.explain ? { explanation: explanation() } : {}),
  };
}

/** The query's terms that the text has. */
function termsIn(text: string, { words, terms }: SnippetOptions): string[] {
  return [...new Set(words(text).map(({ term }) => term))].filter((term) => terms.has(term));
}
