// Plans which texts go through the model together. Pure.

/** Most tokens of one batch, padding included. It bounds the activations (about 100 MB at 512 tokens a text). */
export const MAX_BATCH_TOKENS = 4096;
/**
 * A text joins a batch only if padding it to the longest costs at most this share, or 8 tokens; mixed lengths are
 * slower than single texts.
 */
const MAX_PADDING_SHARE = 0.25;
const FREE_PADDING_TOKENS = 8;

/**
 * Splits texts into batches of similar length, longest first.
 * @param lengths tokens of each text
 * @returns indices into `lengths`: every one exactly once, at most `maxTokens` tokens a batch with padding unless it is
 * one text
 */
export function planBatches(lengths: readonly number[], maxTokens: number = MAX_BATCH_TOKENS): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const i of order) {
    const padding = longest - lengths[i]!;
    const fits =
      (batch.length + 1) * longest <= maxTokens &&
      padding <= Math.max(FREE_PADDING_TOKENS, longest * MAX_PADDING_SHARE);
    if (batch.length === 0 || !fits) {
      batch = [];
      batches.push(batch);
      longest = lengths[i]!;
    }
    batch.push(i);
  }
  return batches;
}
