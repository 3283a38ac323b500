// The backend on WebGPU: vectors stay on the GPU and are scored there; only rows that may be among the k best are read back. It
// owns a device; when that is lost, every pending call rejects with `gpu-lost` and new ones are refused.

import { EraError, isEraError, messageOf } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertAccepted, assertQuery, assertScannable, cappedK } from './check-input.ts';
import type { Accepted, ScanBackend, ScanHits } from './scan.ts';
import { toHits } from './to-hits.ts';
import { hasPackedDot, inErrorScopes, requestGpuDevice } from './webgpu/device.ts';
import { GpuMemory } from './webgpu/gpu-memory.ts';
import { COUNT_BYTES, createPipelines, HIT_BYTES, QueryPasses } from './webgpu/passes.ts';
import { acceptRows, columnsOf, type Segment, uploadSegments } from './webgpu/segments.ts';
import { NO_BIN } from './webgpu/shaders.ts';

export interface WebGpuOptions {
  /** A device of the caller's, which outlives the backend. @default one of its own, destroyed on dispose */
  readonly device?: GPUDevice | undefined;
  /** Use WGSL's built-in 4 × int8 dot product. @default true where the language feature is available */
  readonly packedDot?: boolean | undefined;
  /** Most bytes of vectors in one buffer. @default 64 MiB, which any device can bind */
  readonly segmentBytes?: number | undefined;
  /** Most rows of which the best are chosen here. @default 16384 */
  readonly mostCollected?: number | undefined;
}

/** Rows whose length says how long rows are. */
const MEASURED_ROWS = 1000;
/** Four times what a search by words and meaning asks for, 128 KiB. */
const MOST_COLLECTED = 16_384;
/** For the self-test. */
const FEW_SEGMENTS = 3;
const FEW_COLLECTED = 700;

/** @throws EraError `no-webgpu`, `gpu-memory`, `empty-corpus`, `dimension-mismatch`, `not-finite` */
export async function openWebGpu(vectors: QuantizedVectors, options: WebGpuOptions = {}): Promise<ScanBackend> {
  assertScannable(vectors);
  const { mostCollected = MOST_COLLECTED } = options;
  const device = options.device ?? (await requestGpuDevice());
  const memory = new GpuMemory(device);
  const free = (): void => {
    memory.freeAll();
    if (!options.device) device.destroy();
  };
  try {
    const pipelines = await createPipelines(device, options.packedDot ?? hasPackedDot());
    const { segments, passes } = await inErrorScopes(device, () => {
      const uploaded = uploadSegments(device, memory, vectors, options.segmentBytes);
      const sizes = { count: vectors.scales.length, columns: columnsOf(vectors.dims), mostCollected };
      return { segments: uploaded, passes: new QueryPasses(device, memory, pipelines, uploaded, sizes) };
    });
    return new WebGpuBackend(vectors, device, memory, segments, passes, mostCollected, free);
  } catch (error) {
    free();
    throw isEraError(error)
      ? error
      : new EraError('no-webgpu', `WebGPU cannot be set up: ${messageOf(error)}`, { cause: error });
  }
}

/** Few vectors as many are opened: in several segments, and more of them than are collected. */
export function openForSelfTest(vectors: QuantizedVectors, options: WebGpuOptions = {}): Promise<ScanBackend> {
  const segmentBytes = vectors.codes.length / FEW_SEGMENTS;
  return openWebGpu(vectors, { segmentBytes, mostCollected: FEW_COLLECTED, ...options });
}

class WebGpuBackend implements ScanBackend {
  readonly kind = 'webgpu';
  readonly count: number;
  readonly dims: number;
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #scales: Float32Array;
  readonly #segments: readonly Segment[];
  readonly #passes: QueryPasses;
  readonly #mostCollected: number;
  /** Length of the longest row among some. */
  readonly #longest: number;
  readonly #free: () => void;
  /** The `reject` of every pending call. */
  readonly #pending = new Set<(reason: EraError) => void>();
  /** The rows whose scales the segments have beside those of all. */
  #accepted: Accepted | undefined;
  /** The reason why calls are refused; undefined while they are accepted. */
  #ended: EraError | undefined;

