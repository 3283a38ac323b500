// Opens products on a GPU: a device, the self-test of the shader, the vectors.

import { EraError } from '../../errors.ts';
import { Random } from '../../math/random.ts';
import { type QuantizedVectors, quantizeRows } from '../../math/quantize.ts';
import { exactDots, type RowDots } from '../../math/row-dots.ts';
import { gpuFacts, requestGpuDevice } from './device.ts';
import { createDotsPipeline, GpuDots } from './row-dots.ts';

/** `auto`: a hardware adapter where it is faster. `always`: any adapter. `never`: none. */
export type GpuUse = 'auto' | 'always' | 'never';

/** Products on a GPU that passed their self-test. */
export interface GpuProducts {
  readonly dots: RowDots;
  /** Rejects with `gpu-lost` when the GPU is lost; otherwise it stays pending. */
  readonly lost: Promise<never>;
  readonly dispose: () => void;
}

/** @throws EraError `no-webgpu`, `gpu-memory`, `self-test-failed` */
export type OpenGpuProducts = (vectors: QuantizedVectors, use: GpuUse) => Promise<GpuProducts>;

/** Whole groups and workgroups and less than these, in more than one block: [rows, queries, dims, rows of a block]. */
const SIZES = [
  [150, 21, 7, 72],
  [5, 2, 48, 8],
] as const;

export const openGpuProducts: OpenGpuProducts = async (vectors, use) => {
  const refusal = use === 'auto' ? (await gpuFacts()).refusal : null;
  if (refusal !== null) throw new EraError('no-webgpu', refusal);
  const device = await requestGpuDevice();
  try {
    const pipeline = await createDotsPipeline(device);
    await checkGpuDots(device, pipeline);
    const dots = await GpuDots.open(device, pipeline, vectors);
    return {
      dots,
      lost: dots.lost,
      dispose: () => {
        dots.dispose();
        device.destroy();
      },
    };
  } catch (error) {
    device.destroy();
    throw error;
  }
};

/**
 * A known-answer test before the first use: every product is within the error that `GpuDots` states.
 * @throws EraError `self-test-failed`, `gpu-lost`
 */
export async function checkGpuDots(device: GPUDevice, pipeline: GPUComputePipeline): Promise<void> {
  const random = new Random(20262);
  const normals = (count: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: count }, () => random.normal());
  for (const [rows, m, dims, blockRows] of SIZES) {
    const vectors = quantizeRows(normals(rows * dims), dims);
    const queries = Float64Array.from(normals(m * dims));
    const dots = await GpuDots.open(device, pipeline, vectors, blockRows);
    const [asked, exact] = [dots.ask(queries), exactDots(vectors).ask(queries)];
    try {
      for (let first = 0; first < rows; first += blockRows) {
        const end = Math.min(first + blockRows, rows);
        const [actual, expected] = [await asked.block(first, end), await exact.block(first, end)];
        for (const [at, product] of expected.entries()) {
          const query = Math.floor(at / (end - first));
          const length = Math.hypot(...queries.subarray(query * dims, (query + 1) * dims));
          if (!(Math.abs(actual[at]! - product) <= dots.error * length))
            throw new EraError('self-test-failed', `The GPU gives another product than plain JavaScript at ${at}.`, {
              details: { rows, dims, at },
            });
        }
      }
    } finally {
      asked.close();
      dots.dispose();
    }
  }
}
