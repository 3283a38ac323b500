// Graded InfoNCE with several positives per query and a penalty on the distance from the start.

import {
  add,
  div,
  exp,
  log,
  max,
  mul,
  softplus,
  square,
  sub,
  sum,
  transpose,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { product } from '../../gradient/product.ts';
import { unitRows } from '../../gradient/unit-rows.ts';

export interface AnchoredBatch {
  /** Query inputs [batch, dIn]. */
  readonly x: Tensor2D;
  /** Outputs of the start, W0 x + b0 [batch, dOut]. */
  readonly now: Tensor2D;
  /** Unit passages [m, dOut]. */
  readonly passages: Tensor2D;
  /**
   * [batch, m]: weight of a positive, its share of its query's grades over the batch's queries; 0 for other passages.
   */
  readonly share: Tensor2D;
  /** [batch, m]: 0 for a negative of the query, `NOT_A_NEGATIVE` for other passages. */
  readonly offset: Tensor2D;
}

/** Far below any cosine over τ. */
export const NOT_A_NEGATIVE = -1e9;

/**
 * Σᵢⱼ shareᵢⱼ · log(1 + Σₖ exp((uᵢ·nₖ − uᵢ·pⱼ) / τ)) + λ (‖Δ‖² + ‖δ‖²) for u = L2(W0 x + b0 + xᵀΔ + δ): each positive
 * against the negatives, not against other positives. InfoNCE: van den Oord et al. 2018; the anchor: arXiv 2410.05270,
 * equation 4.
 * @param change Δ [dIn, dOut] @param shift δ [dOut]
 */
export function anchoredLoss(
  change: Tensor,
  shift: Tensor,
  batch: AnchoredBatch,
  temperature: number,
  anchor: number,
): Scalar {
  const unit = unitRows(add(add(batch.now, product(batch.x, change as Tensor2D)), shift));
  const scores = div<Tensor2D>(product(unit, transpose(batch.passages)), temperature);
  const negatives = add<Tensor2D>(scores, batch.offset);
  const highest = max<Tensor2D>(negatives, 1, true);
  const against = add(log(sum<Tensor2D>(exp(sub(negatives, highest)), 1, true)), highest);
  const contrast = sum<Scalar>(mul(batch.share, softplus(sub(against, scores))));
  return add(contrast, mul(add(sum(square(change)), sum(square(shift))), anchor));
}
