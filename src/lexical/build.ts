// Makes the parts of a keyword index from documents.

import { othersOf, type Analyzer } from '../analysis/analyzer.ts';
import { DEFAULT_ANALYZER, type Analyzers } from '../analysis/analyzers.ts';
import type { WordsOf } from '../analysis/word-store.ts';
import { FIELDS, writeBase, type Field } from './base-part.ts';
import { compoundPostings, countRows, type Vocabulary } from './compound-postings.ts';
import { canBeMeant, writeDictionary } from './dictionary-part.ts';
import type { KeywordDocument, KeywordParts, TermRun } from './keyword-document.ts';
import { findMisspellings, meaningPrefix } from './misspellings.ts';
import { PostingsTable, type Pairs } from './postings-table.ts';
import { packPostings, writeTermsPart, type TermEntry } from './terms-part.ts';

/** A terms part is closed once it has about this many bytes before compression, and two thirds after it. */
const TERMS_PART_BYTES = 8 * 1024;

/** Of parts of codes alone: few queries need one, and each is a line of the manifest. */
const CODES_PART_BYTES = 16 * 1024;

/** Codes do not become smaller when a part is compressed, so they count for what the rest loses. */
const INCOMPRESSIBLE = 1.5;

export interface KeywordBuildOptions {
  /** @default DEFAULT_ANALYZER for all pages */
  readonly analyzers?: Pick<Analyzers, 'ofPage'> | undefined;
  /** @default as the analyzer cuts a text */
  readonly wordsOf?: WordsOf | undefined;
  readonly partBytes?: number | undefined;
  /**
   * Whether lengths of fields are kept to four significant bits, as Lucene keeps them: they are most of the base part,
   * which every visit needs. @default false
   */
  readonly roundLengths?: boolean | undefined;
  /** Term → its code, all of one length; also of terms that no document has. @default none */
  readonly codes?: ReadonlyMap<string, Uint8Array> | undefined;
}

/** Makes the parts from documents that come one at a time, in row order. The same documents give the same bytes. */
export class KeywordIndexBuilder {
  readonly #analyzersOf: NonNullable<KeywordBuildOptions['analyzers']>;
  readonly #wordsOf: WordsOf;
  readonly #partBytes: number;
  readonly #isRounded: boolean;
  readonly #codes: ReadonlyMap<string, Uint8Array>;
  readonly #postings = new PostingsTable();
  readonly #vocabularies = new Map<Analyzer, Map<string, readonly string[]>>();
  /** Of each row. */
  readonly #analyzers: Analyzer[] = [];
  readonly #pages: number[] = [];
  readonly #weights: number[] = [];
  /** Of all fields of each row. */
  readonly #lengths: number[] = [];

  constructor({
    analyzers = { ofPage: () => DEFAULT_ANALYZER },
    wordsOf = (analyzer, text) => analyzer.tokens(text),
    partBytes = TERMS_PART_BYTES,
    roundLengths = false,
    codes = new Map(),
  }: KeywordBuildOptions = {}) {
    this.#analyzersOf = analyzers;
    this.#wordsOf = wordsOf;
    this.#partBytes = partBytes;
    this.#isRounded = roundLengths;
    this.#codes = codes;
  }

  add(document: KeywordDocument): void {
    const row = this.#pages.length;
    const analyzer = this.#analyzersOf.ofPage(document.language);
    const vocabulary = this.#vocabularies.get(analyzer) ?? new Map<string, readonly string[]>();
    this.#vocabularies.set(analyzer, vocabulary);
    /** Term → its frequency in each field. */
    const found = new Map<string, number[]>();
    FIELDS.forEach((field, f) => {
      const words = this.#wordsOf(analyzer, fieldText(document, field)).flatMap((word) => [word, ...word.parts]);
      for (const { term, forms = [] } of words) vocabulary.set(term, forms);
      const frequencies = count(words.map(({ term }) => term));
      // Other spellings and forms are not counted, so that a page is not longer for the stemmer of its language.
      this.#lengths.push(this.#isRounded ? roundedLength(frequencies.size) : frequencies.size);
      const others = count(words.flatMap(othersOf).filter((term) => !frequencies.has(term)));
      for (const [term, frequency] of [...frequencies, ...others]) {
        let byField = found.get(term);
        if (!byField) found.set(term, (byField = FIELDS.map(() => 0)));
        byField[f] = frequency;
      }
    });
    for (const [term, byField] of found) this.#postings.add(term, row, byField);
    this.#analyzers.push(analyzer);
    this.#pages.push(document.page);
    this.#weights.push(document.weight);
  }

