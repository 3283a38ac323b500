// How a better answer takes the place of the keyword answer to the same question, without moving what the visitor is
// looking at.

import type { PageHit } from '../index.ts';

/**
 * Until the visitor has touched the list, the better answer replaces the first one. Once the pointer has moved over it,
 * an option is active or it was scrolled, everything shown stays as and where it is, and pages that are new come after
 * it in the better answer's order. A page is told by its number.
 */
export function calmMerge(
  shown: readonly PageHit[],
  better: readonly PageHit[],
  isTouched: boolean,
): readonly PageHit[] {
  if (!isTouched || shown.length === 0) return better;
  const known = new Set(shown.map(({ page }) => page));
  return [...shown, ...better.filter(({ page }) => !known.has(page))];
}
