// Drift-Adapter's LA (arXiv 2509.23471): a map of low rank with a bias, W = U Vᵀ, and a factor for each output
// dimension (DSM).

import { add, mul, type Tensor2D } from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import { fromRows, multiply } from '../../../math/matrix.ts';
import { checkAdapter, type LinearAdapter } from '../../../adapter/adapter.ts';
import { product } from '../../gradient/product.ts';
import { fitPairs, scalingParameter, uniformParameter, type DriftOptions } from './fit-pairs.ts';

export interface DriftLowRankOptions extends DriftOptions {
  /** Values above the smaller dimension have no further effect. @default 64 */
  readonly rank?: number | undefined;
}

/**
 * s ∘ (U Vᵀ x + b), trained by the squared error; the factors s are folded into weight and bias.
 * @throws EraError as `fitPairs`, `invalid-option`; the signal's reason
 */
export async function driftLowRank(options: DriftLowRankOptions): Promise<LinearAdapter> {
  const { path, from, to, dIn, dOut, rank = 64, scaling = true } = options;
  if (!Number.isInteger(rank) || rank < 1)
    throw new EraError('invalid-option', `The rank is a whole number from 1, not ${rank}.`);
  const { values, provenance } = await fitPairs(options, (random) => ({
    parameters: [
      uniformParameter('V', [dIn, rank], dIn, random),
      uniformParameter('U', [rank, dOut], rank, random),
      uniformParameter('bias', [1, dOut], rank, random),
      ...(scaling ? [scalingParameter(dOut)] : []),
    ],
    forward: ([down, up, bias, factors], x) => {
      const mapped = add<Tensor2D>(product(product(x, down!), up!), bias!);
      return factors ? mul(mapped, factors) : mapped;
    },
  }));
  const [down, up, bias, factors] = values;
  const map = multiply(fromRows(down!, rank), fromRows(up!, dOut)); // [dIn, dOut]
  const factor = (o: number): number => factors?.[o] ?? 1;
  const weight = Float32Array.from({ length: dOut * dIn }, (_, at) => {
    const o = Math.floor(at / dIn);
    return factor(o) * map.values[(at % dIn) * dOut + o]!;
  });
  const adapter = { path, from, to, dIn, dOut, weight, bias: bias!.map((v, o) => factor(o) * v) };
  return checkAdapter({
    ...adapter,
    provenance: { method: 'drift-low-rank', rank: String(rank), scaling: String(scaling), ...provenance },
  });
}
