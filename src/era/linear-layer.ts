// L2(W x + b) and its gradient on the tfjs backend in use. Weight and bias are one tensor, [width, dOut]: W transposed,
// then a bias row for a constant 1 in the input, then zero rows up to a multiple of four. The gradient is written out
// instead of taped: tfjs's own gradient of a product uses transpose flags, with which the WASM backend is about 15
// times slower than with a transposed copy.

import {
  div,
  matMul,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tensor2d,
  transpose,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { LinearAdapter } from '../adapter/adapter.ts';

/** Lower bound of the length in PyTorch's `normalize`. */
const SMALLEST_LENGTH = 1e-12;

export interface LayerOutput {
  /** [batch, dOut], unit rows */
  readonly unit: Tensor2D;
  /** [batch, 1], lengths before normalising */
  readonly length: Tensor2D;
}

/**
 * Numbers in an input row: dIn, the constant 1, and zeros up to a multiple of four, which tfjs's fast WebGPU product
 * requires.
 */
export function inputWidth(dIn: number): number {
  return dIn + 4 - (dIn % 4);
}

/** @param x [batch, width] */
export function forward(weights: Tensor2D, x: Tensor2D): LayerOutput {
  const z = matMul(x, weights);
  const length = maximum<Tensor2D>(sqrt(sum<Tensor2D>(square(z), 1, true)), SMALLEST_LENGTH);
  return { unit: div<Tensor2D>(z, length), length };
}

/**
 * @param unitGradient dL/du, [batch, dOut]
 * @returns dL/dweights, [width, dOut]
 */
export function backward(x: Tensor2D, { unit, length }: LayerOutput, unitGradient: Tensor2D): Tensor2D {
  const along = sum<Tensor2D>(mul(unitGradient, unit), 1, true);
  const slope = div<Tensor2D>(sub(unitGradient, mul(unit, along)), length);
  return matMul(transpose(x), slope);
}

export type LayerWeights = Pick<LinearAdapter, 'weight' | 'bias'>;

export function uploadWeights({
  weight,
  bias,
  dIn,
  dOut,
}: LayerWeights & Pick<LinearAdapter, 'dIn' | 'dOut'>): Tensor2D {
  const width = inputWidth(dIn);
  const packed = new Float32Array(width * dOut);
  for (let j = 0; j < dIn; j++) {
    for (let o = 0; o < dOut; o++) packed[j * dOut + o] = weight[o * dIn + j]!;
  }
  packed.set(bias, dIn * dOut);
  return tensor2d(packed, [width, dOut]);
}

export async function downloadWeights(weights: Tensor2D, dIn: number): Promise<LayerWeights> {
  const packed = await weights.data<'float32'>();
  const dOut = weights.shape[1];
  const weight = new Float32Array(dOut * dIn);
  for (let o = 0; o < dOut; o++) {
    for (let j = 0; j < dIn; j++) weight[o * dIn + j] = packed[j * dOut + o]!;
  }
  return { weight, bias: packed.slice(dIn * dOut, (dIn + 1) * dOut) };
}
