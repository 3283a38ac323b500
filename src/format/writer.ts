// Index content to file bytes. Deterministic: the same content gives the same bytes on every machine.

import { sha256 } from '@noble/hashes/sha2.js';
import { EraError } from '../errors.ts';
import { parseSpaceId, spaceId } from '../space.ts';
import type { IndexContent, Passage } from './index-file.ts';
import { FIELDS, headerText, layoutOf, MAGIC, MAX_DIMS, MAX_FIELD_BYTES, MAX_HEADER_BYTES, MAX_PASSAGES, MAX_TEXT_BYTES, PREAMBLE_BYTES, VERSION } from './layout.ts';

const encoder = new TextEncoder();

/**
 * The bytes of an index file; see FORMAT.md. An empty title or url counts as none, and a lone surrogate in a text is written as U+FFFD.
 * @throws EraError `empty-corpus`, `duplicate-id`, `dimension-mismatch`, `not-finite`, `invalid-input`, `too-large`
 */
export function writeIndex(content: IndexContent): Uint8Array<ArrayBuffer> {
  checkContent(content);
  const { vectors, passages } = content;
  const { fields, ends, textBytes } = encodeTexts(passages);
  const space = spaceId(content.space);
  parseSpaceId(space);
  const header = { count: passages.length, dims: vectors.dims, space, textBytes };
  const headerBytes = encoder.encode(headerText(header));
  if (headerBytes.length > MAX_HEADER_BYTES) throw new EraError('too-large', `The space id is longer than ${MAX_HEADER_BYTES} bytes.`);

  const layout = layoutOf(header, headerBytes.length);
  const file = new Uint8Array(layout.fileBytes);
  const preamble = new DataView(file.buffer);
  file.set(MAGIC, 0);
  preamble.setUint32(MAGIC.length, VERSION, true);
  preamble.setUint32(MAGIC.length + 4, headerBytes.length, true);
  file.set(headerBytes, PREAMBLE_BYTES);
  new Float32Array(file.buffer, layout.scales.at, header.count).set(vectors.scales);
  new Int8Array(file.buffer, layout.codes.at, layout.codes.bytes).set(vectors.codes);
  new Uint32Array(file.buffer, layout.fieldEnds.at, ends.length).set(ends);
  let at = layout.texts.at;
  for (const field of fields) {
    file.set(field, at);
    at += field.length;
  }
  file.set(sha256(file.subarray(0, layout.trailer.at)), layout.trailer.at);
  return file;
}

function checkContent({ space, vectors, passages }: IndexContent): void {
  const { codes, scales, dims } = vectors;
  const count = passages.length;
  if (count === 0) throw new EraError('empty-corpus', 'There is no passage to index.');
  if (count > MAX_PASSAGES) throw new EraError('too-large', `${count} passages are more than ${MAX_PASSAGES}.`, { details: { count } });
  if (dims > MAX_DIMS) throw new EraError('too-large', `${dims} dimensions are more than ${MAX_DIMS}.`, { details: { dims } });
  if (!Number.isInteger(dims) || dims < 1 || dims !== space.dims || scales.length !== count || codes.length !== count * dims) {
    throw new EraError('dimension-mismatch', `${count} passages in a space of ${space.dims} dimensions need as many vectors of that length.`, {
      details: { passages: count, spaceDims: space.dims, dims, scales: scales.length, codes: codes.length },
    });
  }
  const badScale = scales.findIndex((scale) => !(scale >= 0 && scale < Infinity));
  if (badScale >= 0) throw new EraError('not-finite', `The scale of vector ${badScale} is not a finite number ≥ 0.`, { details: { vector: badScale } });
  const badCode = codes.indexOf(-128);
  if (badCode >= 0) throw new EraError('invalid-input', 'Codes are at least −127.', { details: { vector: Math.floor(badCode / dims) } });

  const seen = new Set<string>();
  passages.forEach(({ id }, row) => {
    if (/\p{Surrogate}/u.test(id)) throw new EraError('invalid-input', `The id of passage ${row} is not well-formed text.`, { details: { row } });
    if (seen.has(id)) throw new EraError('duplicate-id', `Two passages have the id ${id.slice(0, 200)}.`, { details: { id, row } });
    seen.add(id);
  });
}

function encodeTexts(passages: readonly Passage[]): { fields: Uint8Array[]; ends: Uint32Array; textBytes: number } {
  const fields: Uint8Array[] = [];
  const ends = new Uint32Array(passages.length * FIELDS.length);
  let textBytes = 0;
  passages.forEach((passage, row) => {
    FIELDS.forEach((name, f) => {
      const field = encoder.encode(passage[name] ?? '');
      textBytes += field.length;
      if (field.length > MAX_FIELD_BYTES || textBytes > MAX_TEXT_BYTES) {
        throw new EraError('too-large', `The texts do not fit an index: ${name} of passage ${row}.`, { details: { row, fieldBytes: field.length, textBytes } });
      }
      fields.push(field);
      ends[row * FIELDS.length + f] = textBytes;
    });
  });
  return { fields, ends, textBytes };
}
