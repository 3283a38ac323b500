// The view of a map's outputs: z ↦ C⁻ᵖ (z − c·m). Whitening lets directions that all documents share count for less.
// Centring subtracts a share of m, the mean output of the site's queries: an instruction, a manner of asking, and what
// the mapping adds to every query alike. Both are folded into the adapter. The mean shift is that of "query drift
// compensation" (arXiv 2506.00037).

import { EraError } from '../../errors.ts';
import { fromRows, meanOfRows } from '../../math/matrix.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import type { LinearAdapter } from '../adapter.ts';
import { type Whitening, whitenDocuments } from './whiten.ts';

export interface View {
  /** p in [0, 1], see `whitenDocuments`. */
  readonly whitening: number;
  /** c in [0, 1). */
  readonly centring: number;
}

/**
 * The map with its view folded in. Without known queries there is no mean, and nothing is subtracted.
 * @param meanInput [dIn] of the known queries, with or without labels; null for none
 * @throws EraError `invalid-option`, `dimension-mismatch`
 */
export function viewed(
  adapter: LinearAdapter,
  { whitening, centring }: View,
  meanInput: ArrayLike<number> | null,
  vectors: QuantizedVectors | null,
  whitened: Whitening | null,
): LinearAdapter {
  const moved = meanInput && centring > 0 ? centred(adapter, centring, meanInput) : adapter;
  return whitening > 0 && vectors ? whitenDocuments(moved, vectors, whitening, whitened) : moved;
}

/** b' = b − c·(W x̄ + b) */
function centred(adapter: LinearAdapter, share: number, meanInput: ArrayLike<number>): LinearAdapter {
  const { dIn, weight, bias, provenance } = adapter;
  if (!(share < 1)) throw new EraError('invalid-option', `The share of centring is ${share}, not in [0, 1).`);
  if (meanInput.length !== dIn)
    throw new EraError('dimension-mismatch', `The mean query has ${meanInput.length} numbers, not ${dIn}.`);
  const moved = bias.map((b, o) => {
    let mean = b;
    for (let j = 0; j < dIn; j++) mean += weight[o * dIn + j]! * meanInput[j]!;
    return b - share * mean;
  });
  return { ...adapter, bias: moved, provenance: { ...provenance, centring: String(share) } };
}

/** Mean row [dims] of rows [n, dims]; null where there are none. */
export function meanRow(rows: Float32Array, dims: number): Float64Array<ArrayBuffer> | null {
  return rows.length === 0 ? null : meanOfRows(fromRows(rows, dims));
}
