// ERA's two losses on unit vectors, with their gradients written out, on the tfjs backend in use. reference.ts has them
// in float64.

import {
  add,
  div,
  exp,
  log,
  max,
  mul,
  neg,
  reshape,
  sub,
  sum,
  tensor2d,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

export interface LossGradient {
  /** Σ share · loss over the batch. */
  readonly loss: Scalar;
  /** Derivative by the unit vectors, [batch, dOut]. */
  readonly gradient: Tensor2D;
}

/**
 * @param unit [batch, dOut], unit rows
 * @param share [batch, 1], weight of each row: 1 / n for the n real rows, 0 for rows that fill the batch
 */
export type Loss = (unit: Tensor2D, target: Tensor, share: Tensor2D) => LossGradient;

/** Stage 1: 1 − u·y for unit targets y [batch, dOut]. */
export const cosineLoss: Loss = (unit, target, share) => {
  const weighted = mul<Tensor2D>(target, share);
  return { loss: sub(sum<Tensor2D>(share), sum(mul(weighted, unit))), gradient: neg(weighted) };
};

/**
 * Stage 2, InfoNCE (van den Oord et al. 2018): −log softmax(u·c / τ)[0] for unit candidates c [batch, k, dOut], the
 * positive first.
 */
export function contrastiveLoss(temperature: number): Loss {
  return (unit, target, share) => {
    const candidates = target as Tensor3D;
    const [batch, k, dOut] = candidates.shape;
    const positive = tensor2d(
      Float32Array.from({ length: k }, (_, c) => (c === 0 ? 1 : 0)),
      [1, k],
    );
    const logits = div<Tensor2D>(sum(mul(reshape(unit, [batch, 1, dOut]), candidates), 2), temperature);
    const shifted = sub<Tensor2D>(logits, max(logits, 1, true));
    const logShare = sub<Tensor2D>(shifted, log(sum(exp(shifted), 1, true)));
    const slope = mul(div(sub(exp(logShare), positive), temperature), share);
    return {
      loss: neg(sum(mul(mul(logShare, positive), share))),
      gradient: sum<Tensor2D>(mul(reshape(slope, [batch, k, 1]), candidates), 1),
    };
  };
}

/** Adds `part` of a loss to a running total. */
export function accumulate(total: Scalar, loss: Scalar, part: number): Scalar {
  return add(total, mul(loss, part));
}
