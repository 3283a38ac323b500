// The backend in WebAssembly SIMD: one memory has a single copy of the vectors; the kernel (wasm/kernel.wat) scores a
// block of rows and returns only those above the current threshold; JavaScript keeps the heap.

import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { instantiateKernel } from '../math/wasm-kernel.ts';
import { assertScannable } from './check-input.ts';
import type { ScanBackend } from './scan.ts';
import { syncBackend, toHits } from './sync-backend.ts';
import { kernelBase64 } from './wasm/kernel.ts';

/** Bytes of a row are padded to this: the kernel reads 16 codes at a time. */
const CHUNK = 16;
/** Rows that the kernel scores at once. */
const GROUP_ROWS = 4;
/** Rows between two updates of the threshold. */
const BLOCK_ROWS = 256;
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
 * @param base64 the kernel
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite`
 * @throws RangeError where there is too little memory, WebAssembly.CompileError where SIMD is missing or a content
 * policy forbids WebAssembly
 */
export function openWasm(vectors: QuantizedVectors, base64: string = kernelBase64): Promise<ScanBackend> {
  return Promise.resolve().then(() => open(vectors, base64));
}

function open(vectors: QuantizedVectors, base64: string): ScanBackend {
  assertScannable(vectors);
  const { codes, scales, dims } = vectors;
  const count = scales.length;
  const stride = roundUp(dims, CHUNK);
  const paddedCount = roundUp(count, GROUP_ROWS);

  // Every address is a multiple of 16.
  const hitsAt = stride * 2;
  const scalesAt = hitsAt + BLOCK_ROWS * HIT_BYTES;
  const rowsAt = scalesAt + paddedCount * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((rowsAt + paddedCount * stride) / PAGE_BYTES) });
  const kernel = instantiateKernel(base64, memory, 'scan') as Kernel;

  const paddedScales = new Float32Array(memory.buffer, scalesAt, paddedCount);
  paddedScales.fill(NaN, count);
  paddedScales.set(scales);
  const rows = new Int8Array(memory.buffer, rowsAt, count * stride);
  if (stride === dims) rows.set(codes);
  else for (let row = 0; row < count; row++) rows.set(codes.subarray(row * dims, (row + 1) * dims), row * stride);

  const queryRow = new Int16Array(memory.buffer, 0, stride);
  const hitRows = new Int32Array(memory.buffer, hitsAt, BLOCK_ROWS * 2);
  const hitScores = new Float32Array(memory.buffer, hitsAt, BLOCK_ROWS * 2);

  return syncBackend(vectors, {
    kind: 'wasm',
    bytes: memory.buffer.byteLength,
    topK: (query, k) => {
      const best = new TopK(k);
      queryRow.set(query);
      for (let row = 0; row < paddedCount; row += BLOCK_ROWS) {
        const groups = Math.min(BLOCK_ROWS, paddedCount - row) / GROUP_ROWS;
        const found = kernel(rowsAt + row * stride, scalesAt + row * 4, row, groups, 0, stride, best.threshold, hitsAt);
        for (let i = 0; i < found; i++) best.push(hitRows[2 * i]!, hitScores[2 * i + 1]!);
      }
      return toHits(best);
    },
  });
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
