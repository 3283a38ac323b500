// A terms part: a run of terms with the rows that have them. It is checked as a whole when it arrives; a term's
// postings are unpacked only when a query needs them, since a part has some thousand terms and a query needs a few. A
// term may also have a code of bytes that this room does not read, such as its vector; some terms have nothing else.

import { FIELDS, type KeywordBase } from './base-part.ts';
import { ByteReader, ByteWriter, damagedPart } from './bytes.ts';
import { readTerms, writeTerms } from './term-list.ts';

/** Postings of a term in one field: rows ascending, and the term's frequency in each. */
export interface FieldPostings {
  readonly rows: Int32Array<ArrayBuffer>;
  readonly frequencies: Uint32Array<ArrayBuffer>;
}

export interface Postings {
  /** By number of the field. */
  readonly fields: readonly FieldPostings[];
  /** Number of rows with the term, in any field. */
  readonly rows: number;
}

export interface TermsPart {
  /** Terms that some row has, ascending. */
  readonly terms: readonly string[];
  has: (term: string) => boolean;
  /** Postings of one of its terms. */
  postings: (term: string) => Postings;
  /** Codes of the terms that have one, of `terms` or not. */
  readonly codes: ReadonlyMap<string, Uint8Array>;
}

/** Postings of one term, packed: for each field, `frequency` occurrences in `row`, rows ascending. */
export interface PackedPostings {
  readonly fields: number;
  readonly bytes: Uint8Array;
}

/** @param rows for each field, (row, frequency) alternating, rows ascending; empty for none */
export function packPostings(rows: readonly (readonly number[])[]): PackedPostings {
  const writer = new ByteWriter();
  let fields = 0;
  rows.forEach((pairs, f) => {
    if (pairs.length === 0) return;
    fields |= 1 << f;
    writer.number(pairs.length / 2);
    let previous = -1;
    for (let i = 0; i < pairs.length; i += 2) {
      const gap = pairs[i]! - previous - 1;
      const frequency = pairs[i + 1]!;
      // The lowest bit says that the frequency is 1, as it mostly is.
      writer.number(gap * 2 + (frequency === 1 ? 0 : 1));
      if (frequency !== 1) writer.number(frequency - 2);
      previous = pairs[i]!;
    }
  });
  return { fields, bytes: writer.taken() };
}

/** A term of a part: its postings, its code, or both. */
export interface TermEntry {
  readonly term: string;
  readonly postings: PackedPostings | null;
  readonly code: Uint8Array | null;
}

/** Most terms of a part: the largest collection's parts have 160 kB, and a term takes three bytes. */
const MOST_TERMS = 2 ** 16;
/** Bit of a term's fields that says that it has a code. */
const CODE_BIT: number = 2 ** FIELDS.length;

/** @param entries in code unit order of their terms; codes of one length */
export function writeTermsPart(entries: readonly TermEntry[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeTerms(
    writer,
    entries.map(({ term }) => term),
  );
  for (const { postings, code } of entries) writer.number((postings?.fields ?? 0) + (code ? CODE_BIT : 0));
  for (const { postings } of entries) if (postings) writer.append(postings.bytes);
  for (const { code } of entries) if (code) writer.append(code);
  return writer.taken();
}

/**
 * @param base of the same index
 * @param range `first` of the part, and of the next one (null for the last)
 * @param codeBytes length of a code; 0 for an index without codes
 * @throws EraError `index-format`
 */
export function readTermsPart(
  bytes: Uint8Array,
  base: KeywordBase,
  range: { readonly first: string; readonly next: string | null },
  codeBytes = 0,
): TermsPart {
  const reader = new ByteReader(bytes);
  const all = readTerms(reader, MOST_TERMS);
  if (all[0]! < range.first || (range.next !== null && all.at(-1)! >= range.next))
    throw damagedPart(0, 'it holds other terms than it should');
  const masks = all.map(() => {
    const mask = reader.numberUpTo(codeBytes > 0 ? 2 * CODE_BIT - 1 : CODE_BIT - 1, 'a field');
    if (mask === 0) throw damagedPart(reader.at - 1, 'a term in no field');
    return mask;
  });
  const places = new Map<string, { at: number; fields: number }>();
  all.forEach((term, i) => {
    const fields = masks[i]! % CODE_BIT;
    if (fields === 0) return;
    places.set(term, { at: reader.at, fields });
    eachPosting(reader, fields, base, () => undefined);
  });
  const codes = new Map<string, Uint8Array>();
  all.forEach((term, i) => {
    if (masks[i]! >= CODE_BIT) codes.set(term, reader.take(codeBytes, 'a code that is cut off'));
  });
  reader.end();

  const made = new Map<string, Postings>();
  const postings = (term: string): Postings => {
    const known = made.get(term);
    if (known) return known;
    const place = places.get(term)!;
    const pairs: [number[], number[]][] = FIELDS.map(() => [[], []]);
    const again = new ByteReader(bytes);
    again.at = place.at;
    eachPosting(again, place.fields, base, (field, row, frequency) => {
      pairs[field]![0].push(row);
      pairs[field]![1].push(frequency);
    });
    const found: Postings = {
      fields: pairs.map(([rows, frequencies]) => ({
        rows: Int32Array.from(rows),
        frequencies: Uint32Array.from(frequencies),
      })),
      rows: new Set(pairs.flatMap(([rows]) => rows)).size,
    };
    made.set(term, found);
    return found;
  };
  return {
    terms: [...places.keys()],
    has: (term) => places.has(term),
    postings,
    codes,
  };
}

function eachPosting(
  reader: ByteReader,
  fields: number,
  { pages, lengths }: KeywordBase,
  visit: (field: number, row: number, frequency: number) => void,
): void {
  for (let field = 0; field < FIELDS.length; field++) {
    if ((fields & (1 << field)) === 0) continue;
    const count = reader.count('the number of rows with a term');
    if (count === 0) throw damagedPart(reader.at, 'a field without rows');
    let row = -1;
    for (let i = 0; i < count; i++) {
      const start = reader.at;
      const packed = reader.number();
      row += Math.floor(packed / 2) + 1;
      if (row >= pages.length) throw damagedPart(start, `row ${row} of ${pages.length}`);
      if (lengths[row * FIELDS.length + field] === 0)
        throw damagedPart(start, `a term in a field of row ${row} that has none`);
      visit(field, row, packed % 2 === 0 ? 1 : reader.number() + 2);
    }
  }
}
