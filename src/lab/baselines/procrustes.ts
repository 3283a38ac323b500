// Alignment by a rotation: orthogonal Procrustes (Schönemann 1966), also between spaces of different dimensions.

import { polarFactor, thinSvd } from '../../math/svd.ts';
import type { LinearAdapter } from '../../adapter/adapter.ts';
import { PairCovariances, type TextPairs } from '../../adapter/align/text-pairs.ts';

export interface ProcrustesInput extends TextPairs {
  /** Rotate about the means, x ↦ (x − x̄)A + ȳ, instead of about the origin. @default true */
  readonly centred?: boolean | undefined;
}

/**
 * A = U Vᵀ for the thin singular value decomposition Xᵀ Y = U S Vᵀ: of all A [dIn, dOut] with orthonormal columns
 * (orthonormal rows where dIn < dOut) the one with the largest tr(Aᵀ XᵀY). For dIn ≤ dOut it minimises ‖X A − Y‖; for
 * dIn > dOut it equals a rotation to Y padded with zeros to dIn, with the padding cut off. Directions in which the
 * texts do not vary are completed arbitrarily.
 * @throws EraError `invalid-input` (also, if centred, where the texts do not differ), `dimension-mismatch`,
 * `not-finite`
 */
export function alignProcrustes(input: ProcrustesInput): LinearAdapter {
  const { centred = true } = input;
  const covariances = new PairCovariances(input, centred);
  return covariances.adapter(polarFactor(thinSvd(covariances.xy)), { method: 'procrustes', centred: String(centred) });
}
