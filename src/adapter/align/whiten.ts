// Partial whitening of the document space: queries are ranked by zᵀ C⁻ᵖ d instead of zᵀ d, so that directions which all
// documents share count for less. It is folded into the adapter: documents and search stay as they are.

import { EraError } from '../../errors.ts';
import { matrixFunction, symmetricEigen } from '../../math/eigen.ts';
import { type DenseMatrix, fromRows, gramOfColumns, multiply, zeros } from '../../math/matrix.ts';
import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import type { LinearAdapter } from '../adapter.ts';

/**
 * Share of the mean variance that is added to every direction, which bounds its weight. Chosen in the study together
 * with p.
 */
const RIDGE_SHARE = 0.05;
/** Enough for a covariance of 384 dimensions, and a bound on the time for large indexes. */
const MAX_DOCUMENTS = 20_000;
const BLOCK_ROWS = 512;

/** p → (C / mean variance + 5 %)⁻ᵖ [dims, dims], C the covariance of the documents; null where they do not differ. */
export type Whitening = (power: number) => DenseMatrix;

const known = new WeakMap<QuantizedVectors, Whitening | null>();

/**
 * Takes about half a second for 384 dimensions. The result is cached by the vectors, since every path and every fit of
 * a learning curve needs it.
 */
export function documentWhitening(vectors: QuantizedVectors): Whitening | null {
  let whitening = known.get(vectors);
  if (whitening === undefined) known.set(vectors, (whitening = computeWhitening(vectors)));
  return whitening;
}

function computeWhitening(vectors: QuantizedVectors): Whitening | null {
  const covariance = documentCovariance(vectors);
  const d = covariance.rows;
  let variance = 0;
  for (let i = 0; i < d; i++) variance += covariance.values[i * d + i]! / d;
  if (!(variance > 0)) return null;
  const eigen = symmetricEigen(covariance);
  const maps = new Map<number, DenseMatrix>();
  return (power) => {
    const map =
      maps.get(power) ?? matrixFunction(eigen, (value) => (Math.max(0, value) / variance + RIDGE_SHARE) ** -power);
    maps.set(power, map);
    return map;
  };
}

/**
 * The adapter followed by whitening. With one document, or all alike, the adapter as it is.
 * @param whitening of the same vectors, where several adapters share it
 * @param power p: 0.5 did well for a mapped remote query, 0.25 for the local one (all-MiniLM-L6-v2 documents)
 * @throws EraError `dimension-mismatch`, `invalid-option`
 */
export function whitenDocuments(
  adapter: LinearAdapter,
  vectors: QuantizedVectors,
  power: number,
  whitening: Whitening | null = documentWhitening(vectors),
): LinearAdapter {
  if (!(power >= 0 && power <= 1))
    throw new EraError('invalid-option', `The power of whitening is ${power}, not in [0, 1].`);
  if (vectors.dims !== adapter.dOut) {
    throw new EraError(
      'dimension-mismatch',
      `The adapter gives ${adapter.dOut} numbers, the documents have ${vectors.dims}.`,
    );
  }
  const map = whitening?.(power);
  if (!map) return adapter;
  return {
    ...adapter,
    weight: Float32Array.from(multiply(map, fromRows(adapter.weight, adapter.dIn)).values),
    bias: Float32Array.from(multiply(map, fromRows(adapter.bias, 1)).values),
    provenance: { ...adapter.provenance, whitening: String(power) },
  };
}

/** [dims, dims]; of at most `MAX_DOCUMENTS` rows, evenly spaced. */
function documentCovariance(vectors: QuantizedVectors): DenseMatrix {
  const { dims } = vectors;
  const count = vectors.scales.length;
  const used = Math.min(count, MAX_DOCUMENTS);
  const rows = Array.from({ length: used }, (_, i) => Math.floor((i * count) / used));
  const sums = zeros(dims, dims);
  const mean = new Float64Array(dims);
  for (let start = 0; start < used; start += BLOCK_ROWS) {
    const block = fromRows(dequantizeRows(vectors, rows.slice(start, start + BLOCK_ROWS)), dims);
    gramOfColumns(block).values.forEach((v, at) => (sums.values[at] = sums.values[at]! + v / used));
    block.values.forEach((v, at) => (mean[at % dims] = mean[at % dims]! + v / used));
  }
  for (let i = 0; i < dims; i++)
    for (let j = 0; j < dims; j++) sums.values[i * dims + j] = sums.values[i * dims + j]! - mean[i]! * mean[j]!;
  return sums;
}
