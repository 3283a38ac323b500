// The backend in WebAssembly SIMD: one memory has a single copy of the vectors; the kernel (wasm/kernel.wat) scores a
// block of rows and returns only those above the current threshold; JavaScript keeps the heap. Where the browser has
// relaxed SIMD, 16 products are one instruction, and a scan takes as long as reading the vectors.

import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { bytesOfKernel, instantiateKernel } from '../math/wasm-kernel.ts';
import { assertScannable } from './check-input.ts';
import type { Accepted, ScanBackend } from './scan.ts';
import { syncBackend } from './sync-backend.ts';
import { toHits } from './to-hits.ts';
import { exactDots } from './wasm/exact-dots.ts';
import { kernelBase64 as plainKernel } from './wasm/kernel.ts';
import { BLOCK_ROWS, GROUP_NUMBERS, GROUP_ROWS, makePlace, placeOf } from './wasm/place.ts';
import { kernelBase64 as relaxedKernel } from './wasm/relaxed-kernel.ts';

type Kernel = (
  rows: number,
  scales: number,
  row: number,
  groups: number,
  query: number,
  queryEnd: number,
  threshold: number,
  hits: number,
) => number;

/** A variant of the kernel, and the query as it reads it. */
export interface KernelVariant {
  readonly base64: string;
  readonly Numbers: typeof Int8Array | typeof Int16Array;
  /** Added to each code of the query. */
  readonly shift: number;
}

export const PLAIN: KernelVariant = { base64: plainKernel, Numbers: Int16Array, shift: 0 };
export const RELAXED: KernelVariant = { base64: relaxedKernel, Numbers: Int8Array, shift: 64 };

/** Whether relaxed SIMD can be compiled here. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(bytesOfKernel(relaxedKernel));
}

/**
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite`
 * @throws RangeError where there is too little memory, WebAssembly.CompileError where SIMD is missing or a content
 * policy forbids WebAssembly
 */
export function openWasm(vectors: QuantizedVectors, variant: KernelVariant = PLAIN): Promise<ScanBackend> {
  return Promise.resolve().then(() => open(vectors, variant));
}

function open(vectors: QuantizedVectors, { base64, Numbers, shift }: KernelVariant): ScanBackend {
  assertScannable(vectors);
  const { codes, scales, dims } = vectors;
  const count = scales.length;
  const known = placeOf(vectors);
  const place = known ?? makePlace(count, dims);
  const { memory, stride, paddedCount, hitsAt, groupsAt, acceptedAt, rowsAt } = place;
  const queryEnd = stride * Numbers.BYTES_PER_ELEMENT;
  const groupBytes = (paddedCount / GROUP_ROWS) * GROUP_NUMBERS * 4;
  const kernel = instantiateKernel(base64, memory, 'scan') as Kernel;

  if (!known) {
    const rows = new Int8Array(memory.buffer, rowsAt, count * stride);
    if (stride === dims) rows.set(codes);
    else for (let row = 0; row < count; row++) rows.set(codes.subarray(row * dims, (row + 1) * dims), row * stride);
  }
  const groups = new Float32Array(memory.buffer, groupsAt, groupBytes / 4);
  groups.fill(0); // another variant may have used the place
  const numberOf = (row: number): number => Math.floor(row / GROUP_ROWS) * GROUP_NUMBERS + (row % GROUP_ROWS);

  const query = new Numbers(memory.buffer, 0, stride);
  const hitRows = new Int32Array(memory.buffer, hitsAt, BLOCK_ROWS * 2);
  const hitScores = new Float32Array(memory.buffer, hitsAt, BLOCK_ROWS * 2);
  /**
   * Calls `onHit` for rows above the threshold that it last returned.
   * @param from address of the groups
   */
  const scan = (
    from: number,
    isWanted: (block: number) => boolean,
    threshold: number,
    onHit: (row: number, score: number) => number,
  ): void => {
    let above = threshold;
    for (let row = 0; row < paddedCount; row += BLOCK_ROWS) {
      if (!isWanted(row / BLOCK_ROWS)) continue;
      const blockGroups = Math.min(BLOCK_ROWS, paddedCount - row) / GROUP_ROWS;
      const scalesAt = from + numberOf(row) * 4;
      const found = kernel(rowsAt + row * stride, scalesAt, row, blockGroups, 0, queryEnd, above, hitsAt);
      for (let i = 0; i < found; i++) above = onHit(hitRows[2 * i]!, hitScores[2 * i + 1]!);
    }
  };

  if (shift !== 0) {
    // The sums of the rows' codes are products with a query of ones.
    for (let row = 0; row < paddedCount; row++) groups[numberOf(row)] = 1;
    query.fill(1);
    const offsets = new Int32Array(memory.buffer, groupsAt, groups.length);
    scan(
      groupsAt,
      () => true,
      -Infinity,
      (row, sum) => {
        offsets[numberOf(row) + GROUP_ROWS] = shift * sum;
        return -Infinity;
      },
    );
  }
  for (let row = 0; row < paddedCount; row++) groups[numberOf(row)] = scales[row] ?? NaN;

  // Rows that are not accepted have the scale NaN, in groups of their own for the last set of accepted rows.
  const acceptedGroups = new Float32Array(memory.buffer, acceptedAt, groupBytes / 4);
  const acceptedBlocks = new Uint8Array(Math.ceil(paddedCount / BLOCK_ROWS));
  place.accepted = undefined;
  const accept = (accepted: Accepted): void => {
    if (accepted === place.accepted) return;
    place.accepted = accepted;
    acceptedGroups.set(groups);
    acceptedBlocks.fill(0);
    for (let row = 0; row < count; row++)
      if (accepted[row] === 0) acceptedGroups[numberOf(row)] = NaN;
      else acceptedBlocks[Math.floor(row / BLOCK_ROWS)] = 1;
  };

  return syncBackend(vectors, {
    kind: 'wasm',
    bytes: memory.buffer.byteLength,
    dots: exactDots(place, scales),
    topK: (codesOfQuery, k, accepted) => {
      const best = new TopK(k);
      for (let j = 0; j < dims; j++) query[j] = codesOfQuery[j]! + shift;
      if (accepted) accept(accepted);
      const [from, isWanted] = accepted
        ? [acceptedAt, (block: number) => acceptedBlocks[block] === 1]
        : [groupsAt, () => true];
      scan(from, isWanted, best.threshold, (row, score) => {
        best.push(row, score);
        return best.threshold;
      });
      return toHits(best);
    },
  });
}
