// Interface of a collection's documents for search: passages by doc id, each of a page. collection.ts implements it for
// a published folder; an evaluation does for documents in memory.

import type { Analyzer } from '../analysis/analyzer.ts';
import type { NumberedPassage, SitePage } from '../format/site.ts';
import type { NamedPassage } from './exact-match.ts';
import type { ChosenFilters, PageFacts } from './filters.ts';

/** The part that a ranking needs. */
export interface RankedDocuments {
  /** False while requested parts may have to be fetched. */
  readonly isComplete: boolean;
  /** Pages are numbered from 0, and their passages are in this order. */
  pageOf: (id: number) => number;
  /** Factor of its keyword scores, which says how much it counts among others; 1 for plain text. */
  weightOf: (id: number) => number;
  named: (id: number) => Promise<NamedPassage>;
}

/** The part that an answer shows. */
export interface Documents extends RankedDocuments {
  /** Analyzes queries, and finds their words in texts. */
  readonly analyzer: Analyzer;
  /** Those that pages are found in, BCP 47 in lower case. */
  readonly languages: readonly string[];
  /** Filters of a query that does not name them. */
  readonly defaultFilters: ChosenFilters;
  facts: (page: number) => PageFacts;
  page: (page: number) => Promise<SitePage>;
  passage: (id: number) => Promise<NumberedPassage>;
  /**
   * The first of these ids, and those whose texts are in its part or already loaded: what a first answer can show
   * without more requests.
   */
  cheap: (ids: readonly number[]) => readonly number[];
  /** Absolute address of a page or of a section in it. @param url from the site's root */
  address: (url: string) => string;
}
