// The dictionary part: the terms that can replace a misspelt word, with the number of rows of each.

import { normalize } from '../analysis/normalize.ts';
import { ByteReader, ByteWriter, damagedPart } from './bytes.ts';
import { readTerms, writeTerms } from './term-list.ts';

export interface Dictionary {
  /** Ascending. */
  readonly terms: readonly string[];
  /** Number of rows with each term. */
  readonly rows: Uint32Array<ArrayBuffer>;
}

/**
 * Leaves out numbers, very short terms, names with signs in them, whose parts are included, and words with their accents,
 * which are also there without: half of all terms.
 */
export function canBeMeant(term: string): boolean {
  return term.length > 2 && /^[\p{L}\p{M}\p{N}]*\p{L}[\p{L}\p{M}\p{N}]*$/u.test(term) && normalize(term) === term;
}

export function writeDictionary({ terms, rows }: Dictionary): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeTerms(writer, terms);
  for (const count of rows) writer.number(count);
  return writer.taken();
}

/** @throws EraError `index-format` */
export function readDictionary(bytes: Uint8Array): Dictionary {
  const reader = new ByteReader(bytes);
  const terms = readTerms(reader);
  const rows = new Uint32Array(terms.length);
  for (let i = 0; i < terms.length; i++) {
    rows[i] = reader.number();
    if (rows[i] === 0) throw damagedPart(reader.at - 1, 'a term in no row');
  }
  reader.end();
  return { terms, rows };
}
