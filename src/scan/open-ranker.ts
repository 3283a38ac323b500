// Opens a ranker for many queries: products on a GPU where these are right and faster on the vectors at hand, else exact
// ones. The rankings are the same.

import type { Refusal } from '../device.ts';
import { EraError, messageOf } from '../errors.ts';
import { bestRows, type QueriesView } from '../math/best-rows.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { dequantizeRows } from '../math/quantize.ts';
import { type DotsKind, exactDots, type RowDots } from '../math/row-dots.ts';
import type { GpuProducts, GpuUse, OpenGpuProducts } from './webgpu/open-row-dots.ts';
import { rankMany, type Ranker } from './rank-many.ts';
import { assertScannable } from './check-input.ts';

export interface OpenedRanker extends Ranker {
  /** Products with the vectors: those of the GPU until it is lost, exact ones from then on. */
  readonly dots: RowDots;
  readonly dispose: () => void;
}

/** Queries and rows of a trial: about 100 million products, 10 to 20 ms without a GPU. */
const TRIAL_QUERIES = 64;
const TRIAL_ROWS = 4096;
const TRIAL_K = 10;
const TRIALS = 3;

/** @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite` for vectors that cannot be scanned */
export async function openRanker(
  vectors: QuantizedVectors,
  use: GpuUse = 'auto',
  openGpu: OpenGpuProducts = async (...args) => (await import('./webgpu/open-row-dots.ts')).openGpuProducts(...args),
): Promise<OpenedRanker> {
  assertScannable(vectors);
  const exact = exactDots(vectors);
  if (use === 'never') return rankerOver(vectors, exact);
  let gpu: GpuProducts | undefined;
  try {
    gpu = await openGpu(vectors, use);
    if (use === 'auto') await assertFaster(gpu.dots, exact, vectors);
    return rankerOver(vectors, exact, gpu);
  } catch (error) {
    gpu?.dispose();
    return rankerOver(vectors, refusing(exact, { device: 'webgpu', reason: messageOf(error) }));
  }
}

function rankerOver(vectors: QuantizedVectors, exact: RowDots, gpu?: GpuProducts): OpenedRanker {
  let current = gpu?.dots ?? exact;
  gpu?.lost.catch((error: unknown) => {
    current = refusing(exact, { device: 'webgpu', reason: messageOf(error) });
  });
  const dots: RowDots = {
    get kind() {
      return current.kind;
    },
    get refused() {
      return current.refused;
    },
    get blockRows() {
      return current.blockRows;
    },
    get error() {
      return current.error;
    },
    ask: (queries) => current.ask(queries),
  };
  return {
    get kind() {
      return current.kind;
    },
    dots,
    rank: (queries, k) => rankMany(vectors, queries, k, dots),
    dispose: () => gpu?.dispose(),
  };
}

function refusing(exact: RowDots, refusal: Refusal & { device: DotsKind }): RowDots {
  return { ...exact, refused: [refusal, ...exact.refused] };
}

/** Times both on rows of the vectors. @throws EraError `no-webgpu` where the GPU is not faster */
async function assertFaster(gpu: RowDots, exact: RowDots, vectors: QuantizedVectors): Promise<void> {
  const count = Math.min(TRIAL_ROWS, vectors.scales.length);
  const { dims } = vectors;
  const part = {
    codes: vectors.codes.subarray(0, count * dims),
    scales: vectors.scales.subarray(0, count),
    dims,
  };
  const ids = Int32Array.from({ length: TRIAL_QUERIES }, (_, i) => i % count);
  const queries = Float64Array.from(dequantizeRows(vectors, ids));
  const view: QueriesView = { share: 0, factors: new Float64Array(TRIAL_QUERIES).fill(1) };
  const msOf = async (dots: RowDots): Promise<number> => {
    let fastest = Infinity;
    for (let i = 0; i < TRIALS; i++) {
      const begin = performance.now();
      await bestRows(part, queries, Math.min(TRIAL_K, count), [view], { dots });
      fastest = Math.min(fastest, performance.now() - begin);
    }
    return fastest;
  };
  const [gpuMs, exactMs] = [await msOf(gpu), await msOf(exact)];
  if (gpuMs >= exactMs)
    throw new EraError('no-webgpu', `A ranking takes ${gpuMs.toFixed(1)} ms there and ${exactMs.toFixed(1)} ms here.`);
}
