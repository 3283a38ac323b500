// The documents of a collection as a search sees them: passages by doc id, each of a page. collection.ts has them from
// a published folder; an evaluation has them in memory.

import type { Analyzer } from '../analysis/analyzer.ts';
import type { NumberedPassage, SitePage } from '../format/site.ts';
import type { NamedPassage } from './exact-match.ts';
import type { PageFacts } from './filters.ts';

/** What a ranking asks of them. */
export interface RankedDocuments {
  /** False while what is asked for may have to be fetched. */
  readonly isComplete: boolean;
  pageOf: (id: number) => number;
  named: (id: number) => Promise<NamedPassage>;
}

/** What an answer shows of them. */
export interface Documents extends RankedDocuments {
  /** Reads queries, and finds their words in texts. */
  readonly analyzer: Analyzer;
  facts: (page: number) => PageFacts;
  page: (page: number) => Promise<SitePage>;
  passage: (id: number) => Promise<NumberedPassage>;
  /**
   * Of these ids the first, and those whose texts come with it or are here: what a first answer can show without more
   * requests.
   */
  cheap: (ids: readonly number[]) => readonly number[];
  /** Absolute address of a page or of a place in it. @param url from the site's root */
  address: (url: string) => string;
}
