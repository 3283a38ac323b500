// Where everything lies in an index file. The header holds four values and every offset follows from them, so that no file can
// name sections that overlap, leave holes or lie outside it. Numbers are little-endian, as on every platform that runs JavaScript.
// FORMAT.md is the same in words.

/** `ERAINDEX` in ASCII. */
export const MAGIC: readonly number[] = [0x45, 0x52, 0x41, 0x49, 0x4e, 0x44, 0x45, 0x58];
export const VERSION = 1;
/** Magic, version (u32), header length (u32). */
export const PREAMBLE_BYTES = 16;
/** sha-256 of all bytes before it. */
export const TRAILER_BYTES = 32;

export const MAX_HEADER_BYTES: number = 2 ** 16;
export const MAX_DIMS = 8192;
export const MAX_PASSAGES: number = 2 ** 24;
/** Field ends are u32. */
export const MAX_TEXT_BYTES: number = 2 ** 32 - 1;
/** One field must fit a string of every engine; the smallest limit in use is 2^28 units. */
export const MAX_FIELD_BYTES: number = 2 ** 26;

/** The text fields of a passage, in file order. */
export const FIELDS = ['id', 'title', 'url', 'text'] as const;

const ALIGNMENT_BYTES = 8;

export interface Header {
  /** Passages. */
  readonly count: number;
  readonly dims: number;
  /** Space id. */
  readonly space: string;
  readonly textBytes: number;
}

export interface Section {
  /** Offset from the start of the file. */
  readonly at: number;
  readonly bytes: number;
}

export interface Layout {
  /** f32 [count] */
  readonly scales: Section;
  /** int8 [count, dims], row-major */
  readonly codes: Section;
  /** u32 [count, FIELDS.length]: where each field ends, counted from the start of `texts` */
  readonly fieldEnds: Section;
  /** UTF-8, all fields one after another */
  readonly texts: Section;
  readonly trailer: Section;
  /** Filler between sections; every byte is zero. */
  readonly padding: readonly Section[];
  readonly fileBytes: number;
}

/** Canonical JSON: sorted keys, no spaces. Equal headers have equal bytes. */
export function headerText({ count, dims, space, textBytes }: Header): string {
  return JSON.stringify({ count, dims, space, textBytes });
}

/** @param headerBytes length of the encoded header */
export function layoutOf(header: Header, headerBytes: number): Layout {
  const padding: Section[] = [];
  let end = PREAMBLE_BYTES + headerBytes;
  const next = (bytes: number): Section => {
    const at = Math.ceil(end / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    if (at > end) padding.push({ at: end, bytes: at - end });
    end = at + bytes;
    return { at, bytes };
  };
  const scales = next(header.count * 4);
  const codes = next(header.count * header.dims);
  const fieldEnds = next(header.count * FIELDS.length * 4);
  const texts = next(header.textBytes);
  const trailer = next(TRAILER_BYTES);
  return { scales, codes, fieldEnds, texts, trailer, padding, fileBytes: end };
}

/** Arguments of a typed array over `length` numbers at offset `at`: a view, or a copy where the caller's bytes are not aligned. */
export function placed(bytes: Uint8Array<ArrayBuffer>, at: number, length: number, numberBytes: number): [ArrayBuffer, number, number] {
  const start = bytes.byteOffset + at;
  if (start % numberBytes === 0) return [bytes.buffer, start, length];
  return [bytes.buffer.slice(start, start + length * numberBytes), 0, length];
}
