// What a search of a site answers with: pages with their best sections, and why each stands where it does.

/** A piece of a snippet; `mark` where it answers the query. Text, never markup. */
export interface SnippetPiece {
  /** Part of the text, in order. */
  readonly text: string;
  /** Whether it is a word of the query. */
  readonly mark: boolean;
}

/** Place and score in one of the two ranked lists. */
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

/** A section of a page that was found. */
export interface SectionHit {
  /** Row of its best passage. */
  readonly row: number;
  /** Id of its best passage: what labels name. */
  readonly id: string;
  /** Absolute, with the fragment; null for a record that has no address. */
  readonly url: string | null;
  /** Headings above it, outermost first; empty for the top of the page. */
  readonly headings: readonly string[];
  /** The part of the passage that shows why it was found. */
  readonly snippet: readonly SnippetPiece[];
  /** The whole passage. */
  readonly text: string;
  /** Where the query's words are in it: [start, end) in code units, in order. */
  readonly matches: readonly (readonly [start: number, end: number])[];
  /** What it was ranked by; to be compared within one answer only. */
  readonly score: number;
  /** Only where it was asked for. */
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
  /** That of its best section. */
  readonly score: number;
  /** Best first, no two with the same headings, at most as many as were asked for; at least one. */
  readonly sections: readonly SectionHit[];
}

/** Filter → value → pages among the hits that would stay if this value were chosen. */
export type FilterCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;
