// Search-Adaptor's three losses (Yoon et al., arXiv 2310.08750, sections 4.2 and 4.3) for one batch of queries and
// documents.

import {
  abs,
  add,
  mean,
  mul,
  softplus,
  sub,
  sum,
  transpose,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { product } from '../../gradient/product.ts';
import { unitRows } from '../../gradient/unit-rows.ts';
import { perceptron, residual, type Perceptron } from './residual-map.ts';

/** For one positive of each query, j, and every document k of the batch. */
export interface PairSlot {
  /** [b, m]: 1 at j, 0 elsewhere; all 0 for a query that has fewer positives. */
  readonly positive: Tensor2D;
  /** [b, m]: y_ij − y_ik where k is compared with j and graded lower, else 0. */
  readonly weight: Tensor2D;
}

export interface SearchAdaptorBatch {
  /** Query vectors [b, dims]. */
  readonly queries: Tensor2D;
  /** Documents [m, dims]: positives of the queries and negatives. */
  readonly documents: Tensor2D;
  readonly slots: readonly PairSlot[];
  /**
   * Each labelled pair (i, j): the positions of its query and document, [p, b] and [p, m], and its grade over the sum
   * of grades, [p, 1].
   */
  readonly pairQuery: Tensor2D;
  readonly pairDocument: Tensor2D;
  readonly pairShare: Tensor2D;
}

/**
 * L_rank + α L_rec + β L_pred.
 * @param predictor p, which predicts a query's vector from a relevant document's; null for β = 0
 */
export function searchAdaptorLoss(
  f: Perceptron<Tensor>,
  predictor: Perceptron<Tensor> | null,
  batch: SearchAdaptorBatch,
  alpha: number,
  beta: number,
): Scalar {
  const queries = residual(batch.queries, f);
  const documents = residual(batch.documents, f);
  const ranking = rankingLoss(product(unitRows(queries), transpose(unitRows(documents))), batch.slots);
  const recovery = add(meanDistance(queries, batch.queries), meanDistance(documents, batch.documents));
  const regular = alpha > 0 ? add<Scalar>(ranking, mul(recovery, alpha)) : ranking;
  return predictor ? add(regular, mul(predictionLoss(queries, documents, predictor, batch), beta)) : regular;
}

/** Σᵢ Σⱼₖ 1[y_ij > y_ik] (y_ij − y_ik) log(1 + exp(s_ik − s_ij)). @param scores cosines [b, m] */
export function rankingLoss(scores: Tensor2D, slots: readonly PairSlot[]): Scalar {
  return slots
    .map(({ positive, weight }) => {
      const own = sum<Tensor2D>(mul(scores, positive), 1, true);
      return sum<Scalar>(mul(weight, softplus(sub(scores, own))));
    })
    .reduce((total, part) => add(total, part));
}

/** Mean over rows of |a − b|₁. */
function meanDistance(a: Tensor2D, b: Tensor2D): Scalar {
  return mean(sum(abs(sub(a, b)), 1));
}

/** Σ y_ij |q'_i − p(d'_j)|₁ / Σ y_ij. */
function predictionLoss(
  queries: Tensor2D,
  documents: Tensor2D,
  predictor: Perceptron<Tensor>,
  { pairQuery, pairDocument, pairShare }: SearchAdaptorBatch,
): Scalar {
  const guessed = perceptron(product(pairDocument, documents), predictor);
  const distances = sum<Tensor2D>(abs(sub(product(pairQuery, queries), guessed)), 1, true);
  return sum(mul(pairShare, distances));
}
