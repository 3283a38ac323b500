// Reference for taped gradients, for tests: central differences of the same loss, implemented separately in float64.

import { tensor, tidy, valueAndGrads, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerGradients } from './gradients.ts';

/** Relative to the largest number compared. Measured: at most 4e-6 on CPU, WASM and SwiftShader. */
const TOLERANCE = 2e-5;
const STEP = 1e-5;

export interface TestInput {
  /** Exact in float32. */
  readonly x: Float64Array;
  readonly shape: readonly number[];
}

/** @param expected the loss in float64, of the numbers that `inputs` has when it is called */
export async function expectGradients(
  inputs: readonly TestInput[],
  loss: (...tensors: Tensor[]) => Tensor,
  expected: () => number,
): Promise<void> {
  const [value, slopes] = await valueAndSlopes(loss, inputs);
  expect(Math.abs(value - expected())).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(expected())));
  inputs.forEach(({ x }, p) =>
    expect(
      relativeError(
        slopes[p]!,
        x.map((_, i) => centralDifference(x, i, expected)),
      ),
    ).toBeLessThan(TOLERANCE),
  );
}

/** On the tfjs backend in use. */
export async function valueAndSlopes(
  loss: (...tensors: Tensor[]) => Tensor,
  inputs: readonly TestInput[],
): Promise<[number, Float32Array[]]> {
  registerGradients();
  const { value, grads } = tidy(() =>
    valueAndGrads((...x: Tensor[]) => loss(...x) as Scalar)(
      inputs.map(({ x, shape }) => tensor(Float32Array.from(x), [...shape])),
    ),
  );
  const [number = NaN] = await value.data<'float32'>();
  const slopes = await Promise.all(grads.map((slope) => slope.data<'float32'>()));
  for (const used of [value, ...grads]) used.dispose();
  return [number, slopes];
}

/** Largest difference, relative to the largest expected number. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [error, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return error / largest;
}

function centralDifference(x: Float64Array, i: number, value: () => number): number {
  const at = x[i]!;
  x[i] = at + STEP;
  const above = value();
  x[i] = at - STEP;
  const below = value();
  x[i] = at;
  return (above - below) / (2 * STEP);
}
