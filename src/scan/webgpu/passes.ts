// The GPU commands of one query: score every segment; then either copy all hits out, or count their bins, find the least
// one that is needed, and copy out what is collected from there on.

import { inErrorScopes } from './device.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { Segment } from './segments.ts';
import { BINS, collectShader, countShader, leastBinShader, scoreShader, selectWorkgroups } from './shaders.ts';

/** Score and bin, or score and row. */
export const HIT_BYTES = 8;
/** Before the collected rows: their number. */
export const COUNT_BYTES = 4;
/** Before the codes of a query: its number of bins for a score. */
const QUERY_HEAD_BYTES = 16;
/** Vectors of a submission: a long one would delay the page's own rendering, 5 ms at 50 GB a second. */
const SUBMISSION_BYTES = 256 * 1024 * 1024;

type Shader = 'score' | 'count' | 'leastBin' | 'collect';
type Pipelines = Readonly<Record<Shader, GPUComputePipeline>>;

/** @throws GPUPipelineError when a shader does not compile */
export async function createPipelines(device: GPUDevice, packed: boolean): Promise<Pipelines> {
  const pipeline = async (label: Shader, code: string): Promise<GPUComputePipeline> => {
    const module = await inErrorScopes(device, () => device.createShaderModule({ label, code }));
    return device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
  };
  const [score, count, leastBin, collect] = await Promise.all([
    pipeline('score', scoreShader(packed)),
    pipeline('count', countShader),
    pipeline('leastBin', leastBinShader),
    pipeline('collect', collectShader),
  ]);
  return { score, count, leastBin, collect };
}

/** Segments that are scored by one submission. */
type Part = readonly { readonly all: GPUBindGroup; readonly accepted: GPUBindGroup; readonly blocks: number }[];

export class QueryPasses {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #parts: readonly Part[];
  /** Of a pass over all hits. */
  readonly #workgroups: number;
  readonly #query: GPUBuffer;
  readonly #hits: GPUBuffer;
  readonly #counts: GPUBuffer;
  readonly #collected: GPUBuffer;
  readonly #selection: GPUBuffer;
  readonly #bindings: Readonly<Record<Exclude<Shader, 'score'>, GPUBindGroup>>;

  /**
   * Call inside error scopes.
   * @param columns of the query: 16 bytes each
   * @param mostCollected rows
   */
  constructor(
    device: GPUDevice,
    memory: GpuMemory,
    pipelines: Pipelines,
    segments: readonly Segment[],
    { count, columns, mostCollected }: Readonly<Record<'count' | 'columns' | 'mostCollected', number>>,
  ) {
    const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = GPUBufferUsage;
    this.#device = device;
    this.#pipelines = pipelines;
    this.#workgroups = selectWorkgroups(count);
    this.#query = memory.allocate('query', QUERY_HEAD_BYTES + columns * 16, STORAGE | COPY_DST);
    this.#hits = memory.allocate('hits', count * HIT_BYTES, STORAGE | COPY_SRC);
    this.#counts = memory.allocate('counts', BINS * 4, STORAGE | COPY_DST);
    const leastBin = memory.allocate('leastBin', 4, STORAGE);
    this.#collected = memory.allocate(
      'collected',
      COUNT_BYTES + mostCollected * HIT_BYTES,
      STORAGE | COPY_SRC | COPY_DST,
    );
    this.#selection = memory.allocate('selection', 16, UNIFORM | COPY_DST);
    const scoring = (codes: GPUBuffer, scales: GPUBuffer, params: GPUBuffer): GPUBindGroup =>
      this.#bind('score', [codes, scales, params, this.#query, this.#hits]);
    const parts: Part[number][][] = [];
    let bytes = Infinity;
    for (const { codes, scales, accepted, params, blocks } of segments) {
      if (bytes + codes.size > SUBMISSION_BYTES) {
        parts.push([]);
        bytes = 0;
      }
      parts.at(-1)!.push({ all: scoring(codes, scales, params), accepted: scoring(codes, accepted, params), blocks });
      bytes += codes.size;
    }
    this.#parts = parts;
    this.#bindings = {
      count: this.#bind('count', [this.#hits, this.#counts]),
      leastBin: this.#bind('leastBin', [this.#counts, leastBin, this.#selection]),
      collect: this.#bind('collect', [this.#hits, leastBin, this.#collected]),
    };
  }

  /**
   * Submits everything, without waiting.
   * @param query [dims] @param highest hardly a score is higher
   * @param k how many of the best are collected, with some more; undefined to copy out all hits
   * @param target receives what is collected, or all hits
   * @param among rows that are scored; others have no bin
   */
  submit(
    { query, highest }: { readonly query: Int8Array; readonly highest: number },
    k: number | undefined,
    target: GPUBuffer,
    among: 'all' | 'accepted',
  ): void {
    const { queue } = this.#device;
    const padded = new Int8Array(this.#query.size);
    // Without one all rows are in the first bin.
    const binsPerScore = Math.fround(BINS / highest);
    new Float32Array(padded.buffer, 0, 1)[0] = Number.isFinite(binsPerScore) ? binsPerScore : 0;
    padded.set(query, QUERY_HEAD_BYTES);
    queue.writeBuffer(this.#query, 0, padded);
    for (const part of this.#parts)
      this.#submit((encoder) => {
        const pass = encoder.beginComputePass();
        pass.setPipeline(this.#pipelines.score);
        for (const { blocks, ...bindings } of part) {
          pass.setBindGroup(0, bindings[among]);
          pass.dispatchWorkgroups(blocks);
        }
        pass.end();
      });
    if (k !== undefined) queue.writeBuffer(this.#selection, 0, new Uint32Array([k]));
    this.#submit((encoder) => {
      if (k !== undefined) this.#select(encoder);
      encoder.copyBufferToBuffer(k === undefined ? this.#hits : this.#collected, 0, target, 0, target.size);
    });
  }

  #select(encoder: GPUCommandEncoder): void {
    encoder.clearBuffer(this.#counts);
    encoder.clearBuffer(this.#collected, 0, COUNT_BYTES);
    const pass = encoder.beginComputePass();
    for (const [shader, workgroups] of [
      ['count', this.#workgroups],
      ['leastBin', 1],
      ['collect', this.#workgroups],
    ] as const) {
      pass.setPipeline(this.#pipelines[shader]);
      pass.setBindGroup(0, this.#bindings[shader]);
      pass.dispatchWorkgroups(workgroups);
    }
    pass.end();
  }

  #submit(encode: (encoder: GPUCommandEncoder) => void): void {
    const encoder = this.#device.createCommandEncoder();
    encode(encoder);
    this.#device.queue.submit([encoder.finish()]);
  }

  #bind(shader: Shader, buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: this.#pipelines[shader].getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }
}
