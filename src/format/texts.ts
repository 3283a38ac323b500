// The text part of an index file: all fields of all passages as one run of UTF-8, found by their ends. Checked as a whole once,
// decoded by row when asked for.

import { EraError } from '../errors.ts';
import { damaged } from './damaged.ts';
import type { IndexView, Passage } from './index-file.ts';
import { FIELDS, MAX_FIELD_BYTES, placed, type Layout } from './layout.ts';

/** Text is checked in pieces of about this size, so that no string is as long as the file. */
const PIECE_BYTES = 2 ** 20;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param count passages
 * @throws EraError `index-format` unless the ends are in order, every field is UTF-8 of its own, and the ids differ
 */
export function checkedTexts(bytes: Uint8Array<ArrayBuffer>, layout: Layout, count: number): Pick<IndexView, 'passage' | 'ids'> {
  const ends = new Uint32Array(...placed(bytes, layout.fieldEnds.at, count * FIELDS.length, 4));
  const texts = bytes.subarray(layout.texts.at, layout.texts.at + layout.texts.bytes);
  checkEnds(ends, texts.length, layout);
  checkUtf8(ends, texts, layout);

  const field = (row: number, f: number): string => {
    const i = row * FIELDS.length + f;
    return decoder.decode(texts.subarray(i === 0 ? 0 : ends[i - 1]!, ends[i]));
  };
  const ids = (): string[] => Array.from({ length: count }, (_, row) => field(row, 0));
  checkIds(ids(), layout);

  const passage = (row: number): Passage => {
    if (!Number.isInteger(row) || row < 0 || row >= count) throw new EraError('invalid-input', `There is no row ${row} among ${count}.`, { details: { row, count } });
    const [id, title, url, text] = FIELDS.map((_, f) => field(row, f)) as [string, string, string, string];
    return { id, text, ...(title && { title }), ...(url && { url }) };
  };
  return { passage, ids };
}

function checkEnds(ends: Uint32Array, textBytes: number, layout: Layout): void {
  let start = 0;
  ends.forEach((end, i) => {
    if (end < start || end - start > MAX_FIELD_BYTES) throw damaged(layout.fieldEnds.at + i * 4, 'a field that ends before it begins or is too long');
    start = end;
  });
  if (start !== textBytes) throw damaged(layout.fieldEnds.at + (ends.length - 1) * 4, 'fields that do not fill the texts');
}

function checkUtf8(ends: Uint32Array, texts: Uint8Array, layout: Layout): void {
  let pieceStart = 0;
  ends.forEach((end, i) => {
    // A field that began inside a character would make two fields invalid whose joint bytes are valid.
    if (end < texts.length && (texts[end]! & 0xc0) === 0x80) throw damaged(layout.texts.at + end, 'a field that begins inside a character');
    if (end - pieceStart < PIECE_BYTES && i < ends.length - 1) return;
    try {
      decoder.decode(texts.subarray(pieceStart, end));
    } catch (cause) {
      throw damaged(layout.texts.at + pieceStart, 'text that is not UTF-8', cause);
    }
    pieceStart = end;
  });
}

function checkIds(ids: readonly string[], layout: Layout): void {
  const seen = new Set<string>();
  ids.forEach((id, row) => {
    if (seen.has(id)) throw damaged(layout.fieldEnds.at + row * FIELDS.length * 4, `two passages with the id ${id.slice(0, 200)}`);
    seen.add(id);
  });
}
