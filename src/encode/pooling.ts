// Pools the hidden states of a batch into one unit vector for each text. Pure.

import { EraError } from '../errors.ts';
import { assertVectors, normalizeRows } from '../math/vector.ts';
import type { Batch } from './network.ts';

/**
 * @param hidden [batch.rows, batch.length, dims], row-major
 * @returns [batch.rows, dims] unit vectors. `mean` takes the tokens whose mask is 1, `cls` the first of them, `last`
 * the last.
 * @throws EraError `dimension-mismatch`, `not-finite`
 */
export function poolBatch(
  hidden: Float32Array,
  batch: Batch,
  pooling: 'mean' | 'cls' | 'last',
  dims: number,
): Float32Array {
  const { rows, length, mask } = batch;
  if (hidden.length !== rows * length * dims) {
    throw new EraError(
      'dimension-mismatch',
      `The model gave ${hidden.length} numbers for ${rows} texts of ${length} tokens in ${dims} dimensions.`,
      {
        details: { length: hidden.length, dims },
      },
    );
  }
  const out = new Float32Array(rows * dims);
  const sum = new Float64Array(dims);
  for (let row = 0; row < rows; row++) {
    sum.fill(0);
    const tokens = mask.subarray(row * length, (row + 1) * length).lastIndexOf(1n) + 1; // padding follows the tokens
    // The sum replaces the mean: normalising cancels the divisor.
    for (let token = pooling === 'last' ? tokens - 1 : 0; token < (pooling === 'cls' ? 1 : tokens); token++) {
      if (mask[row * length + token] === 0n) continue;
      const start = (row * length + token) * dims;
      for (let j = 0; j < dims; j++) sum[j] = sum[j]! + hidden[start + j]!;
    }
    out.set(sum, row * dims);
  }
  normalizeRows(out, dims);
  assertVectors(out, dims, 'The model’s output');
  return out;
}
