// The backend on WebGPU: vectors stay on the GPU and are scored and selected there; only the k best are read back. It
// owns a device; when that is lost, every pending call rejects with `gpu-lost` and new ones are refused.

import { EraError, isEraError, messageOf } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { assertQuery, assertScannable, cappedK } from './check-input.ts';
import type { ScanBackend, ScanHits } from './scan.ts';
import { toHits } from './sync-backend.ts';
import { hasPackedDot, inErrorScopes, requestGpuDevice } from './webgpu/device.ts';
import { GpuMemory } from './webgpu/gpu-memory.ts';
import { createPipelines, HIT_BYTES, QueryPasses } from './webgpu/passes.ts';
import { columnsOf, uploadSegments } from './webgpu/segments.ts';
import { MAX_SELECTED } from './webgpu/shaders.ts';

export interface WebGpuOptions {
  /** A device of the caller's, which outlives the backend. @default one of its own, destroyed on dispose */
  readonly device?: GPUDevice | undefined;
  /** Use WGSL's built-in 4 × int8 dot product. @default true where the language feature is available */
  readonly packedDot?: boolean | undefined;
  /** Most bytes of vectors in one buffer. @default 64 MiB, which any device can bind */
  readonly segmentBytes?: number | undefined;
}

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
    const passes = await inErrorScopes(device, () => {
      const segments = uploadSegments(device, memory, vectors, options.segmentBytes);
      return new QueryPasses(device, memory, pipelines, segments, vectors.scales.length, columnsOf(vectors.dims));
    });
    return new WebGpuBackend(vectors, device, memory, passes, free);
  } catch (error) {
    free();
    throw isEraError(error)
      ? error
      : new EraError('no-webgpu', `WebGPU cannot be set up: ${messageOf(error)}`, { cause: error });
  }
}

class WebGpuBackend implements ScanBackend {
  readonly kind = 'webgpu';
  readonly count: number;
  readonly dims: number;
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #passes: QueryPasses;
  readonly #free: () => void;
  /** The `reject` of every pending call. */
  readonly #pending = new Set<(reason: EraError) => void>();
  /** The reason why calls are refused; undefined while they are accepted. */
  #ended: EraError | undefined;

  constructor(
    { scales, dims }: QuantizedVectors,
    device: GPUDevice,
    memory: GpuMemory,
    passes: QueryPasses,
    free: () => void,
  ) {
    this.count = scales.length;
    this.dims = dims;
    this.#device = device;
    this.#memory = memory;
    this.#passes = passes;
    this.#free = free;
    void device.lost.then(({ message, reason }) =>
      this.#end(new EraError('gpu-lost', `The GPU device is lost (${reason}): ${message}`)),
    );
  }

  get bytesLive(): number {
    return this.#memory.bytesLive;
  }

  topK(query: Int8Array, k: number): Promise<ScanHits> {
    return new Promise<ScanHits>((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      assertQuery(query, this.dims);
      const kept = cappedK(k, this.count);
      this.#pending.add(reject);
      void this.#run(query, kept)
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

  async #run(query: Int8Array, k: number): Promise<ScanHits> {
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
        this.#passes.submit(query, selectable ? k : undefined, target);
        return target;
      });
      await staging.mapAsync(GPUMapMode.READ);
      const bytes = staging.getMappedRange();
      const rows = new Int32Array(bytes);
      const scores = new Float32Array(bytes);
      if (!selectable) return selectHere(rows, scores, k);
      return {
        rows: Int32Array.from({ length: k }, (_, i) => rows[2 * i + 1]!),
        scores: Float32Array.from({ length: k }, (_, i) => scores[2 * i]!),
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
  for (let i = 0; i < rows.length; i += 2) best.push(rows[i + 1]!, scores[i]!);
  return toHits(best);
}
