// How far Adam can have moved a weight: a bound for tests.

/**
 * |Δ| ≤ lr · (1 − β₁) / √(1 − β₂) a step where that is above 1, as it is for tfjs's and ERA's β of 0.9 and 0.999
 * (Kingma & Ba 2015, section 2.1). Weight decay only shrinks.
 */
export function adamReach(learningRate: number, steps: number): number {
  return (learningRate * steps * 0.1) / Math.sqrt(0.001);
}