  constructor(
    vectors: QuantizedVectors,
    device: GPUDevice,
    memory: GpuMemory,
    segments: readonly Segment[],
    passes: QueryPasses,
    mostCollected: number,
    free: () => void,
  ) {
    const { scales, dims } = vectors;
    this.count = scales.length;
    this.dims = dims;
    this.#device = device;
    this.#memory = memory;
    this.#scales = scales;
    this.#segments = segments;
    this.#passes = passes;
    this.#mostCollected = mostCollected;
    this.#longest = longestOfSome(vectors);
    this.#free = free;
    void device.lost.then(({ message, reason }) =>
      this.#end(new EraError('gpu-lost', `The GPU device is lost (${reason}): ${message}`)),
    );
  }

  get bytesLive(): number {
    return this.#memory.bytesLive;
  }

  topK(query: Int8Array, k: number, accepted?: Accepted): Promise<ScanHits> {
    return new Promise<ScanHits>((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      assertQuery(query, this.dims);
      assertAccepted(accepted, this.count);
      const kept = cappedK(k, this.count);
      this.#pending.add(reject);
      void this.#run(query, kept, accepted)
        // Any failure on a device that passed its self-test makes it unusable, so it is reported as lost.
        .then(resolve, (cause: unknown) =>
          reject(this.#ended ?? new EraError('gpu-lost', `The GPU failed a query: ${messageOf(cause)}`, { cause })),
        )
        .finally(() => this.#pending.delete(reject));
    });
  }

  dispose(): void {
    this.#end(new EraError('closed', 'The scan backend is closed.'));
  }

  async #run(query: Int8Array, k: number, accepted: Accepted | undefined): Promise<ScanHits> {
    if (k === 0) return { rows: new Int32Array(0), scores: new Float32Array(0) };
    // Where there are about as many rows as are collected, these are no fewer than all.
    if (2 * k <= this.#mostCollected && this.count > this.#mostCollected) {
      const read = (bytes: ArrayBuffer): ScanHits | null => bestOfCollected(bytes, k);
      const best = await this.#ask(query, k, accepted, COUNT_BYTES + this.#mostCollected * HIT_BYTES, read);
      if (best) return best;
    }
    return this.#ask(query, undefined, accepted, this.count * HIT_BYTES, (bytes) => bestOfAll(bytes, k));
  }

  /** @param collected see `QueryPasses.submit` @param bytes of what is read */
  async #ask<T>(
    query: Int8Array,
    collected: number | undefined,
    accepted: Accepted | undefined,
    bytes: number,
    read: (bytes: ArrayBuffer) => T,
  ): Promise<T> {
    const highest = this.#longest * Math.hypot(...query);
    let staging: GPUBuffer | undefined;
    try {
      staging = await inErrorScopes(this.#device, () => {
        const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
        const target = (staging = this.#memory.allocate('staging', bytes, usage));
        if (accepted && accepted !== this.#accepted) acceptRows(this.#device, this.#segments, this.#scales, accepted);
        this.#accepted = accepted ?? this.#accepted;
        this.#passes.submit({ query, highest }, collected, target, accepted ? 'accepted' : 'all');
        return target;
      });
      await staging.mapAsync(GPUMapMode.READ);
      return read(staging.getMappedRange());
    } finally {
      if (staging) this.#memory.free(staging);
    }
  }

  #end(reason: EraError): void {
    if (this.#ended) return;
    this.#ended = reason;
    for (const reject of this.#pending) reject(reason);
    this.#free();
  }
}

function longestOfSome({ codes, scales, dims }: QuantizedVectors): number {
  const step = Math.ceil(scales.length / MEASURED_ROWS);
  let longest = 0;
  for (let row = 0; row < scales.length; row += step)
    longest = Math.max(longest, scales[row]! * Math.hypot(...codes.subarray(row * dims, (row + 1) * dims)));
  return longest;
}

/** @param bytes the number of rows, then score, row, score, row, … @returns null where there were more than these */
function bestOfCollected(bytes: ArrayBuffer, k: number): ScanHits | null {
  const count = new Uint32Array(bytes, 0, 1)[0]!;
  const rows = new Int32Array(bytes, COUNT_BYTES);
  const scores = new Float32Array(bytes, COUNT_BYTES);
  if (count * 2 > rows.length) return null;
  const best = new TopK(k);
  for (let i = 0; i < 2 * count; i += 2) best.push(rows[i + 1]!, scores[i]!);
  return toHits(best);
}

/** @param bytes row by row its score and its bin */
function bestOfAll(bytes: ArrayBuffer, k: number): ScanHits {
  const bins = new Uint32Array(bytes);
  const scores = new Float32Array(bytes);
  const best = new TopK(k);
  for (let i = 0; i < bins.length; i += 2) if (bins[i + 1] !== NO_BIN) best.push(i / 2, scores[i]!);
  return toHits(best);
}
