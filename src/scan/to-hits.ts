import type { TopK } from '../math/top-k.ts';
import type { ScanHits } from './scan.ts';

/** The kept entries, best first. */
export function toHits(best: TopK): ScanHits {
  const { ids, scores } = best.sorted();
  return { rows: ids, scores: Float32Array.from(scores) };
}
