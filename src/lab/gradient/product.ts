// The product of two matrices, for training by gradient. Its gradient multiplies transposed copies: tfjs's own uses
// transpose flags, with which the WASM backend is about 15 times slower. Only operands that depend on a parameter get a
// gradient.

import { BatchMatMul, matMul, transpose, type GradConfig, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { EraError } from '../../errors.ts';

/** a b for a [m, k] and b [k, n]. For a transposed operand, transpose a copy first: `product(a, transpose(b))`. */
export function product(a: Tensor2D, b: Tensor2D): Tensor2D {
  return matMul(a, b);
}

/** dL/da = G bᵀ and dL/db = aᵀ G for G = dL/d(a b). */
export const PRODUCT_GRADIENT: GradConfig = {
  kernelName: BatchMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: (slope, saved, attributes) => {
    if (attributes['transposeA'] === true || attributes['transposeB'] === true)
      throw new EraError('internal', 'Products with transpose flags are too slow to train with.');
    const [a, b] = saved as [Tensor2D, Tensor2D];
    return {
      a: (): Tensor => matMul(slope as Tensor2D, transpose(b)),
      b: (): Tensor => matMul(transpose(a), slope as Tensor2D),
    };
  },
};
