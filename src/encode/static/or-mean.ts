// Texts of which the static query encoder knows nothing, where each needs a vector, as in training.

import { normalizeRows, stackRows } from '../../math/vector.ts';

/**
 * @param rows of the same length, unit length; null for a text of which nothing is known
 * @returns [rows.length, dims]: the mean of the known ones, at unit length, in place of null; null where none is known
 */
export function orMean(rows: readonly (Float32Array | null)[]): Float32Array<ArrayBuffer> | null {
  const known = rows.filter((row) => row !== null);
  const dims = known[0]?.length;
  if (dims === undefined) return rows.length === 0 ? new Float32Array() : null;
  const mean = new Float32Array(dims);
  for (const row of known) row.forEach((value, i) => (mean[i]! += value));
  normalizeRows(mean, dims);
  const filler = mean.some((value) => value !== 0) ? mean : known[0]!;
  return stackRows(
    rows.map((row) => row ?? filler),
    dims,
  );
}
