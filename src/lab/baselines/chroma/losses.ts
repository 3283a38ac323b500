// Chroma's two losses of mapped queries, which are not normalised.

import {
  add,
  div,
  maximum,
  mean,
  mul,
  relu,
  sqrt,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * PyTorch's `TripletMarginLoss` adds this to every difference; `CosineSimilarity` keeps the product of lengths above
 * 1e-8.
 */
const DISTANCE_EPSILON = 1e-6;
const SMALLEST_LENGTH = 1e-8;

/**
 * Σ max(0, |z − p| − |z − n| + margin) over rows.
 * @param z mapped queries
 * @param p relevant passages
 * @param n others, all [batch, dims]
 */
export function tripletLoss(z: Tensor2D, p: Tensor2D, n: Tensor2D, margin: number): Scalar {
  return sum(relu(add(sub(distances(z, p), distances(z, n)), margin)));
}

/** Mean of (cos(z, d) − y)². @param d unit passages [batch, dims] @param y [batch, 1] */
export function cosineSquaredError(z: Tensor2D, d: Tensor2D, y: Tensor2D): Scalar {
  const lengths = maximum(sqrt(sum(square(z), 1, true)), SMALLEST_LENGTH);
  return mean(square(sub(div(sum(mul(z, d), 1, true), lengths), y)));
}

function distances(a: Tensor2D, b: Tensor2D): Tensor2D {
  return sqrt(sum<Tensor2D>(square(add(sub(a, b), DISTANCE_EPSILON)), 1));
}
