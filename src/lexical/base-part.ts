// The base part: for every row the field lengths and the weight that BM25 needs before any term is loaded, and its
// page.

import { ByteReader, ByteWriter, damagedPart } from './bytes.ts';

/** Order of the fields in all parts. */
export const FIELDS = ['title', 'headings', 'text'] as const;
export type Field = (typeof FIELDS)[number];

export interface KeywordBase {
  /** Page of each row, ascending. */
  readonly pages: Int32Array<ArrayBuffer>;
  /** Number of distinct terms in each field of each row, [rows, FIELDS.length]. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  /** Factor of each row's scores; 1 for most. */
  readonly weights: Float32Array<ArrayBuffer>;
}

export function writeBase({ pages, lengths, weights }: KeywordBase): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.number(pages.length);
  pages.forEach((page, row) => writer.number(page - (pages[row - 1] ?? 0)));
  FIELDS.forEach((_, f) => {
    for (let row = 0; row < pages.length; row++) writer.number(lengths[row * FIELDS.length + f]!);
  });
  const heavy = [...weights.keys()].filter((row) => weights[row] !== 1);
  writer.number(heavy.length);
  heavy.forEach((row, i) => {
    writer.number(row - (heavy[i - 1] ?? 0));
    writer.append(new Uint8Array(Float32Array.of(weights[row]!).buffer));
  });
  return writer.taken();
}

/** Bytes of a row: its page, and the length of each field. */
const LEAST_ROW_BYTES = 1 + FIELDS.length;
/** Bytes of a weight: its row, and the number. */
const WEIGHT_BYTES = 1 + 4;

/**
 * The part where it begins as that of so many rows; the rest is not read.
 * @throws EraError `index-format` for another number of rows, and for one that the bytes cannot hold
 */
export function baseOf(bytes: Uint8Array<ArrayBuffer>, rows: number): Uint8Array<ArrayBuffer> {
  const count = rowsIn(new ByteReader(bytes));
  if (count !== rows) throw damagedPart(0, `${count} rows, where the manifest has ${rows}`);
  return bytes;
}

function rowsIn(reader: ByteReader): number {
  return reader.count('the number of rows', LEAST_ROW_BYTES);
}

/** @throws EraError `index-format` */
export function readBase(bytes: Uint8Array): KeywordBase {
  const reader = new ByteReader(bytes);
  const count = rowsIn(reader);
  if (count === 0) throw damagedPart(0, 'no rows');
  const pages = new Int32Array(count);
  let page = 0;
  for (let row = 0; row < count; row++) {
    page += reader.numberUpTo(2 ** 31 - 1 - page, 'a page');
    pages[row] = page;
  }
  const lengths = new Uint32Array(count * FIELDS.length);
  FIELDS.forEach((_, f) => {
    for (let row = 0; row < count; row++) lengths[row * FIELDS.length + f] = reader.number();
  });
  const weights = new Float32Array(count).fill(1);
  const heavy = reader.count('the number of weights', WEIGHT_BYTES);
  let row = 0;
  for (let i = 0; i < heavy; i++) {
    const step = reader.numberUpTo(count - 1 - row, 'a row with a weight');
    if (i > 0 && step === 0) throw damagedPart(reader.at - 1, 'two weights of one row');
    row += step;
    const weight = new Float32Array(reader.take(4, 'a weight that is cut off').slice().buffer)[0]!;
    if (!(weight >= 0 && weight < Infinity) || weight === 1)
      throw damagedPart(reader.at - 4, 'a weight that is not a finite number ≥ 0, or is 1');
    weights[row] = weight;
  }
  reader.end();
  return { pages, lengths, weights };
}
