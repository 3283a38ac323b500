// Products of many queries with vectors that stay on the GPU, in float32: they choose the candidates of a ranking, whose
// exact scores math/best-rows.ts computes. The shader is dots-shader.ts.

import { lossOf } from '../../device.ts';
import { EraError, isEraError, messageOf } from '../../errors.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import type { AskedDots, RowDots } from '../../math/row-dots.ts';
import { inErrorScopes } from './device.ts';
import { dotsShader, dotsWorkgroups, GROUP } from './dots-shader.ts';
import { GpuMemory } from './gpu-memory.ts';

const FLOAT_BYTES = 4;
/** Numbers of a row that are one word of its codes. */
const WORD_CODES = 4;
/** Half the distance between 1 and the next float32. */
const UNIT_ROUNDOFF = 2 ** -24;
/** Roundings of a product besides those of its sum: query, scale, the scaled code, and some to spare. */
const OTHER_ROUNDINGS = 8;

/** The products of 1000 queries with so many rows are 16 MB; more than 8192 are refused at default limits. */
const BLOCK_ROWS = 4096;

interface Block {
  /** [columns, rowGroups, 4 rows, 4 codes] */
  readonly codes: GPUBuffer;
  /** float32 [rows, filled up to a multiple of four] */
  readonly scales: GPUBuffer;
  readonly rowGroups: number;
}

/** @param code another shader, in tests of faults @throws EraError `no-webgpu` */
export async function createDotsPipeline(device: GPUDevice, code: string = dotsShader): Promise<GPUComputePipeline> {
  const module = await inErrorScopes(device, () => device.createShaderModule({ label: 'dots', code }));
  return device.createComputePipelineAsync({ label: 'dots', layout: 'auto', compute: { module } });
}

/** Vectors on a GPU. Once the device is lost, or a call has failed, every product is refused with `gpu-lost`. */
export class GpuDots implements RowDots {
  readonly kind = 'webgpu';
  readonly refused: RowDots['refused'] = [];
  readonly blockRows: number;
  readonly error: number;
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #pipeline: GPUComputePipeline;
  readonly #blocks: readonly Block[];
  readonly #dims: number;
  /** Rejects with `gpu-lost` once products cannot be had here any more; until then it is pending. */
  readonly lost: Promise<never>;
  #end!: (reason: EraError) => void;

