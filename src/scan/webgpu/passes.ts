// The GPU commands of one query: score every segment, then select tile by tile until k hits are left, then copy them
// out.

import { inErrorScopes } from './device.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { Segment } from './segments.ts';
import { MAX_SELECTED, scoreShader, selectShader, TILE_HITS } from './shaders.ts';

export const HIT_BYTES = 8;
/** Uniform bindings start at multiples of this at default limits. */
const PARAMS_STRIDE_BYTES = 256;
/** Enough to select from 2^32 hits, as every pass at least halves them. */
const MAX_PASSES = 24;

interface Pipelines {
  readonly score: GPUComputePipeline;
  readonly select: GPUComputePipeline;
}

/** @throws GPUPipelineError when a shader does not compile */
export async function createPipelines(device: GPUDevice, packed: boolean): Promise<Pipelines> {
  const pipeline = async (label: string, code: string): Promise<GPUComputePipeline> => {
    const module = await inErrorScopes(device, () => device.createShaderModule({ label, code }));
    return device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
  };
  return { score: await pipeline('score', scoreShader(packed)), select: await pipeline('select', selectShader) };
}

export class QueryPasses {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #segments: readonly {
    readonly all: GPUBindGroup;
    readonly accepted: GPUBindGroup;
    readonly blocks: number;
  }[];
  readonly #count: number;
  readonly #query: GPUBuffer;
  /** All hits, later those of every second selection pass. */
  readonly #hits: GPUBuffer;
  readonly #selected: GPUBuffer;
  readonly #params: GPUBuffer;
  readonly #selections: readonly GPUBindGroup[];

  /** Call inside error scopes. @param columns of the query: 16 bytes each */
  constructor(
    device: GPUDevice,
    memory: GpuMemory,
    pipelines: Pipelines,
    segments: readonly Segment[],
    count: number,
    columns: number,
  ) {
    const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = GPUBufferUsage;
    this.#device = device;
    this.#pipelines = pipelines;
    this.#count = count;
    this.#query = memory.allocate('query', columns * 16, STORAGE | COPY_DST);
    this.#hits = memory.allocate('hits', Math.max(count, MAX_SELECTED) * HIT_BYTES, STORAGE | COPY_SRC);
    this.#selected = memory.allocate(
      'selected',
      Math.ceil(count / TILE_HITS) * MAX_SELECTED * HIT_BYTES,
      STORAGE | COPY_SRC,
    );
    this.#params = memory.allocate('selections', MAX_PASSES * PARAMS_STRIDE_BYTES, UNIFORM | COPY_DST);
    const scoring = (codes: GPUBuffer, scales: GPUBuffer, params: GPUBuffer): GPUBindGroup =>
      this.#bind(pipelines.score, [codes, scales, params, this.#query, this.#hits]);
    this.#segments = segments.map(({ codes, scales, accepted, params, blocks }) => ({
      all: scoring(codes, scales, params),
      accepted: scoring(codes, accepted, params),
      blocks,
    }));
    this.#selections = Array.from({ length: MAX_PASSES }, (_, i) => {
      const buffers = i % 2 === 0 ? [this.#hits, this.#selected] : [this.#selected, this.#hits];
      return this.#bind(pipelines.select, [
        ...buffers,
        { buffer: this.#params, offset: i * PARAMS_STRIDE_BYTES, size: 16 },
      ]);
    });
  }

  /**
   * Submits everything, without waiting.
   * @param query [dims] @param k how many to select, at most MAX_SELECTED; `undefined` to copy out all hits unselected
   * @param target receives k (or all) hits
   * @param among rows that are scored; others are no hits
   */
  submit(query: Int8Array, k: number | undefined, target: GPUBuffer, among: 'all' | 'accepted'): void {
    const { queue } = this.#device;
    const padded = new Int8Array(this.#query.size);
    padded.set(query);
    queue.writeBuffer(this.#query, 0, padded);
    // One submission for each segment: a single long one would delay the page's own rendering.
    for (const { blocks, ...bindings } of this.#segments) {
      const encoder = this.#device.createCommandEncoder();
      this.#dispatch(encoder, this.#pipelines.score, bindings[among], blocks);
      queue.submit([encoder.finish()]);
    }
    const encoder = this.#device.createCommandEncoder();
    const best = k === undefined ? this.#hits : this.#select(encoder, k);
    encoder.copyBufferToBuffer(best, 0, target, 0, (k ?? this.#count) * HIT_BYTES);
    queue.submit([encoder.finish()]);
  }

  /** @returns the buffer that the last pass writes */
  #select(encoder: GPUCommandEncoder, k: number): GPUBuffer {
    let count = this.#count;
    for (let pass = 0; ; pass++) {
      const tiles = Math.ceil(count / TILE_HITS);
      this.#device.queue.writeBuffer(this.#params, pass * PARAMS_STRIDE_BYTES, new Uint32Array([count, k]));
      this.#dispatch(encoder, this.#pipelines.select, this.#selections[pass]!, tiles);
      if (tiles === 1) return pass % 2 === 0 ? this.#selected : this.#hits;
      count = tiles * k;
    }
  }

  #dispatch(
    encoder: GPUCommandEncoder,
    pipeline: GPUComputePipeline,
    bindings: GPUBindGroup,
    workgroups: number,
  ): void {
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(workgroups);
    pass.end();
  }

  #bind(pipeline: GPUComputePipeline, buffers: readonly (GPUBuffer | GPUBufferBinding)[]): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: 'buffer' in buffer ? buffer : { buffer } })),
    });
  }
}
