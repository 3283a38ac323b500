// An upper bound, for tests, of how far Adam can have moved a weight.

/**
 * A step is at most lr · (1 − β₁) / √(1 − β₂) where that is above lr, as for the β of tfjs and ERA, 0.9 and 0.999
 * (Kingma & Ba 2015, section 2.1). Weight decay only shrinks.
 */
export function adamReach(learningRate: number, steps: number): number {
  return (learningRate * steps * 0.1) / Math.sqrt(0.001);
}
