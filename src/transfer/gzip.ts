// Compresses and unpacks bytes with the platform's gzip.

import { EraError, messageOf } from '../errors.ts';
import { chunks } from './download.ts';

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );
}

export function isGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** DEFLATE unpacks a slice to at most a thousand times as much, which the platform makes at once. */
const SLICE_BYTES = 4096;

/**
 * The content of a gzip file; bytes of anything else as they are, since some hosts unpack files in transit. No memory
 * is taken for more than the file says that it unpacks to, and unpacking stops there.
 * @param bytes a file of one member
 * @param what named in errors
 * @throws EraError `index-format` for a damaged file and for more than `maxBytes`
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzipped(bytes)) return bytes;
  try {
    const declared = declaredBytes(bytes);
    if (declared > maxBytes) throw new Error(`it has ${String(declared)} bytes, more than ${String(maxBytes)}.`);
    const unpacked = new Uint8Array(declared);
    let length = 0;
    for await (const chunk of chunks(new Response(slices(bytes).pipeThrough(new DecompressionStream('gzip'))))) {
      if (length + chunk.length > declared) throw new Error('it has more bytes than it says.');
      unpacked.set(chunk, length);
      length += chunk.length;
    }
    if (length < declared) throw new Error('it has fewer bytes than it says.');
    return unpacked;
  } catch (cause) {
    throw new EraError('index-format', `${what} cannot be unpacked: ${messageOf(cause)}`, { cause });
  }
}

/** Bytes of the content, as the last four bytes of the file say. Source: RFC 1952, ISIZE. */
function declaredBytes(bytes: Uint8Array<ArrayBuffer>): number {
  const at = bytes.length - 4;
  return at < 0 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

/** The bytes in slices, each once the one before has been unpacked. */
function slices(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      pull: (controller) => {
        controller.enqueue(bytes.slice(at, (at += SLICE_BYTES)));
        if (at >= bytes.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
