// Makes the parts of a keyword index from documents.

import { othersOf, termsOf, type Analyzer } from '../analysis/analyzer.ts';
import { DEFAULT_ANALYZER, type Analyzers } from '../analysis/analyzers.ts';
import { FIELDS, writeBase, type Field } from './base-part.ts';
import { compoundPostings, countRows, type Vocabulary } from './compound-postings.ts';
import { canBeMeant, writeDictionary } from './dictionary-part.ts';
import type { KeywordDocument, KeywordParts, TermRun } from './keyword-document.ts';
import { findMisspellings, meaningPrefix } from './misspellings.ts';
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
  readonly partBytes?: number | undefined;
  /**
   * Whether lengths of fields are kept to four significant bits, as Lucene keeps them: they are most of the base part,
   * which every visit needs. @default false
   */
  readonly roundLengths?: boolean | undefined;
  /** Term → its code, all of one length; also of terms that no document has. @default none */
  readonly codes?: ReadonlyMap<string, Uint8Array> | undefined;
}

/** The same documents give the same bytes. */
export function buildKeywordIndex(
  documents: readonly KeywordDocument[],
  {
    analyzers = { ofPage: () => DEFAULT_ANALYZER },
    partBytes = TERMS_PART_BYTES,
    roundLengths = false,
    codes = new Map(),
  }: KeywordBuildOptions = {},
): KeywordParts {
  const pages = Int32Array.from(documents, ({ page }) => page);
  const weights = Float32Array.from(documents, ({ weight }) => weight);
  const lengths = new Uint32Array(documents.length * FIELDS.length);
  /** Term → for each field, (row, frequency) alternating. */
  const postings = new Map<string, number[][]>();
  const vocabularies = new Map<Analyzer, Map<string, readonly string[]>>();
  const analyzerOf = documents.map(({ language }) => analyzers.ofPage(language));
  documents.forEach((document, row) => {
    const analyzer = analyzerOf[row]!;
    const vocabulary = vocabularies.get(analyzer) ?? new Map<string, readonly string[]>();
    vocabularies.set(analyzer, vocabulary);
    FIELDS.forEach((field, f) => {
      const words = termsOf(analyzer, fieldText(document, field));
      for (const { term, forms = [] } of words) vocabulary.set(term, forms);
      const frequencies = count(words.map(({ term }) => term));
      // Other spellings and forms are not counted, so that a page is not longer for the stemmer of its language.
      lengths[row * FIELDS.length + f] = roundLengths ? roundedLength(frequencies.size) : frequencies.size;
      const others = words.flatMap(othersOf).filter((term) => !frequencies.has(term));
      for (const [term, frequency] of [...frequencies, ...count(others)]) {
        let ofTerm = postings.get(term);
        if (!ofTerm) postings.set(term, (ofTerm = FIELDS.map(() => [])));
        ofTerm[f]!.push(row, frequency);
      }
    });
  });

  for (const [analyzer, forms] of vocabularies) {
    const ofLanguage: Vocabulary = { analyzer, forms, hasRow: (row) => analyzerOf[row] === analyzer };
    for (const [term, fields] of compoundPostings(ofLanguage, postings)) postings.set(term, fields);
  }

  const rows = new Map(Array.from(postings, ([term, fields]) => [term, countRows(fields)]));
  for (const [misspelt, right] of findMisspellings(rows))
    postings.set(meaningPrefix(misspelt) + right, postings.get(misspelt)!);

  // Code unit order, not localeCompare: readers search by it, and it is the same on every platform.
  const inOrder = (terms: Iterable<string>): string[] => [...terms].sort((a, b) => (a < b ? -1 : 1));
  const terms = inOrder(postings.keys());
  const entries = terms.map((term): TermEntry => {
    return { term, postings: packPostings(postings.get(term)!), code: codes.get(term) ?? null };
  });
  const others = inOrder([...codes.keys()].filter((term) => !postings.has(term))).map((term): TermEntry => {
    return { term, postings: null, code: codes.get(term)! };
  });
  const meant = terms.filter(canBeMeant);
  const dictionary = writeDictionary({
    terms: meant,
    rows: Uint32Array.from(meant, (term) => rows.get(term)!),
  });
  return {
    base: writeBase({ pages, lengths, weights }),
    dictionary,
    terms: cutParts(entries, partBytes),
    codes: cutParts(others, CODES_PART_BYTES),
  };
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

function cutParts(entries: readonly TermEntry[], partBytes: number): TermRun[] {
  const parts: TermRun[] = [];
  let start = 0;
  let bytes = 0;
  entries.forEach(({ term, postings, code }, i) => {
    bytes += term.length + (postings?.bytes.length ?? 0) + INCOMPRESSIBLE * (code?.length ?? 0);
    if (bytes < partBytes && i < entries.length - 1) return;
    parts.push({
      first: shortestAfter(entries[start - 1]?.term ?? '', entries[start]!.term),
      bytes: writeTermsPart(entries.slice(start, i + 1)),
    });
    start = i + 1;
    bytes = 0;
  });
  return parts;
}
