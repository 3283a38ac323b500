// Samples the highest resident memory of this process while something runs: between turns of the event loop, and at
// both ends.

import process from 'node:process';

const SAMPLE_EVERY_MS = 50;

export async function withPeak<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly peakBytes: number }> {
  let peakBytes = process.memoryUsage.rss();
  const sample = (): void => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  try {
    const value = await work();
    sample();
    return { value, peakBytes };
  } finally {
    clearInterval(timer);
  }
}
