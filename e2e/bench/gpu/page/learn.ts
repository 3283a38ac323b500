// Learning from labels with queries ranked on the GPU, beside WebAssembly: the same rankings and the same adapter, bit by
// bit.

import { closedFormTrainer } from '../../../../src/adapter/closed-form-trainer.ts';
import { identityAdapter } from '../../../../src/adapter/initial.ts';
import type { Trained } from '../../../../src/adapter/trainer.ts';
import { quantizeRows } from '../../../../src/math/quantize.ts';
import { Random } from '../../../../src/math/random.ts';
import { normalizeRows } from '../../../../src/math/vector.ts';
import { type OpenedRanker, openRanker } from '../../../../src/scan/open-ranker.ts';
import { assertSame, median, timed } from './timing.ts';

export interface LearnTimes {
  /** Milliseconds: ranking all queries, and the whole adaptation. */
  readonly rank: { readonly gpuMs: number; readonly wasmMs: number };
  readonly adapt: { readonly gpuMs: number; readonly wasmMs: number };
}

const K = 10;

export async function learn({
  passages,
  dims,
  queries,
  rounds,
}: Readonly<Record<'passages' | 'dims' | 'queries' | 'rounds', number>>): Promise<LearnTimes> {
  const random = new Random(3);
  const documents = normalizeRows(
    Float32Array.from({ length: passages * dims }, () => random.normal()),
    dims,
  );
  // Query i is about passage 2i, with pairs of its numbers swapped.
  const x = Float32Array.from(
    { length: queries * dims },
    (_, at) => documents[2 * Math.floor(at / dims) * dims + ((at % dims) ^ 1)]! + 0.05 * random.normal(),
  );
  normalizeRows(x, dims);
  const vectors = quantizeRows(documents, dims);
  const start = identityAdapter({ model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims });
  const training = { x, relevant: Array.from({ length: queries }, (_, i) => new Map([[2 * i, 1]])) };
  const validation = { x: new Float32Array(), relevant: [] };
  const adapt = ({ rank, dots }: OpenedRanker): Promise<Trained> =>
    closedFormTrainer.adapt(
      { start, inUse: start, training, validation, documents: vectors, rank, dots },
      { seed: 42 },
    );

  const [gpu, wasm] = [await openRanker(vectors, 'always'), await openRanker(vectors, 'never')];
  if (gpu.kind !== 'webgpu') throw new Error(gpu.dots.refused.map(({ reason }) => reason).join(' '));
  assertSame('ranking', await gpu.rank(x, K), await wasm.rank(x, K));
  const [rankGpu, rankWasm]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds; i++) {
    rankGpu.push((await timed(() => gpu.rank(x, K))).ms);
    rankWasm.push((await timed(() => wasm.rank(x, K))).ms);
  }
  const [adaptGpu, adaptWasm] = [await timed(() => adapt(gpu)), await timed(() => adapt(wasm))];
  assertSame('adapter', adaptGpu.value.adapter, adaptWasm.value.adapter);
  gpu.dispose();
  wasm.dispose();
  return {
    rank: { gpuMs: median(rankGpu), wasmMs: median(rankWasm) },
    adapt: { gpuMs: adaptGpu.ms, wasmMs: adaptWasm.ms },
  };
}
