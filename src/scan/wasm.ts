// The backend in WebAssembly SIMD: one memory has a single copy of the vectors; the kernel (wasm/kernel.wat) scores a
// block of rows and returns only those above the current threshold; JavaScript keeps the heap.

import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertScannable } from './check-input.ts';
import { syncBackend, toHits, type SyncBackend } from './sync-backend.ts';
import { kernelBase64 } from './wasm/kernel.ts';

/** Bytes of a row are padded to this: the kernel reads 16 codes at a time. */
const CHUNK = 16;
/** Rows that the kernel scores at once. */
const GROUP_ROWS = 4;
/**
 * Rows between two updates of the threshold; 256 × 384 bytes stay in a level-2 cache while several queries pass over
 * them.
 */
const BLOCK_ROWS = 256;
/** Queries that share one pass over the rows. */
const QUERY_SLOTS = 32;
const PAGE_BYTES = 65536;
const HIT_BYTES = 8;

type Kernel = (
  rows: number,
  scales: number,
  row: number,
  groups: number,
  query: number,
  stride: number,
  threshold: number,
  hits: number,
) => number;

/**
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite`
 * @throws RangeError where there is too little memory, WebAssembly.CompileError where SIMD is missing or a content
 * policy forbids WebAssembly
 */
export async function openWasm(vectors: QuantizedVectors): Promise<SyncBackend> {
  assertScannable(vectors);
  const { codes, scales, dims } = vectors;
  const count = scales.length;
  const stride = roundUp(dims, CHUNK);
  const paddedCount = roundUp(count, GROUP_ROWS);

  // Every address is a multiple of 16.
  const hitsAt = QUERY_SLOTS * stride * 2;
  const scalesAt = hitsAt + BLOCK_ROWS * HIT_BYTES;
  const rowsAt = scalesAt + paddedCount * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((rowsAt + paddedCount * stride) / PAGE_BYTES) });
  const kernel = await instantiate(memory);

  const paddedScales = new Float32Array(memory.buffer, scalesAt, paddedCount);
  paddedScales.fill(NaN, count);
  paddedScales.set(scales);
  const rows = new Int8Array(memory.buffer, rowsAt, count * stride);
  if (stride === dims) rows.set(codes);
  else for (let row = 0; row < count; row++) rows.set(codes.subarray(row * dims, (row + 1) * dims), row * stride);

  const queryRows = new Int16Array(memory.buffer, 0, QUERY_SLOTS * stride);
  const hitRows = new Int32Array(memory.buffer, hitsAt, BLOCK_ROWS * 2);
  const hitScores = new Float32Array(memory.buffer, hitsAt, BLOCK_ROWS * 2);

  /** Up to QUERY_SLOTS queries, each with its heap in `best`. */
  const scanTogether = (queries: Int8Array, best: readonly TopK[]): void => {
    best.forEach((_, slot) => queryRows.set(queries.subarray(slot * dims, (slot + 1) * dims), slot * stride));
    for (let row = 0; row < paddedCount; row += BLOCK_ROWS) {
      const groups = Math.min(BLOCK_ROWS, paddedCount - row) / GROUP_ROWS;
      for (let slot = 0; slot < best.length; slot++) {
        const top = best[slot]!;
        const found = kernel(
          rowsAt + row * stride,
          scalesAt + row * 4,
          row,
          groups,
          slot * stride * 2,
          stride,
          top.threshold,
          hitsAt,
        );
        for (let i = 0; i < found; i++) top.push(hitRows[2 * i]!, hitScores[2 * i + 1]!);
      }
    }
  };

  return syncBackend(vectors, {
    kind: 'wasm',
    bytes: memory.buffer.byteLength,
    rank: (queries, k) => {
      const best = Array.from({ length: queries.length / dims }, () => new TopK(k));
      for (let first = 0; first < best.length; first += QUERY_SLOTS) {
        scanTogether(queries.subarray(first * dims), best.slice(first, first + QUERY_SLOTS));
      }
      return best.map(toHits);
    },
  });
}

async function instantiate(memory: WebAssembly.Memory): Promise<Kernel> {
  const bytes = Uint8Array.from(atob(kernelBase64), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { scan: { memory } });
  return instance.exports['scan'] as Kernel;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
