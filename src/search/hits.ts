// What a search of a site answers with: pages with their best sections, and why each stands where it does.

/** A piece of a snippet; `mark` where it answers the query. Text, never markup. */
export interface SnippetPiece {
  readonly text: string;
  readonly mark: boolean;
}

export interface LegScore {
  /** 1 is the best of this list. */
  readonly rank: number;
  /** BM25 for keywords, cosine for vectors. */
  readonly score: number;
}

/** Why a section stands where it does. */
export interface Explanation {
  /** Null where the list has it not. */
  readonly keyword: LegScore | null;
  /** Null where the list has it not or was not asked for. */
  readonly dense: LegScore | null;
  /** What the fused order was made by. */
  readonly fused: number;
  /** An exact match of a title or an identifier, which stands above all others; null for none. */
  readonly exact: 'title' | 'heading' | 'identifier' | null;
  /** Terms of the index that the query matched and that are in its text. */
  readonly terms: readonly string[];
}

export interface SectionHit {
  /** Row of its best passage. */
  readonly row: number;
  /** Id of its best passage: what labels name. */
  readonly id: string;
  /** Absolute, with the fragment; null for a record that has no address. */
  readonly url: string | null;
  /** Headings above it, outermost first; empty for the top of the page. */
  readonly headings: readonly string[];
  readonly snippet: readonly SnippetPiece[];
  /** The whole passage. */
  readonly text: string;
  /** Where the query's words are in it: [start, end) in code units, in order. */
  readonly matches: readonly (readonly [start: number, end: number])[];
  readonly score: number;
  /** Only where it was asked for. */
  readonly explanation?: Explanation;
}

export interface PageHit {
  /** Number of the page in the site. */
  readonly page: number;
  /** Absolute, without a fragment; null for a record that has none. */
  readonly url: string | null;
  readonly title: string;
  readonly titlePieces: readonly SnippetPiece[];
  readonly language: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** That of its best section. */
  readonly score: number;
  /** Best first, no two with the same headings, at most as many as were asked for; at least one. */
  readonly sections: readonly SectionHit[];
}

/** Filter → value → pages among the hits that would stay if this value were chosen. */
export type FilterCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;
