// Parts by number: which one has a page or passage, and how many it has.

import type { NumberedPart } from '../format/site-manifest.ts';

/** Number of the part that contains `at`. */
export function partOf(parts: readonly NumberedPart[], at: number): number {
  let low = 0;
  let high = parts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (parts[middle]!.first <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** @param total pages or passages of all parts */
export function rowsIn(parts: readonly NumberedPart[], n: number, total: number): number {
  return (parts[n + 1]?.first ?? total) - parts[n]!.first;
}
