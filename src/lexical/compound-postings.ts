// What a collection has of compounds: a word is also found in the compounds that it is a part of (Haltestelle in
// Bushaltestelle), and a compound where its words stand together in a text (Druckreihenfolge, Reihenfolge im Druck).

import type { Analyzer } from '../analysis/analyzer.ts';
import { compoundSplitter, compoundTerm } from '../analysis/compounds.ts';
import type { Pairs, PostingsTable } from './postings-table.ts';

/** Words of the pages of one language. */
export interface Vocabulary {
  readonly analyzer: Analyzer;
  /** Term → its forms. */
  readonly forms: ReadonlyMap<string, readonly string[]>;
  readonly hasRow: (row: number) => boolean;
}

/** Letters of a word, at least, that may stand in a compound in a form that no page has by itself. */
const LEAST_INFLECTED = 6;
/** Rows in which the words of a compound stand together, at most: where they are in more, they say nothing together. */
const MOST_TOGETHER = 20;

/**
 * @param postings of all terms
 * @returns term → its postings, of terms that lead to compounds
 */
export function compoundPostings(
  { analyzer, forms, hasRow }: Vocabulary,
  postings: Pick<PostingsTable, 'rowsOf' | 'pairsOf'>,
): Map<string, number[][]> {
  const formsOf = (term: string): readonly string[] =>
    forms.get(term) ?? analyzer.tokens(term).flatMap((token) => token.forms ?? []);
  const rowsWith = (term: string): number => {
    if (analyzer.isStopWord(term)) return 0;
    const isWord = forms.has(term);
    if (!isWord && term.length < LEAST_INFLECTED) return 0;
    return Math.max(0, ...(isWord ? [term] : formsOf(term)).map((other) => postings.rowsOf(other)));
  };
  const counted = new Map<string, number>();
  const split = compoundSplitter(analyzer.language, (term) => {
    const known = counted.get(term) ?? rowsWith(term);
    counted.set(term, known);
    return known;
  });
  /** Term → for each field, row → frequency. */
  const found = new Map<string, Map<number, number>[]>();
  const add = (targets: readonly string[], pairs: Pairs): void => {
    for (const target of targets) {
      const term = compoundTerm(target);
      if (term === null) continue;
      const fields = found.get(term) ?? pairs.map(() => new Map<number, number>());
      found.set(term, fields);
      pairs.forEach((ofField, f) => {
        for (let i = 0; i < ofField.length; i += 2) {
          const row = ofField[i]!;
          if (hasRow(row)) fields[f]!.set(row, (fields[f]!.get(row) ?? 0) + ofField[i + 1]!);
        }
      });
    }
  };
  if (split)
    for (const [word, ofWord] of forms) {
      const pieces = split(word);
      if (pieces.length === 0) continue;
      for (const piece of new Set(pieces)) add(formsOf(piece), postings.pairsOf(word));
      const together = pieces.map((piece): Pairs => postings.pairsOf(formsOf(piece)[0] ?? piece)).reduce(common);
      if (countRows(together) <= MOST_TOGETHER) add(ofWord, together);
    }
  return new Map(
    Array.from(found, ([term, fields]): [string, number[][]] => [
      term,
      fields.map((rows) => [...rows].sort(([x], [y]) => x - y).flat()),
    ]).filter(([, fields]) => fields.some((pairs) => pairs.length > 0)),
  );
}

/** In each field the rows of both, as often as the rarer. */
function common(some: Pairs, more: Pairs): Pairs {
  return some.map((pairs, f) => {
    const others = more[f] ?? [];
    const frequencies = new Map<number, number>();
    for (let i = 0; i < others.length; i += 2) frequencies.set(others[i]!, others[i + 1]!);
    const out: number[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      const other = frequencies.get(pairs[i]!);
      if (other !== undefined) out.push(pairs[i]!, Math.min(pairs[i + 1]!, other));
    }
    return out;
  });
}

/** Number of rows in any field. */
export function countRows(pairs: Pairs): number {
  const rows = new Set<number>();
  for (const ofField of pairs) for (let i = 0; i < ofField.length; i += 2) rows.add(ofField[i]!);
  return rows.size;
}
