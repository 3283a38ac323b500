// Options and result of a search in a collection, with every default and limit.

import type { Analyzer } from '../analysis/analyzer.ts';
import { EraError } from '../errors.ts';
import type { KeywordSearchOptions } from '../lexical/keyword-document.ts';
import type { FilterCounts, PageHit } from './hits.ts';
import { parseQuery, type QuerySyntax } from './query-syntax.ts';

/** `hybrid`: by keywords and by vectors; `dense`: by vectors alone; `keyword`: by keywords alone. */
export type SearchMode = 'hybrid' | 'dense' | 'keyword';

/**
 * `forms`: a word finds itself, and no other form of it. `accents`: a word with accents finds nothing without them.
 * `spelling`: no word is replaced by one that is spelt alike. `operators`: quotes and a minus are text; else quotes make
 * a phrase, which a passage must have, and a minus before a word excludes passages with it, unless the collection writes
 * the word so, as it does with options.
 */
export type Literal = 'forms' | 'accents' | 'spelling' | 'operators';

/** What can be asked of a search, besides the query. */
export interface SearchOptions {
  /** @default 'hybrid' */
  readonly mode?: SearchMode | undefined;
  /**
   * Filter → value or values, any of which a page must have; an empty value stands for pages without the filter. None
   * (`[]`) lifts a default of the collection, such as its current version. @default those of the collection
   */
  readonly filters?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Only pages of this language (`en` includes `en-gb`), or of its nearest variant where the collection has none, and pages without a language. @default all */
  readonly language?: string | undefined;
  /** Order instead of relevance. @default relevance */
  readonly sort?: { readonly by: string; readonly order: 'asc' | 'desc' } | undefined;
  /** Pages wanted, 1 to 100. @default 10 */
  readonly limit?: number | undefined;
  /** Pages to skip; beyond the last there are none. @default 0 */
  readonly offset?: number | undefined;
  /** Most sections for each page, 1 to 10. @default 3 */
  readonly sections?: number | undefined;
  /** Characters of a snippet, 40 to 1000; 0 for no snippets and no marked words, which is faster. @default 180 */
  readonly snippetLength?: number | undefined;
  /** Adds an explanation to every section. @default false */
  readonly explain?: boolean | undefined;
  /** What of the query is taken as it was typed, see `Literal`. @default nothing */
  readonly literal?: readonly Literal[] | undefined;
}

/** A search with every option resolved. */
export interface SearchQuery extends QuerySyntax {
  /** As typed, without space around it. */
  readonly text: string;
  readonly mode: SearchMode;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly language: string | null;
  readonly sort: { readonly by: string; readonly order: 'asc' | 'desc' } | null;
  readonly limit: number;
  readonly offset: number;
  readonly sections: number;
  readonly snippetLength: number;
  readonly explain: boolean;
  readonly literal: readonly Literal[];
}

/** What one search found. */
export interface Findings {
  /** Best first. */
  readonly pages: readonly PageHit[];
  /** Pages that were found, before the limit. */
  readonly total: number;
  /** Filter → value → pages that were found. */
  readonly filters: FilterCounts;
  /** What ranked it: `keyword` where no query vector was given or the passages' vectors are not loaded yet. */
  readonly ranking: SearchMode;
  /** Words that were not in the index, and the terms that replaced them. */
  readonly corrections: readonly { readonly typed: string; readonly used: string }[];
  /**
   * Probability that the collection answers the query, between as many queries that it answers as queries about other
   * things; null where words alone ranked, or meaning alone.
   */
  readonly confidence: number | null;
  /**
   * Whether it is below 0.05, and no page is called as the query says or pinned for it: the pages are the nearest there
   * are, and may not answer it.
   */
  readonly isDoubtful: boolean;
}

const LITERALS: readonly Literal[] = ['forms', 'accents', 'spelling', 'operators'];
const MODES: readonly SearchMode[] = ['hybrid', 'dense', 'keyword'];

/** @throws EraError `invalid-input` for an empty query, `invalid-option` */
export function toSearchQuery(text: string, options: SearchOptions): SearchQuery {
  const trimmed = text.trim();
  if (trimmed === '') throw new EraError('invalid-input', 'The query is empty.');
  const {
    mode = 'hybrid',
    filters = {},
    language = '',
    sort,
    limit = 10,
    offset = 0,
    sections = 3,
    snippetLength = 180,
    explain = false,
    literal = [],
  } = options;
  if (!MODES.includes(mode))
    throw new EraError('invalid-option', `“mode” must be one of ${MODES.join(', ')}, not ${JSON.stringify(mode)}.`, {
      details: { option: 'mode' },
    });
  const unknown = literal.find((part) => !LITERALS.includes(part));
  if (unknown !== undefined)
    throw new EraError('invalid-option', `“literal” has of ${LITERALS.join(', ')}, not ${JSON.stringify(unknown)}.`, {
      details: { option: 'literal' },
    });
  if (sort && (sort.by === '' || !['asc', 'desc'].includes(sort.order)))
    throw new EraError('invalid-option', '“sort” needs a key and the order asc or desc.', {
      details: { option: 'sort' },
    });
  return {
    text: trimmed,
    ...(literal.includes('operators') ? { words: trimmed, phrases: [], excluded: [] } : parseQuery(trimmed)),
    mode,
    filters: Object.fromEntries(
      Object.entries(filters).map(([name, values]) => [name, typeof values === 'string' ? [values] : [...values]]),
    ),
    language: language === '' ? null : language.toLowerCase(),
    sort: sort ? { by: sort.by, order: sort.order } : null,
    limit: whole('limit', limit, 1, 100),
    offset: whole('offset', offset, 0, Number.MAX_SAFE_INTEGER),
    sections: whole('sections', sections, 1, 10),
    snippetLength: snippetLength === 0 ? 0 : whole('snippetLength', snippetLength, 40, 1000),
    explain,
    literal: [...literal],
  };
}

/** How words may match, by what is taken as it was typed. */
export function matchingOf({
  literal,
}: Pick<SearchQuery, 'literal'>): Pick<KeywordSearchOptions, 'fuzzy' | 'forms' | 'unaccented'> {
  return {
    fuzzy: !literal.includes('spelling'),
    forms: !literal.includes('forms'),
    unaccented: !literal.includes('accents'),
  };
}

function whole(option: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new EraError(
      'invalid-option',
      `“${option}” must be a whole number from ${String(least)} to ${String(most)}.`,
      { details: { option } },
    );
  }
  return value;
}

/** Pages that are in view before anybody scrolls: a first answer does not wait for the texts of others. */
const IN_VIEW = 3;
/** A query of at most so many words may be a name, of which an exact match is ranked first wherever it was found. */
const WORDS_OF_A_NAME = 3;

/** The query for the pages in view, where the texts of the others may have to be fetched; else the query itself. */
export function inView(
  query: SearchQuery,
  { isComplete, analyzer }: { readonly isComplete: boolean; readonly analyzer: Pick<Analyzer, 'tokens'> },
): SearchQuery {
  const isShort = analyzer.tokens(query.words).length <= WORDS_OF_A_NAME;
  return isComplete || isShort || query.offset > 0 || query.limit <= IN_VIEW ? query : { ...query, limit: IN_VIEW };
}
