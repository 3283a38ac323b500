// Where the kernel finds vectors in its memory. Vectors that are read into such a memory from the start are not copied
// once more when the backend opens.

import type { QuantizedVectors } from '../../math/quantize.ts';
import type { Accepted } from '../scan.ts';

/** Bytes of a row are padded to this: the kernel reads so many codes at a time. */
const CHUNK = 32;
/** Rows that the kernel scores at once. */
export const GROUP_ROWS = 4;
/** Rows between two updates of the threshold. */
export const BLOCK_ROWS = 256;
/** Scales and offsets of a group. */
export const GROUP_NUMBERS: number = 2 * GROUP_ROWS;
const PAGE_BYTES = 65536;
const HIT_BYTES = 8;

/** Addresses in bytes, each a multiple of 16; the query is at 0. */
export interface Place {
  readonly memory: WebAssembly.Memory;
  /** Bytes of a row. */
  readonly stride: number;
  /** Rows with those that only fill the last group. */
  readonly paddedCount: number;
  readonly hitsAt: number;
  /** The query once more, float64, for exact scores. */
  readonly exactAt: number;
  readonly groupsAt: number;
  /** Groups once more, for a set of accepted rows. */
  readonly acceptedAt: number;
  readonly rowsAt: number;
  /** That set. */
  accepted: Accepted | undefined;
}

const places = new WeakMap<QuantizedVectors, Place>();

/** @throws RangeError where there is too little memory, ReferenceError where there is no WebAssembly */
export function makePlace(count: number, dims: number): Place {
  const stride = roundUp(dims, CHUNK);
  const paddedCount = roundUp(count, GROUP_ROWS);
  const hitsAt = stride * 2; // the wider of the queries
  const exactAt = hitsAt + BLOCK_ROWS * HIT_BYTES;
  const groupsAt = exactAt + stride * 8;
  const groupBytes = (paddedCount / GROUP_ROWS) * GROUP_NUMBERS * 4;
  const acceptedAt = groupsAt + groupBytes;
  const rowsAt = acceptedAt + groupBytes;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((rowsAt + paddedCount * stride) / PAGE_BYTES) });
  return { memory, stride, paddedCount, hitsAt, exactAt, groupsAt, acceptedAt, rowsAt, accepted: undefined };
}

/** The place of vectors that `allocateVectors` has made. */
export function placeOf(vectors: QuantizedVectors): Place | undefined {
  return places.get(vectors);
}

/** Vectors of zeros, to be filled: their codes where the kernel reads them if rows need no padding, else anywhere. */
export function allocateVectors(count: number, dims: number): QuantizedVectors {
  if (dims % CHUNK === 0) {
    try {
      const place = makePlace(count, dims);
      const { buffer } = place.memory;
      const codes = new Int8Array(buffer, place.rowsAt, count * dims);
      const vectors = { codes, scales: new Float32Array(count), dims };
      places.set(vectors, place);
      return vectors;
    } catch {
      // Without WebAssembly or room in it, another backend reads them.
    }
  }
  return { codes: new Int8Array(count * dims), scales: new Float32Array(count), dims };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
