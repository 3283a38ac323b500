// Alignment by A = C_xx^−α C_xy C_yy^−β: ridge regression at (1, 0), the teacher's scores at (0, 1), a whitened
// cross-covariance at (½, ½).

import { EraError } from '../../errors.ts';
import { matrixFunction, symmetricEigen } from '../../math/eigen.ts';
import { type DenseMatrix, multiply } from '../../math/matrix.ts';
import type { LinearAdapter } from '../../adapter/adapter.ts';
import { PairCovariances, type TextPairs } from '../../adapter/align/text-pairs.ts';

export interface WhiteningPowers {
  /** Power of the input side, in [0, 1]. */
  readonly alpha: number;
  /** Power of the output side, in [0, 1]. */
  readonly beta: number;
  /** Added to C_xx, as a share of its mean variance; above 0. @default 0.1 */
  readonly xRidge?: number | undefined;
  /** Added to C_yy, as a share of its mean variance; above 0. @default 0.1 */
  readonly yRidge?: number | undefined;
}

const DEFAULT_RIDGE = 0.1;

/** One member of the family, for texts that are read once. @throws EraError `invalid-option` */
export type WhiteningFamily = (powers: WhiteningPowers) => LinearAdapter;

/**
 * x ↦ L2((x − x̄)A + ȳ) with A = (C_xx + ridge)^−α C_xy (C_yy + ridge)^−β, centred. (1, 0) is `alignRidge` at λ =
 * xRidge · mean variance of x · Σ wᵢ; (0, 1) minimises ‖X A Yᵀ − X Xᵀ‖_F, so that the small model's vectors reproduce
 * the large model's scores. A side is decomposed when a power other than 0 first needs it.
 * @throws EraError `invalid-input` (also where the texts do not differ), `dimension-mismatch`, `not-finite`
 */
export function whiteningFamily(pairs: TextPairs): WhiteningFamily {
  const covariances = new PairCovariances(pairs, true);
  const xPower = powerOf(() => covariances.xx);
  const yPower = powerOf(() => covariances.yy);
  return ({ alpha, beta, xRidge = DEFAULT_RIDGE, yRidge = DEFAULT_RIDGE }) => {
    let map = covariances.xy;
    const provenance: Record<string, string> = { method: 'whitened', alpha: String(alpha), beta: String(beta) };
    if (alpha !== 0) {
      map = multiply(xPower(alpha, xRidge), map);
      provenance['xRidge'] = String(xRidge);
    }
    if (beta !== 0) {
      map = multiply(map, yPower(beta, yRidge));
      provenance['yRidge'] = String(yRidge);
    }
    return covariances.adapter(map, provenance);
  };
}

/** @throws EraError `invalid-option`, `invalid-input`, `dimension-mismatch`, `not-finite` */
export function alignWhitened(input: TextPairs & WhiteningPowers): LinearAdapter {
  return whiteningFamily(input)(input);
}

/**
 * A = C_xy (C_yy + ridge)⁻¹, the transpose of the ridge map from the small space to the large one.
 * @throws EraError as `alignWhitened`
 */
export function alignTeacherScores(input: TextPairs & Pick<WhiteningPowers, 'yRidge'>): LinearAdapter {
  return alignWhitened({ ...input, alpha: 0, beta: 1 });
}

/** (power, ridge) → (C + ridge · mean variance · I)^−power of a covariance that is computed at the first call. */
function powerOf(covariance: () => DenseMatrix): (power: number, ridge: number) => DenseMatrix {
  let known: { readonly eigen: ReturnType<typeof symmetricEigen>; readonly variance: number } | undefined;
  return (power, ridge) => {
    if (!(power >= 0 && power <= 1))
      throw new EraError('invalid-option', `The power of a side is ${power}, not in [0, 1].`);
    if (!(ridge > 0 && ridge < Infinity))
      throw new EraError('invalid-option', `The ridge is a share above 0, not ${ridge}.`);
    if (!known) {
      const eigen = symmetricEigen(covariance());
      known = { eigen, variance: eigen.values.reduce((sum, value) => sum + value, 0) / eigen.values.length };
    }
    const { eigen, variance } = known;
    return matrixFunction(eigen, (value) => (Math.max(0, value) + ridge * variance) ** -power);
  };
}
