// Rows scaled to unit length, for training by gradient.

import {
  customGrad,
  div,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  type GradSaveFunc,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** Lower bound of the length in PyTorch's `normalize`. */
const SMALLEST_LENGTH = 1e-12;

const operation = customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
  const [z, save] = inputs as [Tensor2D, GradSaveFunc];
  const length = maximum<Tensor2D>(sqrt(sum<Tensor2D>(square(z), 1, true)), SMALLEST_LENGTH);
  const unit = div<Tensor2D>(z, length);
  save([unit, length]);
  return {
    value: unit,
    gradFunc: (slope, saved) => {
      const [u, lengths] = saved as [Tensor2D, Tensor2D];
      return div(sub(slope, mul(u, sum(mul(slope, u), 1, true))), lengths);
    },
  };
});

/**
 * u = z / |z| for each row of z [n, dims]; dL/dz = (G − u (u·G)) / |z| for G = dL/du. A zero row stays zero, with a
 * finite slope.
 */
export function unitRows(z: Tensor2D): Tensor2D {
  return operation(z);
}
