// File bytes to a checked view. Everything is checked before anything is handed out or allocated by a number from the file; after
// that, reading a passage cannot fail. One content has one file: whatever the writer would not have written is refused.

import { sha256 } from '@noble/hashes/sha2.js';
import { isScale } from '../math/quantize.ts';
import { EraError } from '../errors.ts';
import { parseSpaceId, spaceId, type Space } from '../space.ts';
import { damaged } from './damaged.ts';
import type { IndexView } from './index-file.ts';
import { headerText, layoutOf, MAGIC, MAX_DIMS, MAX_HEADER_BYTES, MAX_PASSAGES, MAX_TEXT_BYTES, placed, PREAMBLE_BYTES, TRAILER_BYTES, VERSION, type Header, type Layout } from './layout.ts';
import { toHex } from './sha256.ts';
import { checkedTexts } from './texts.ts';

/**
 * @param bytes the whole file. The view looks into them: they must not change while it is in use.
 * @throws EraError `unsupported-version`; `index-format` with details {offset} for everything else that is not a sound index
 */
export function readIndex(bytes: Uint8Array<ArrayBuffer>): IndexView {
  const fileSha256 = checkFrame(bytes);
  const { header, space, headerBytes } = readHeader(bytes);
  const layout = layoutOf(header, headerBytes);
  if (layout.fileBytes !== bytes.length) throw damaged(0, `${bytes.length} bytes where the header calls for ${layout.fileBytes}`);
  checkPadding(bytes, layout);
  const { count, dims } = header;
  const scales = new Float32Array(...placed(bytes, layout.scales.at, count, 4));
  const codes = new Int8Array(bytes.buffer, bytes.byteOffset + layout.codes.at, layout.codes.bytes);
  checkVectors(scales, codes, layout);
  const texts = checkedTexts(bytes, layout, count);
  return { space, count, dims, sha256: fileSha256, vectors: { codes, scales, dims }, passage: texts.passage, ids: texts.ids };
}

/** What holds for files of every version: the magic, and the trailer over all bytes before it. Returns the sha-256 of the file. */
function checkFrame(bytes: Uint8Array): string {
  if (bytes.length < PREAMBLE_BYTES + TRAILER_BYTES) throw damaged(bytes.length, 'it is too short');
  MAGIC.forEach((byte, i) => {
    if (bytes[i] !== byte) throw damaged(i, 'it begins with other letters');
  });
  const trailerAt = bytes.length - TRAILER_BYTES;
  const hash = sha256.create().update(bytes.subarray(0, trailerAt));
  const expected = hash.clone().digest();
  const trailer = bytes.subarray(trailerAt);
  if (expected.some((byte, i) => trailer[i] !== byte)) throw damaged(trailerAt, 'its bytes do not match its hash');
  return toHex(hash.update(trailer).digest());
}

function readHeader(bytes: Uint8Array<ArrayBuffer>): { header: Header; space: Space; headerBytes: number } {
  const preamble = new DataView(bytes.buffer, bytes.byteOffset, PREAMBLE_BYTES);
  const version = preamble.getUint32(MAGIC.length, true);
  if (version > VERSION) throw new EraError('unsupported-version', `The index has format version ${version}; this release reads ${VERSION}.`, { details: { version } });
  if (version !== VERSION) throw damaged(MAGIC.length, `version ${version} does not exist`);
  const headerBytes = preamble.getUint32(MAGIC.length + 4, true);
  if (headerBytes > Math.min(MAX_HEADER_BYTES, bytes.length - PREAMBLE_BYTES - TRAILER_BYTES)) throw damaged(MAGIC.length + 4, `a header of ${headerBytes} bytes`);

  const text = decodeHeader(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes));
  const header = parseHeader(text);
  if (headerText(header) !== text) throw damaged(PREAMBLE_BYTES, 'the header is not in its canonical form');
  try {
    const space = parseSpaceId(header.space);
    if (spaceId(space) === header.space && space.dims === header.dims) return { header, space, headerBytes };
  } catch (cause) {
    throw damaged(PREAMBLE_BYTES, 'the header names no space', cause);
  }
  throw damaged(PREAMBLE_BYTES, 'the header names a space of another form or length');
}

function decodeHeader(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(PREAMBLE_BYTES, 'the header is not UTF-8', cause);
  }
}

function parseHeader(text: string): Header {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged(PREAMBLE_BYTES, 'the header is not JSON', cause);
  }
  const { count, dims, space, textBytes } = (parsed ?? {}) as Record<string, unknown>;
  if (!isWithin(count, 1, MAX_PASSAGES) || !isWithin(dims, 1, MAX_DIMS) || !isWithin(textBytes, 0, MAX_TEXT_BYTES) || typeof space !== 'string') {
    throw damaged(PREAMBLE_BYTES, 'the header holds numbers that are out of bounds');
  }
  return { count, dims, space, textBytes };
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function checkPadding(bytes: Uint8Array, { padding }: Layout): void {
  for (const { at, bytes: length } of padding) {
    for (let i = at; i < at + length; i++) if (bytes[i] !== 0) throw damaged(i, 'filler that is not zero');
  }
}

function checkVectors(scales: Float32Array, codes: Int8Array, layout: Layout): void {
  const badScale = scales.findIndex((scale) => !isScale(scale));
  if (badScale >= 0) throw damaged(layout.scales.at + badScale * 4, 'a scale that is negative or whose numbers are not finite');
  const badCode = codes.indexOf(-128);
  if (badCode >= 0) throw damaged(layout.codes.at + badCode, 'the code −128');
}
