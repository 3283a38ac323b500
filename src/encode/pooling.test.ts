import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import type { Batch } from './network.ts';
import { poolBatch } from './pooling.ts';

/** Two texts in two dimensions: three tokens, and one token with two of padding. */
const batch: Batch = {
  rows: 2,
  length: 3,
  ids: new BigInt64Array(6),
  mask: BigInt64Array.from([1n, 1n, 1n, 1n, 0n, 0n]),
};
const hidden = Float32Array.from([3, 0, 0, 8, 3, 0, 0, -2, 50, 50, 50, 50]);

test('mean pooling leaves padding out and gives unit vectors', () => {
  // (3+0+3, 0+8+0) = (6, 8) → (0.6, 0.8); the second text has the one token (0, −2).
  expect([...poolBatch(hidden, batch, 'mean', 2)]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, -1]);
});

test('cls pooling takes the first token alone', () => {
  expect([...poolBatch(hidden, batch, 'cls', 2)]).toEqual([1, 0, 0, -1]);
});

test.each([NaN, Infinity, 0])('refuses an output of %s', (value) => {
  const bad = Float32Array.from(hidden, (x, i) => (i < 6 ? value : x));
  expect(() => poolBatch(bad, batch, 'mean', 2)).toThrow(expect.objectContaining({ code: 'not-finite' }));
});

test('refuses hidden states of another shape', () => {
  try {
    poolBatch(hidden.subarray(2), batch, 'mean', 2);
    expect.unreachable();
  } catch (error) {
    expect(isEraError(error, 'dimension-mismatch')).toBe(true);
  }
});
