// The map that queries and documents share, e' = e + f(e), with f a perceptron of two layers. The paper gives neither
// depth, width, activation nor initialisation: here the hidden layer is as wide as the vectors, with ReLU, and the last
// layer starts at zero, so that training starts from the unchanged vectors.

import { add, relu, tensor2d, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import type { Random } from '../../../math/random.ts';
import { assertVectors, normalizeRows } from '../../../math/vector.ts';
import type { FitParameter } from '../../gradient/fit.ts';
import { product } from '../../gradient/product.ts';

/** Rows mapped in one call. */
const CHUNK_ROWS = 1024;

/** Hidden weight [dims, dims] and bias [dims], output weight and bias: x W + b. */
export type Perceptron<T> = readonly [hiddenWeight: T, hiddenBias: T, weight: T, bias: T];

/** The hidden layer initialised like PyTorch's `nn.Linear`, uniform in ±1/√dims. */
export function perceptronParameters(
  name: string,
  dims: number,
  last: 'zero' | 'random',
  random: Random,
): FitParameter[] {
  const draw = (length: number): Float32Array =>
    Float32Array.from({ length }, () => (2 * random.float() - 1) / Math.sqrt(dims));
  const start = (length: number): Float32Array => (last === 'zero' ? new Float32Array(length) : draw(length));
  return [
    { name: `${name}.hidden.weight`, value: draw(dims * dims), shape: [dims, dims] },
    { name: `${name}.hidden.bias`, value: draw(dims), shape: [dims] },
    { name: `${name}.weight`, value: start(dims * dims), shape: [dims, dims] },
    { name: `${name}.bias`, value: start(dims), shape: [dims] },
  ];
}

/** @param x [n, dims] @returns [n, dims] */
export function perceptron(x: Tensor2D, [hiddenWeight, hiddenBias, weight, bias]: Perceptron<Tensor>): Tensor2D {
  const hidden = relu<Tensor2D>(add(product(x, hiddenWeight as Tensor2D), hiddenBias));
  return add(product(hidden, weight as Tensor2D), bias);
}

/** e + f(e), not normalised. @param x [n, dims] */
export function residual(x: Tensor2D, f: Perceptron<Tensor>): Tensor2D {
  return add(x, perceptron(x, f));
}

/**
 * Rows of `x` [n, dims] mapped and brought to unit length, on the tfjs backend in use.
 * @throws EraError `dimension-mismatch`, `not-finite`; the signal's reason
 */
export async function mapToUnit(
  x: Float32Array,
  dims: number,
  f: Perceptron<Float32Array>,
  pause: () => Promise<void>,
): Promise<Float32Array<ArrayBuffer>> {
  if (f[0].length !== dims * dims)
    throw new EraError(
      'dimension-mismatch',
      `A map of ${Math.sqrt(f[0].length)} dimensions cannot map vectors of ${dims}.`,
    );
  assertVectors(x, dims, 'vectors to map');
  const out = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += CHUNK_ROWS * dims) {
    await pause();
    const chunk = x.slice(at, at + CHUNK_ROWS * dims);
    const mapped = tidy(() => residual(tensor2d(chunk, [chunk.length / dims, dims]), tensors(f, dims)));
    try {
      out.set(await mapped.data<'float32'>(), at);
    } finally {
      mapped.dispose();
    }
  }
  assertVectors(out, dims, 'mapped vectors');
  normalizeRows(out, dims);
  return out;
}

function tensors(
  [hiddenWeight, hiddenBias, weight, bias]: Perceptron<Float32Array>,
  dims: number,
): Perceptron<Tensor2D> {
  const square: [number, number] = [dims, dims];
  return [
    tensor2d(hiddenWeight, square),
    tensor2d(hiddenBias, [1, dims]),
    tensor2d(weight, square),
    tensor2d(bias, [1, dims]),
  ];
}
