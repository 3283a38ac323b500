// Layout of the vectors on the GPU: segments of at most 64 MiB, which any device can bind; in a segment blocks of 64
// rows; in a block columns of 16 codes, each column row by row, so that the 64 threads of a block read 64 × 16 adjacent
// bytes at a time.

import type { QuantizedVectors } from '../../math/quantize.ts';
import type { GpuMemory } from './gpu-memory.ts';
import { BLOCK_ROWS } from './shaders.ts';

const COLUMN_CODES = 16;
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** A dispatch has at most 65 535 workgroups, one a block. */
const MAX_SEGMENT_ROWS = 65_535 * BLOCK_ROWS;
/** Bytes packed and uploaded at a time, which bounds the copy in the JavaScript heap. */
const UPLOAD_BYTES = 4 * 1024 * 1024;

export interface Segment {
  readonly codes: GPUBuffer;
  /** float32 [rows] */
  readonly scales: GPUBuffer;
  /** The same for a set of accepted rows, below 0 for others; written by `acceptRows`. */
  readonly accepted: GPUBuffer;
  readonly firstRow: number;
  /** uint32 firstRow, rowCount, columns: the shader's `Segment`. */
  readonly params: GPUBuffer;
  readonly blocks: number;
}

/** Columns of a row: dims / 16, rounded up; the rest is zeros. */
export function columnsOf(dims: number): number {
  return Math.ceil(dims / COLUMN_CODES);
}

/** Rows of a full segment. @param segmentBytes smaller in tests */
export function segmentRows(dims: number, segmentBytes: number = SEGMENT_BYTES): number {
  const blockBytes = columnsOf(dims) * COLUMN_CODES * BLOCK_ROWS;
  return Math.min(MAX_SEGMENT_ROWS, Math.max(1, Math.floor(segmentBytes / blockBytes)) * BLOCK_ROWS);
}

/** Creates and fills the segments. Call inside error scopes. @param segmentBytes smaller in tests */
export function uploadSegments(
  device: GPUDevice,
  memory: GpuMemory,
  vectors: QuantizedVectors,
  segmentBytes?: number,
): Segment[] {
  const { scales, dims } = vectors;
  const columns = columnsOf(dims);
  const blockBytes = columns * COLUMN_CODES * BLOCK_ROWS;
  const perSegment = segmentRows(dims, segmentBytes);
  const perUpload = Math.max(1, Math.floor(UPLOAD_BYTES / blockBytes)) * BLOCK_ROWS;
  const segments: Segment[] = [];
  for (let first = 0; first < scales.length; first += perSegment) {
    const rowCount = Math.min(perSegment, scales.length - first);
    const blocks = Math.ceil(rowCount / BLOCK_ROWS);
    const codes = memory.allocate('codes', blocks * blockBytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
    for (let at = 0; at < rowCount; at += perUpload) {
      device.queue.writeBuffer(
        codes,
        (at / BLOCK_ROWS) * blockBytes,
        packBlocks(vectors, first + at, Math.min(perUpload, rowCount - at)),
      );
    }
    const scaleBuffer = memory.allocate('scales', rowCount * 4, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
    device.queue.writeBuffer(scaleBuffer, 0, scales, first, rowCount);
    const accepted = memory.allocate('accepted', rowCount * 4, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
    const params = memory.allocate('segment', 16, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    device.queue.writeBuffer(params, 0, new Uint32Array([first, rowCount, columns]));
    segments.push({ codes, scales: scaleBuffer, accepted, firstRow: first, params, blocks });
  }
  return segments;
}

/** @param accepted [n], see `Accepted` */
export function acceptRows(
  device: GPUDevice,
  segments: readonly Segment[],
  scales: Float32Array,
  accepted: Uint8Array,
): void {
  for (const { accepted: buffer, firstRow } of segments) {
    const own = scales.slice(firstRow, firstRow + buffer.size / 4);
    for (let i = 0; i < own.length; i++) if (accepted[firstRow + i] === 0) own[i] = -1;
    device.queue.writeBuffer(buffer, 0, own);
  }
}

/** Rows [first, first + rowCount) in the layout of a segment; the last block is filled up with zeros. */
export function packBlocks({ codes, dims }: QuantizedVectors, first: number, rowCount: number): Int8Array<ArrayBuffer> {
  const columns = columnsOf(dims);
  const packed = new Int8Array(Math.ceil(rowCount / BLOCK_ROWS) * columns * BLOCK_ROWS * COLUMN_CODES);
  for (let i = 0; i < rowCount; i++) {
    const from = (first + i) * dims;
    const block = Math.floor(i / BLOCK_ROWS) * columns;
    for (let column = 0; column < columns; column++) {
      const to = ((block + column) * BLOCK_ROWS + (i % BLOCK_ROWS)) * COLUMN_CODES;
      const start = column * COLUMN_CODES;
      const end = Math.min(start + COLUMN_CODES, dims);
      for (let j = start; j < end; j++) packed[to + j - start] = codes[from + j]!;
    }
  }
  return packed;
}
