// Packs several small files into one, so that a store has all of them or none: u32 length of a JSON header, the header,
// then the bytes of each file. The store checks the hash; this file detects only bytes that cannot be read at all.

import { joinBytes } from '../format/join-bytes.ts';

export interface Container {
  /** Text chosen by the writer. */
  readonly facts: string;
  /** Name → bytes, views into the container's own. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Of the header's length. */
export const LENGTH_BYTES: number = 4;

export function packContainer(facts: string, files: Iterable<readonly [string, Uint8Array]>): Uint8Array<ArrayBuffer> {
  const entries = [...files];
  const header = new TextEncoder().encode(
    JSON.stringify({ facts, files: entries.map(([name, bytes]) => [name, bytes.length]) }),
  );
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return joinBytes([length, header, ...entries.map(([, bytes]) => bytes)]);
}

/** Null for bytes that `packContainer` has not made. */
export function unpackContainer(bytes: Uint8Array<ArrayBuffer>): Container | null {
  if (bytes.length < LENGTH_BYTES) return null;
  const headerEnd = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header =
    headerEnd <= bytes.length ? parseHeader(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, headerEnd))) : null;
  if (!header) return null;
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let at = headerEnd;
  for (const [name, length] of header.files) {
    if (length > bytes.length - at) return null;
    files.set(name, bytes.subarray(at, at + length));
    at += length;
  }
  return at === bytes.length ? { facts: header.facts, files } : null;
}

/** Null for a text that `packContainer` has not made. */
export function parseHeader(text: string): { facts: string; files: [string, number][] } | null {
  try {
    const header = JSON.parse(text) as { facts?: unknown; files?: unknown } | null;
    const isEntry = (entry: unknown): boolean =>
      Array.isArray(entry) && typeof entry[0] === 'string' && Number.isInteger(entry[1]) && (entry[1] as number) >= 0;
    if (typeof header?.facts !== 'string' || !Array.isArray(header.files) || !header.files.every(isEntry)) return null;
    return { facts: header.facts, files: header.files as [string, number][] };
  } catch {
    return null;
  }
}
