// From text to the terms of a keyword index. What is indexed and what is asked must be cut by the same analyzer: its id
// stands in the manifest, and an index of an analyzer that is not in analyzers.ts is refused. A page is cut by the
// analyzer of its language; a query, whose language nobody knows, by those of all languages of the collection at once.
// Every analyzer passes analyzer.contract.ts.

/** What the keyword index has of a word. */
export interface Term {
  /** What the index holds: 1 to MAX_TERM_LENGTH code units, without white space. */
  readonly term: string;
  /** Where it stands in the text, in code units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /**
   * Terms under which the index has every form of the word, such as its stem: `:de:kennwort`. No other term begins with
   * a colon. @default none
   */
  readonly forms?: readonly string[] | undefined;
}

/** A word as it was written, with the terms that it is made of; none where it is made of itself. */
export interface Token extends Term {
  readonly parts: readonly Term[];
}

/** Cuts a text into terms. It passes the tests of `describeAnalyzer`. */
export interface Analyzer {
  readonly name: string;
  /** Raised with every change that makes other terms of the same text. */
  readonly version: number;
  /** BCP 47 of the one language that it is made for; empty for an analyzer of all. */
  readonly language: string;
  /** The words of a text in its order. The same text has the same tokens, whatever stands around it. */
  readonly tokens: (text: string) => readonly Token[];
  /** Whether a term says how something is asked, not what: a query weighs it less, the index has it all the same. */
  readonly isStopWord: (term: string) => boolean;
}

/** An analyzer of one language, which is loaded when a collection has pages of it. */
export interface LanguageAnalyzer extends Pick<Analyzer, 'name' | 'version'> {
  /**
   * Primary language subtags (BCP 47) of the pages that it cuts; `*`: of all pages that no analyzer before it cuts.
   */
  readonly languages: readonly string[];
  /** Loads it when it is needed. @param standard the analyzer of texts without a language, to build on */
  readonly load: (standard: Analyzer) => Promise<Analyzer>;
}

/** What the manifest names the analyzer by: `standard/1`. */
export function analyzerId({ name, version }: Pick<Analyzer, 'name' | 'version'>): string {
  return `${name}/${String(version)}`;
}

/** All terms of a text in its order, a word before its parts. */
export function termsOf(analyzer: Pick<Analyzer, 'tokens'>, text: string): Term[] {
  return analyzer.tokens(text).flatMap((token) => [token, ...token.parts]);
}

/** All that a word of a text may be found by, each at its place: the terms, and behind each its forms. */
export function placesOf(analyzer: Pick<Analyzer, 'tokens'>, text: string): Term[] {
  return termsOf(analyzer, text).flatMap((found) => [
    found,
    ...(found.forms ?? []).map((term) => ({ term, start: found.start, end: found.end })),
  ]);
}
