// The learning rate of ERA's second stage, step by step.

/**
 * Linear warm-up from 0, then linear decay to 0 (ERA's LambdaLR).
 * @param step steps taken so far, from 0
 * @param warmUpSteps steps until the peak is reached
 * @returns the share of the peak learning rate, 0 to 1
 */
export function warmUpThenDecay(step: number, totalSteps: number, warmUpSteps: number): number {
  if (step < warmUpSteps) return step / warmUpSteps;
  return Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmUpSteps));
}
