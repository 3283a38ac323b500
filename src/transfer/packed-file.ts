// How a large file of a published model is stored, so that every host serves it: cut into pieces, each gzipped and
// named `.bin` by its hash. `era-model.json` lists them. FORMAT.md has the fields.

import { digestHex } from '../digest.ts';
import { EraError } from '../errors.ts';
import { gunzip } from './gzip.ts';

/** Bytes of a piece before compression: some hosts take no file above 20 or 25 MiB. */
export const PIECE_BYTES: number = 2 ** 24;

/** What a host may send for a piece: gzip adds a little to what cannot be compressed. */
export const MAX_SENT_BYTES: number = PIECE_BYTES + 2 ** 16;

export interface PackedFile {
  /** Of the whole file. */
  readonly bytes: number;
  readonly sha256: string;
  /** In order; `file` is relative to the folder of the model, `bytes` is its size as published. */
  readonly parts: readonly { readonly file: string; readonly bytes: number }[];
}

export const packedName = (hash: string): string => `parts/${hash.slice(0, 16)}.bin`;

/** The list of `era-model.json`, by file name; null where it is none. */
export function readPackedFiles(list: unknown): Readonly<Record<string, PackedFile>> | null {
  if (list === undefined) return {};
  if (typeof list !== 'object' || list === null || !Object.values(list).every(isPackedFile)) return null;
  return list as Record<string, PackedFile>;
}

/** Size as published. */
export function packedBytes({ parts }: PackedFile): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * The whole file.
 * @param read a piece; `onBytes` is called with the bytes of it that have arrived
 * @param onBytes called with the bytes of all pieces that have arrived
 * @throws EraError `index-format` for pieces that are not those of the list; what `read` throws
 */
export async function joinPieces(
  { bytes, sha256, parts }: PackedFile,
  read: (file: string, onBytes: (loadedBytes: number) => void) => Promise<Uint8Array<ArrayBuffer>>,
  onBytes: (loadedBytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  // Memory is taken once the first piece has the size that the list says.
  let whole = new Uint8Array();
  let at = 0;
  let before = 0;
  for (const part of parts) {
    // Where the host unpacks the piece in transit, more bytes arrive than it has.
    const piece = await read(part.file, (loaded) => onBytes(before + Math.min(loaded, part.bytes)));
    const most = Math.min(PIECE_BYTES, bytes - at);
    const content = await gunzip(piece, part.file, most);
    // Pieces are of one size, but the last.
    if (content.length > most || (at === 0 && content.length * parts.length < bytes)) throw otherFile(part.file);
    if (at === 0) whole = new Uint8Array(bytes);
    whole.set(content, at);
    at += content.length;
    before += part.bytes;
  }
  if (at < bytes || (await digestHex(whole)) !== sha256) throw otherFile(parts[0]?.file ?? '');
  return whole;
}

function isPackedFile(value: unknown): value is PackedFile {
  const { bytes, sha256, parts } = (value ?? {}) as { bytes?: unknown; sha256?: unknown; parts?: unknown };
  const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) > 0;
  return (
    isSize(bytes) &&
    (bytes as number) < 2 ** 31 &&
    typeof sha256 === 'string' &&
    Array.isArray(parts) &&
    (parts as readonly ({ file?: unknown; bytes?: unknown } | null)[]).every(
      (part) => /^parts\/[0-9a-f]{16}\.bin$/.test(String(part?.file)) && isSize(part?.bytes),
    )
  );
}

function otherFile(file: string): EraError {
  return new EraError(
    'index-format',
    `${file} and its pieces are not the file that the description of the model names.`,
  );
}
