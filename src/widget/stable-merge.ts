// Replaces the keyword answer with a better answer to the same question without moving results that the visitor is
// looking at.

import type { PageHit } from '../index.ts';

/**
 * Until the visitor has touched the list, the better answer replaces the first one. Once the pointer has moved over it,
 * an option is active or it was scrolled, all shown pages keep their content and place, and new pages follow in the
 * better answer's order. Pages are identified by their number.
 */
export function stableMerge(
  shown: readonly PageHit[],
  better: readonly PageHit[],
  isTouched: boolean,
): readonly PageHit[] {
  if (!isTouched || shown.length === 0) return better;
  const known = new Set(shown.map(({ page }) => page));
  return [...shown, ...better.filter(({ page }) => !known.has(page))];
}
