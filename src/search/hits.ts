// Result types of a search: pages with their best sections, and explanations of their ranks.

/** A piece of a snippet; `mark` where it matches the query. Text, never markup. */
export interface SnippetPiece {
  /** Part of the text, in order. */
  readonly text: string;
  /** Whether it is a word of the query. */
  readonly mark: boolean;
}

/** Place and score in one of the two ranked lists. */
export interface LegScore {
  /** Rank in this list, from 1. */
  readonly rank: number;
  /** BM25 for keywords, cosine for vectors. */
  readonly score: number;
}

/** How the rank of a section came about. */
export interface Explanation {
  /** Null where the list does not have it. */
  readonly keyword: LegScore | null;
  /** Null where the list does not have it or was not used. */
  readonly dense: LegScore | null;
  /** Score of the fused order. */
  readonly fused: number;
  /** An exact match of a title, a heading or an identifier, which is ranked above all others; null for none. */
  readonly exact: 'title' | 'heading' | 'identifier' | null;
  /** Whether the site's owner has put its page first for this query. */
  readonly pinned: boolean;
  /** Factor that the site's owner has given its page; 1 for none. `fused` includes it. */
  readonly boost: number;
  /** Terms of the index that the query matched and that its text has. */
  readonly terms: readonly string[];
}

/** A section of a page that was found. */
export interface SectionHit {
  /** Row of its best passage. */
  readonly row: number;
  /** Id of its best passage, which labels use. */
  readonly id: string;
  /** Absolute, with the fragment; null for a record that has no address. */
  readonly url: string | null;
  /** Headings above it, outermost first; empty for the top of the page. */
  readonly headings: readonly string[];
  /** The part of the passage that shows why it was found; empty where no snippets were wanted. */
  readonly snippet: readonly SnippetPiece[];
  /** The whole passage. */
  readonly text: string;
  /** Positions of the query's words in it: [start, end) in code units, in order; empty where no snippets were wanted. */
  readonly matches: readonly (readonly [start: number, end: number])[];
  /** What it was ranked by; to be compared within one answer only. */
  readonly score: number;
  /** Present only where it was requested. */
  readonly explanation?: Explanation;
}

/** A page that was found, with its best sections. */
export interface PageHit {
  /** Number of the page in the site. */
  readonly page: number;
  /** Absolute, without a fragment; null for a record that has none. */
  readonly url: string | null;
  /** Its title. */
  readonly title: string;
  /** The title in pieces, the query's words marked. */
  readonly titlePieces: readonly SnippetPiece[];
  /** BCP 47; empty where the page names none. */
  readonly language: string;
  /** What the page says of itself: name → text. */
  readonly meta: Readonly<Record<string, string>>;
  /** Filter → values that the page has. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** Score of its best section. */
  readonly score: number;
  /** Best first, no two with the same headings, at most as many as requested, at least one. */
  readonly sections: readonly SectionHit[];
}

/** Filter → value → pages among the hits that would pass if this value were chosen. */
export type FilterCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;