  finish(): KeywordParts {
    const codes = this.#codes;
    const compounds = this.#compounds();
    const pairsOf = (term: string): Pairs => compounds.get(term) ?? this.#postings.pairsOf(term);
    const rows = new Map(Array.from(this.#postings.terms(), (term) => [term, this.#postings.rowsOf(term)]));
    for (const [term, pairs] of compounds) rows.set(term, countRows(pairs));
    /** Term that leads from a misspelling to the right word → the misspelling. */
    const meanings = new Map(
      findMisspellings(rows).map(([misspelt, right]) => [meaningPrefix(misspelt) + right, misspelt]),
    );

    const terms = inOrder([...rows.keys(), ...meanings.keys()]);
    const others = inOrder([...codes.keys()].filter((term) => !rows.has(term) && !meanings.has(term)));
    const meant = terms.filter(canBeMeant);
    return {
      base: writeBase({
        pages: Int32Array.from(this.#pages),
        lengths: Uint32Array.from(this.#lengths),
        weights: Float32Array.from(this.#weights),
      }),
      dictionary: writeDictionary({ terms: meant, rows: Uint32Array.from(meant, (term) => rows.get(term)!) }),
      terms: cutParts(
        terms,
        (term) => ({ postings: packPostings(pairsOf(meanings.get(term) ?? term)), code: codes.get(term) ?? null }),
        this.#partBytes,
      ),
      codes: cutParts(others, (term) => ({ postings: null, code: codes.get(term)! }), CODES_PART_BYTES),
    };
  }

  /** Term that leads to compounds → its postings. */
  #compounds(): Map<string, Pairs> {
    const compounds = new Map<string, Pairs>();
    for (const [analyzer, forms] of this.#vocabularies) {
      const ofLanguage: Vocabulary = { analyzer, forms, hasRow: (row) => this.#analyzers[row] === analyzer };
      for (const [term, pairs] of compoundPostings(ofLanguage, this.#postings)) compounds.set(term, pairs);
    }
    return compounds;
  }
}

/** `KeywordIndexBuilder` over documents that are all there. */
export function buildKeywordIndex(documents: readonly KeywordDocument[], options?: KeywordBuildOptions): KeywordParts {
  const builder = new KeywordIndexBuilder(options);
  for (const document of documents) builder.add(document);
  return builder.finish();
}

/** Code unit order, not localeCompare: readers search by it, and it is the same on every platform. */
function inOrder(terms: string[]): string[] {
  return terms.sort((a, b) => (a < b ? -1 : 1));
}

/** The text of a field as it is indexed: headings are joined, one per line. */
export function fieldText(document: KeywordDocument, field: Field): string {
  return field === 'headings' ? document.headings.join('\n') : document[field];
}

/** The nearest number of four significant bits. */
export function roundedLength(length: number): number {
  const step = Math.max(1, 2 ** (Math.floor(Math.log2(length)) - 3));
  return Math.round(length / step) * step;
}

function count(terms: readonly string[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  return frequencies;
}

/** The shortest beginning of a term that is after the term before it, and ends with no half of a surrogate pair. */
function shortestAfter(before: string, term: string): string {
  let start = '';
  while (start <= before || /[\uD800-\uDBFF]$/.test(start)) start = term.slice(0, start.length + 1);
  return start;
}

/** @param terms in code unit order */
function cutParts(
  terms: readonly string[],
  entryOf: (term: string) => Omit<TermEntry, 'term'>,
  partBytes: number,
): TermRun[] {
  const parts: TermRun[] = [];
  let run: TermEntry[] = [];
  let bytes = 0;
  terms.forEach((term, i) => {
    const { postings, code } = entryOf(term);
    run.push({ term, postings, code });
    bytes += term.length + (postings?.bytes.length ?? 0) + INCOMPRESSIBLE * (code?.length ?? 0);
    if (bytes < partBytes && i < terms.length - 1) return;
    parts.push({ first: shortestAfter(terms[i - run.length] ?? '', run[0]!.term), bytes: writeTermsPart(run) });
    run = [];
    bytes = 0;
  });
  return parts;
}
