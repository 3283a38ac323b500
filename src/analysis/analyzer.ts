// From text to the terms of a keyword index. Index and queries must be cut by the same analyzer: its id is in the
// manifest, and an index of an analyzer that is not in analyzers.ts is refused. A page is cut by the analyzer of its
// language; a query, whose language is unknown, by those of all languages of the collection at once. Every analyzer
// passes analyzer.contract.ts.

/** What the keyword index has of a word. */
export interface Term {
  /** The indexed text: 1 to MAX_TERM_LENGTH code units, without white space. */
  readonly term: string;
  /** Position in the text, in code units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** The term with its accents and in its letter forms, where it has others: `schön` of `schon`. @default none */
  readonly accented?: string | undefined;
  /**
   * What the word is also written as: in one word (`nodejs` of `node.js`), without a sign before it (`2.14.0` of
   * `v2.14.0`), in other letters. @default none
   */
  readonly spellings?: readonly string[] | undefined;
  /**
   * Terms that the index shares between all forms of the word, such as its stem: `kennwort!de`. They stand beside the
   * word in the index; no other term has an exclamation mark after a letter. @default none
   */
  readonly forms?: readonly string[] | undefined;
}

/** A word as it was written, with the terms of its parts; no parts where the word is one piece. */
export interface Token extends Term {
  readonly parts: readonly Term[];
}

/** Cuts a text into terms. It passes the tests of `describeAnalyzer`. */
export interface Analyzer {
  readonly name: string;
  /** Raised with every change that makes other terms from the same text. */
  readonly version: number;
  /** BCP 47 tag of the one language that it is made for; empty for an analyzer of all languages. */
  readonly language: string;
  /** The words of a text in order. The same text has the same tokens, whatever surrounds it. */
  readonly tokens: (text: string) => readonly Token[];
  /** Whether a term is a stop word: a query weighs it less; the index has it like any other. */
  readonly isStopWord: (term: string) => boolean;
}

/** An analyzer of one language, loaded when a collection has pages in it. */
export interface LanguageAnalyzer extends Pick<Analyzer, 'name' | 'version'> {
  /**
   * Primary language subtags (BCP 47) of the pages that it cuts; `*`: of all pages that no analyzer before it cuts.
   */
  readonly languages: readonly string[];
  /** Loads it when it is needed. @param standard the analyzer of texts without a language, to build on */
  readonly load: (standard: Analyzer) => Promise<Analyzer>;
}

/** The id of the analyzer in the manifest: `standard/2`. */
export function analyzerId({ name, version }: Pick<Analyzer, 'name' | 'version'>): string {
  return `${name}/${String(version)}`;
}

/** All terms of a text in its order, a word before its parts. */
export function termsOf(analyzer: Pick<Analyzer, 'tokens'>, text: string): Term[] {
  return analyzer.tokens(text).flatMap((token) => [token, ...token.parts]);
}

/** All terms that match a word of a text, with their positions: each term, followed by its spellings and forms. */
export function placesOf(analyzer: Pick<Analyzer, 'tokens'>, text: string): Term[] {
  return termsOf(analyzer, text).flatMap((found) => [
    found,
    ...othersOf(found).map((term) => ({ term, start: found.start, end: found.end })),
  ]);
}

/** Its terms besides `term`. */
export function othersOf({
  accented,
  spellings = [],
  forms = [],
}: Pick<Term, 'accented' | 'spellings' | 'forms'>): readonly string[] {
  return [...(accented === undefined ? [] : [accented]), ...spellings, ...forms];
}

/** The form that words of a language share, as `forms` has it. @param stem without white space */
export function formOf(stem: string, language: string): string {
  return `${stem}!${language}`;
}

/** Whether a term stands for a word as it is written, and not for forms of several. */
export function isWord(term: string): boolean {
  return !term.includes('!') || !/[\p{L}\p{M}\p{N}]!/u.test(term);
}
