// Whether labels look like noise, and how much more evidence a change then needs. Where labels are noise the start
// ranks by chance, so cross-validation shows no loss and some setting seems to gain; the change would harm queries that
// have no labels.

import { multiplyTransposed } from '../../math/matrix.ts';
import type { LabelTargets } from './label-targets.ts';

/** Above this z value labels are trusted; one set of pure noise in 44 is above it. */
const TRUSTED_Z = 2;
/**
 * Standard errors of the gain that are required where labels are not trusted: few enough for a start that is unusable,
 * such as one for another model.
 */
const UNTRUSTED_ERRORS = 3;

/**
 * How many standard errors a gain has to be above zero. Measured on synthetic sites, where a map learned from noise
 * costs tens of points: with one standard error for all, 2 % of the sites with 12 noise labels and 26 % of those with
 * 60 got such a map. On the 24 shared tasks at 5 and 10 % of labels no label set is distrusted: the least z value is 2.4.
 */
export function standardErrorsNeeded(targets: LabelTargets): number {
  return relatedness(targets) > TRUSTED_Z ? 1 : UNTRUSTED_ERRORS;
}

/**
 * z value of the share of other queries' passages that the start puts below a query's own. Chance is one half; for n
 * queries the mean share then has the variance 1 / 12n (that of a uniform share; Mann & Whitney 1947).
 */
export function relatedness({ now, positive }: Pick<LabelTargets, 'now' | 'positive'>): number {
  const n = now.rows;
  const similarity = multiplyTransposed(now, positive).values;
  let share = 0;
  for (let i = 0; i < n; i++) {
    const own = similarity[i * n + i]!;
    for (let j = 0; j < n; j++) {
      const other = similarity[i * n + j]!;
      if (j !== i) share += (other < own ? 1 : other === own ? 0.5 : 0) / (n - 1) / n;
    }
  }
  return n > 1 ? (share - 0.5) * Math.sqrt(12 * n) : 0;
}
