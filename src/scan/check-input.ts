// Input validation shared by all scan backends: vectors, query and k.

import { EraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';

/** @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite` unless `vectors` can be scanned */
export function assertScannable({ codes, scales, dims }: QuantizedVectors): void {
  if (!Number.isInteger(dims) || dims < 1 || codes.length !== scales.length * dims) {
    throw new EraError(
      'dimension-mismatch',
      `${String(codes.length)} codes are not ${String(scales.length)} vectors of ${String(dims)}.`,
      {
        details: { codes: codes.length, count: scales.length, dims },
      },
    );
  }
  if (scales.length === 0) throw new EraError('empty-corpus', 'There is no vector to scan.');
  const bad = scales.findIndex((scale) => !(scale >= 0 && scale < Infinity));
  if (bad >= 0)
    throw new EraError('not-finite', `The scale of vector ${String(bad)} is not a finite number of 0 or more.`, {
      details: { vector: bad },
    });
}

/**
 * Codes of a query are from −64 to this: with seven bits, processors multiply 16 of them with codes of eight bits in one
 * instruction, and no sum of two products leaves 16 bits. That they are coarser is made up for by scoring again.
 */
export const MOST_OF_QUERY = 63;

/** @param query int8 codes [dims], from −64 to 63 @throws EraError `dimension-mismatch`, `invalid-input` */
export function assertQuery(query: Int8Array, dims: number): void {
  if (query.length !== dims) {
    throw new EraError(
      'dimension-mismatch',
      `A query of ${String(query.length)} codes cannot be compared with vectors of ${String(dims)}.`,
      {
        details: { length: query.length, dims },
      },
    );
  }
  if (!query.every((code) => code >= -MOST_OF_QUERY - 1 && code <= MOST_OF_QUERY))
    throw new EraError('invalid-input', `The codes of a query are from −${MOST_OF_QUERY + 1} to ${MOST_OF_QUERY}.`);
}

/** @throws EraError `dimension-mismatch` unless there is one for each row */
export function assertAccepted(accepted: Uint8Array | undefined, count: number): void {
  if (accepted && accepted.length !== count)
    throw new EraError('dimension-mismatch', `${accepted.length} rows are accepted or not, and there are ${count}.`, {
      details: { length: accepted.length, count },
    });
}

/**
 * How many rows can be given: min(k, count).
 * @throws EraError `invalid-input` unless `k` is a whole number of 0 or more
 */
export function cappedK(k: number, count: number): number {
  if (!Number.isInteger(k) || k < 0)
    throw new EraError('invalid-input', `k must be a whole number of 0 or more, not ${String(k)}.`);
  return Math.min(k, count);
}
