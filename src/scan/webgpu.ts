// The backend on WebGPU: vectors stay on the GPU and are scored and selected there; only the k best are read back. It
// owns a device; when that is lost, every pending call rejects with `gpu-lost` and new ones are refused.

import { EraError, isEraError, messageOf } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertAccepted, assertQuery, assertScannable, cappedK } from './check-input.ts';
import type { Accepted, ScanBackend, ScanHits } from './scan.ts';
import { toHits } from './to-hits.ts';
import { hasPackedDot, inErrorScopes, requestGpuDevice } from './webgpu/device.ts';
import { GpuMemory } from './webgpu/gpu-memory.ts';
import { createPipelines, HIT_BYTES, QueryPasses } from './webgpu/passes.ts';
import { acceptRows, columnsOf, type Segment, uploadSegments } from './webgpu/segments.ts';
import { MAX_SELECTED } from './webgpu/shaders.ts';

export interface WebGpuOptions {
  /** A device of the caller's, which outlives the backend. @default one of its own, destroyed on dispose */
  readonly device?: GPUDevice | undefined;
  /** Use WGSL's built-in 4 × int8 dot product. @default true where the language feature is available */
  readonly packedDot?: boolean | undefined;
  /** Most bytes of vectors in one buffer. @default 64 MiB, which any device can bind */
  readonly segmentBytes?: number | undefined;
}

const SELF_TEST_SEGMENTS = 3;

/** @throws EraError `no-webgpu`, `gpu-memory`, `empty-corpus`, `dimension-mismatch`, `not-finite` */
export async function openWebGpu(vectors: QuantizedVectors, options: WebGpuOptions = {}): Promise<ScanBackend> {
  assertScannable(vectors);
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
      const { length } = vectors.scales;
      return {
        segments: uploaded,
        passes: new QueryPasses(device, memory, pipelines, uploaded, length, columnsOf(vectors.dims)),
      };
    });
    return new WebGpuBackend(vectors, device, memory, segments, passes, free);
  } catch (error) {
    free();
    throw isEraError(error)
      ? error
      : new EraError('no-webgpu', `WebGPU cannot be set up: ${messageOf(error)}`, { cause: error });
  }
}

/** The same in several segments, so that the self-test, whose vectors are few, sees what belongs to these. */
export function openInSegments(vectors: QuantizedVectors, options: WebGpuOptions = {}): Promise<ScanBackend> {
  return openWebGpu(vectors, { ...options, segmentBytes: vectors.codes.length / SELF_TEST_SEGMENTS });
}

/** The row of what is no hit. */
const NO_ROW = -1;

class WebGpuBackend implements ScanBackend {
  readonly kind = 'webgpu';
  readonly count: number;
  readonly dims: number;
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #scales: Float32Array;
  readonly #segments: readonly Segment[];
  readonly #passes: QueryPasses;
  readonly #free: () => void;
  /** The `reject` of every pending call. */
  readonly #pending = new Set<(reason: EraError) => void>();
  /** The rows whose scales the segments have beside those of all. */
  #accepted: Accepted | undefined;
  /** The reason why calls are refused; undefined while they are accepted. */
  #ended: EraError | undefined;

  constructor(
    { scales, dims }: QuantizedVectors,
    device: GPUDevice,
    memory: GpuMemory,
    segments: readonly Segment[],
    passes: QueryPasses,
    free: () => void,
  ) {
    this.count = scales.length;
    this.dims = dims;
    this.#device = device;
    this.#memory = memory;
    this.#scales = scales;
    this.#segments = segments;
    this.#passes = passes;
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
    const selectable = k <= MAX_SELECTED;
    const hitCount = selectable ? k : this.count;
    let staging: GPUBuffer | undefined;
    try {
      staging = await inErrorScopes(this.#device, () => {
        const target = this.#memory.allocate(
          'staging',
          hitCount * HIT_BYTES,
          GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
        );
        staging = target;
        if (accepted && accepted !== this.#accepted) acceptRows(this.#device, this.#segments, this.#scales, accepted);
        this.#accepted = accepted ?? this.#accepted;
        this.#passes.submit(query, selectable ? k : undefined, target, accepted ? 'accepted' : 'all');
        return target;
      });
      await staging.mapAsync(GPUMapMode.READ);
      const bytes = staging.getMappedRange();
      const rows = new Int32Array(bytes);
      const scores = new Float32Array(bytes);
      if (!selectable) return selectHere(rows, scores, k);
      let found = k;
      while (found > 0 && rows[2 * found - 1] === NO_ROW) found--;
      return {
        rows: Int32Array.from({ length: found }, (_, i) => rows[2 * i + 1]!),
        scores: Float32Array.from({ length: found }, (_, i) => scores[2 * i]!),
      };
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

/**
 * Selection in JavaScript, for a k that is too large for the tiles. Both views are of the same hits: score, row, score,
 * row, …
 */
function selectHere(rows: Int32Array, scores: Float32Array, k: number): ScanHits {
  const best = new TopK(k);
  for (let i = 0; i < rows.length; i += 2) if (rows[i + 1] !== NO_ROW) best.push(rows[i + 1]!, scores[i]!);
  return toHits(best);
}