  private constructor(
    device: GPUDevice,
    memory: GpuMemory,
    pipeline: GPUComputePipeline,
    blocks: readonly Block[],
    { scales, codes, dims }: QuantizedVectors,
    blockRows: number,
  ) {
    this.#device = device;
    this.#memory = memory;
    this.#pipeline = pipeline;
    this.#blocks = blocks;
    this.#dims = dims;
    this.blockRows = blockRows;
    // The sum of n products, in any order, is off by at most n roundings of the sum of their absolute values (Higham,
    // Accuracy and Stability of Numerical Algorithms, 3.1), which is at most the product of the two lengths.
    this.error = (dims + OTHER_ROUNDINGS) * UNIT_ROUNDOFF * longestRow({ scales, codes, dims });
    this.lost = new Promise((_, reject) => (this.#end = reject));
    this.lost.catch(() => undefined);
    lossOf(device).catch((error: unknown) => this.#end(error as EraError));
  }

  /** Uploads the vectors. @param blockRows a multiple of four, smaller in tests @throws EraError `no-webgpu`, `gpu-memory` */
  static async open(
    device: GPUDevice,
    pipeline: GPUComputePipeline,
    vectors: QuantizedVectors,
    blockRows: number = BLOCK_ROWS,
  ): Promise<GpuDots> {
    const memory = new GpuMemory(device);
    try {
      const blocks = await inErrorScopes(device, () => upload(device, memory, vectors, blockRows));
      return new GpuDots(device, memory, pipeline, blocks, vectors, blockRows);
    } catch (error) {
      memory.freeAll();
      throw error;
    }
  }

  get bytesLive(): number {
    return this.#memory.bytesLive;
  }

  ask(queries: Float64Array): AskedDots {
    const m = queries.length / this.#dims;
    const queryGroups = Math.ceil(m / GROUP);
    const columns = Math.ceil(this.#dims / WORD_CODES);
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
    const own: GPUBuffer[] = [];
    const allocate = (label: string, numbers: number, usage: GPUBufferUsageFlags): GPUBuffer => {
      const buffer = this.#memory.allocate(label, numbers * FLOAT_BYTES, usage);
      own.push(buffer);
      return buffer;
    };
    const padded = new Float32Array(queryGroups * GROUP * columns * WORD_CODES);
    for (let query = 0; query < m; query++)
      padded.set(queries.subarray(query * this.#dims, (query + 1) * this.#dims), query * columns * WORD_CODES);
    let buffers: { readonly queries: GPUBuffer; readonly dots: GPUBuffer; readonly params: GPUBuffer } | undefined;
    const open = (): NonNullable<typeof buffers> => {
      const opened = {
        queries: allocate('queries', padded.length, STORAGE | COPY_DST),
        dots: allocate('dots', queryGroups * GROUP * this.blockRows, STORAGE | COPY_SRC),
        params: allocate('block', 4, UNIFORM | COPY_DST),
      };
      this.#device.queue.writeBuffer(opened.queries, 0, padded);
      return opened;
    };
    return {
      block: async (first, end) => {
        const { codes, scales, rowGroups } = this.#blocks[first / this.blockRows]!;
        let staging: GPUBuffer | undefined;
        try {
          const target = await this.#orLost(
            inErrorScopes(this.#device, () => {
              const { dots, ...asked } = (buffers ??= open());
              const bytes = m * rowGroups * GROUP * FLOAT_BYTES;
              staging = this.#memory.allocate('staging', bytes, GPUBufferUsage.MAP_READ | COPY_DST);
              this.#device.queue.writeBuffer(asked.params, 0, new Uint32Array([rowGroups, queryGroups, columns]));
              const encoder = this.#device.createCommandEncoder();
              const pass = encoder.beginComputePass();
              pass.setPipeline(this.#pipeline);
              pass.setBindGroup(0, this.#bind([codes, scales, asked.params, asked.queries, dots]));
              pass.dispatchWorkgroups(...dotsWorkgroups(rowGroups, queryGroups));
              pass.end();
              encoder.copyBufferToBuffer(dots, 0, staging, 0, bytes);
              this.#device.queue.submit([encoder.finish()]);
              return staging;
            }),
          );
          await this.#orLost(target.mapAsync(GPUMapMode.READ));
          return withoutPadding(new Float32Array(target.getMappedRange()), m, end - first);
        } catch (cause) {
          // Any failure on a device that passed its self-test makes it unusable, so it is reported as lost.
          const lost = isEraError(cause, 'gpu-lost')
            ? cause
            : new EraError('gpu-lost', `The GPU failed at ranking: ${messageOf(cause)}`, { cause });
          this.#end(lost);
          throw lost;
        } finally {
          if (staging) this.#memory.free(staging);
        }
      },
      close: () => {
        for (const buffer of own) this.#memory.free(buffer);
      },
    };
  }

  dispose(): void {
    this.#memory.freeAll();
  }

  #orLost<T>(call: Promise<T>): Promise<T> {
    return Promise.race([call, this.lost]);
  }

  #bind(buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }
}

/** Call inside error scopes. */
function upload(device: GPUDevice, memory: GpuMemory, vectors: QuantizedVectors, blockRows: number): Block[] {
  const count = vectors.scales.length;
  const blocks: Block[] = [];
  for (let first = 0; first < count; first += blockRows) {
    const rows = Math.min(blockRows, count - first);
    const packed = packRows(vectors, first, rows);
    const scales = new Float32Array(Math.ceil(rows / GROUP) * GROUP);
    scales.set(vectors.scales.subarray(first, first + rows));
    const buffers = [packed, scales].map((data) => {
      const buffer = memory.allocate('rows', data.byteLength, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
      device.queue.writeBuffer(buffer, 0, data);
      return buffer;
    }) as [GPUBuffer, GPUBuffer];
    blocks.push({ codes: buffers[0], scales: buffers[1], rowGroups: scales.length / GROUP });
  }
  return blocks;
}

/** Rows [first, first + rows) as the shader reads them; zeros where rows or numbers are missing. */
function packRows({ codes, dims }: QuantizedVectors, first: number, rows: number): Int8Array<ArrayBuffer> {
  const columns = Math.ceil(dims / WORD_CODES);
  const rowGroups = Math.ceil(rows / GROUP);
  const packed = new Int8Array(columns * rowGroups * GROUP * WORD_CODES);
  for (let row = 0; row < rows; row++) {
    const from = (first + row) * dims;
    for (let j = 0; j < dims; j++)
      packed[(Math.floor(j / WORD_CODES) * rowGroups * GROUP + row) * WORD_CODES + (j % WORD_CODES)] = codes[from + j]!;
  }
  return packed;
}

/** A copy of the products [m, rows] without those of the rows that fill up the last group. */
function withoutPadding(dots: Float32Array, m: number, rows: number): Float32Array {
  const stride = dots.length / m;
  if (stride === rows) return dots.slice();
  const out = new Float32Array(m * rows);
  for (let query = 0; query < m; query++) out.set(dots.subarray(query * stride, query * stride + rows), query * rows);
  return out;
}

function longestRow({ codes, scales, dims }: QuantizedVectors): number {
  let longest = 0;
  scales.forEach((scale, row) => {
    let squares = 0;
    for (let at = row * dims; at < (row + 1) * dims; at++) squares += codes[at]! * codes[at]!;
    longest = Math.max(longest, Math.sqrt(squares) * scale);
  });
  return longest;
}
