// Compresses and unpacks bytes with the platform's gzip.

import { EraError, messageOf } from '../errors.ts';
import { joinBytes } from '../format/join-bytes.ts';
import { chunks } from './download.ts';

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );
}

export function isGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a gzip file; bytes of anything else as they are, since some hosts unpack files in transit.
 * @param what named in errors
 * @throws EraError `index-format` for a damaged file and for more than `maxBytes`
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzipped(bytes)) return bytes;
  const unpacked: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks(
      new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))),
    )) {
      unpacked.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw new Error('it is too large.');
    }
  } catch (cause) {
    throw new EraError('index-format', `${what} cannot be unpacked: ${messageOf(cause)}`, { cause });
  }
  return joinBytes(unpacked);
}
