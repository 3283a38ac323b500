// Derivatives of the tfjs operations that training uses: the core package has none, and its full list would include
// every convolution and pooling. An operation that is not here fails with tfjs's own message ("gradient function not
// found").

import {
  broadcast_util,
  cast,
  div,
  equal,
  exp,
  getGradient,
  greaterEqual,
  less,
  mul,
  neg,
  onesLike,
  registerGradient,
  reshape,
  sigmoid,
  square,
  step,
  sub,
  sum,
  transpose,
  util,
  type GradConfig,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { PRODUCT_GRADIENT } from './product.ts';

/** From G = dL/dy to dL/da and dL/db, each of the shape that a and b were broadcast to. */
type Pairwise = (slope: Tensor, a: Tensor, b: Tensor) => [a: () => Tensor, b: () => Tensor];

/** Registers the gradients that `fitByGradient` needs; done once for the realm. */
export function registerGradients(): void {
  for (const config of CONFIGS) if (getGradient(config.kernelName) !== config) registerGradient(config);
}

const CONFIGS: readonly GradConfig[] = [
  PRODUCT_GRADIENT,
  pairwise('Add', (slope) => [() => slope, () => slope]),
  pairwise('Sub', (slope) => [() => slope, () => neg(slope)]),
  pairwise('Multiply', (slope, a, b) => [() => mul(slope, b), () => mul(slope, a)]),
  pairwise('RealDiv', (slope, a, b) => [() => div(slope, b), () => neg(div(mul(slope, a), square(b)))]),
  pairwise('SquaredDifference', (slope, a, b) => [
    () => mul(slope, mul(sub(a, b), 2)),
    () => mul(slope, mul(sub(b, a), 2)),
  ]),
  pairwise('Maximum', (slope, a, b) => [
    () => mul(slope, asNumbers(greaterEqual(a, b))),
    () => mul(slope, asNumbers(less(a, b))),
  ]),
  ofInput('Neg', (slope) => neg(slope)),
  ofInput('Square', (slope, x) => mul(slope, mul(x, 2))),
  ofInput('Abs', (slope, x) => mul(slope, sub(step(x), step(neg(x))))),
  ofInput('Relu', (slope, x) => mul(slope, step(x))),
  ofInput('Log', (slope, x) => div(slope, x)),
  ofInput('Softplus', (slope, x) => mul(slope, sigmoid(x))),
  ofInput('Erf', (slope, x) => mul(slope, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  ofOutput('Exp', (slope, y) => mul(slope, y)),
  ofOutput('Sqrt', (slope, y) => div(slope, mul(y, 2))),
  ofOutput('Sigmoid', (slope, y) => mul(slope, mul(y, sub(1, y)))),
  ofOutput('Tanh', (slope, y) => mul(slope, sub(1, square(y)))),
  ofInput('Identity', (slope) => reshape(slope, slope.shape)),
  ofInput('Reshape', (slope, x) => reshape(slope, x.shape)),
  ofInput('Transpose', (slope, _, { perm }) =>
    transpose(
      slope,
      (perm as number[]).map((_axis, i) => (perm as number[]).indexOf(i)),
    ),
  ),
  ofInput('Sum', (slope, x, attributes) => mul(reduced(slope, x, attributes), onesLike(x))),
  ofInput('Mean', (slope, x, attributes) => mul(reduced(slope, x, attributes), div(onesLike(x), x.size / slope.size))),
  {
    kernelName: 'Max',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (slope, [x, y], attributes) => ({
      // Shared between equal maxima, as in PyTorch's amax.
      x: () => {
        const chosen = asNumbers(equal(x!, reduced(y!, x!, attributes)));
        const count = sum(chosen, attributes['reductionIndices'] as number[], true);
        return mul(chosen, div(reduced(slope as Tensor, x!, attributes), count));
      },
    }),
  },
];

function pairwise(kernelName: string, slopes: Pairwise): GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (slope, saved) => {
      const [a, b] = saved as [Tensor, Tensor];
      const [ofA, ofB] = slopes(slope as Tensor, a, b);
      return { a: () => unbroadcast(ofA(), a.shape), b: () => unbroadcast(ofB(), b.shape) };
    },
  };
}

function ofInput(
  kernelName: string,
  slopeOf: (slope: Tensor, x: Tensor, attributes: NamedAttrMap) => Tensor,
): GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (slope, [x], attributes) => ({ x: () => slopeOf(slope as Tensor, x!, attributes) }),
  };
}

function ofOutput(kernelName: string, slopeOf: (slope: Tensor, y: Tensor) => Tensor): GradConfig {
  return { kernelName, outputsToSave: [true], gradFunc: (slope, [y]) => ({ x: () => slopeOf(slope as Tensor, y!) }) };
}

/**
 * Sums over the axes along which a tensor of `shape` was broadcast. Always returns a new tensor, since tfjs disposes of
 * it.
 */
function unbroadcast(slope: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, slope.shape);
  return reshape(axes.length > 0 ? sum(slope, axes) : slope, shape);
}

/** The result of a reduction of x, with the reduced axes kept as axes of length 1. */
function reduced(result: Tensor, x: Tensor, attributes: NamedAttrMap): Tensor {
  const axes = util.parseAxisParam((attributes['axis'] ?? attributes['reductionIndices'] ?? null) as number[], x.shape);
  return reshape(
    result,
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

function asNumbers(flags: Tensor): Tensor {
  return cast(flags, 'float32');
}
