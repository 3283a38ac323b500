import { expect, test } from 'vitest';
import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import { dot } from '../../math/vector.ts';
import { describeEncoder } from '../encoder.contract.ts';
import type { Encoder } from '../encoder.ts';
import type { GeneralTable } from './general-table.ts';
import { openTableEncoder } from './table-encoder.ts';

const DIMS = 32;
const TERMS = ['cat', 'kitten', 'mat', 'the'];
const row = (...at: readonly (readonly [number, number])[]): number[] => {
  const numbers = new Array<number>(DIMS).fill(0);
  for (const [j, value] of at) numbers[j] = value;
  return numbers;
};
const table: GeneralTable = {
  space: 'of no matter here',
  analyzer: 'standard/1',
  dims: DIMS,
  terms: TERMS,
  shares: Float32Array.of(1e-5, 1e-5, 1e-5, 0.05),
  rows: Float32Array.from([...row([0, 1]), ...row([0, 0.9], [1, 0.4]), ...row([2, 1]), ...row([3, 1])]),
  provenance: {},
};
const open = (sha256 = 'ab'.repeat(32)): Encoder => openTableEncoder(table, sha256, DEFAULT_ANALYZER.tokens);

describeEncoder('a table of words', () => Promise.resolve({ encoder: open(), leastCosine: 1 }));

const cosine = async (one: string, other: string): Promise<number> => {
  const vectors = await open().encode([one, other], 'passage');
  return dot(vectors.subarray(0, DIMS), vectors.subarray(DIMS));
};

test('texts are near by the meaning of their words, of which common ones say little', async () => {
  expect(await cosine('cat', 'kitten')).toBeGreaterThan(0.9);
  expect(await cosine('the cat', 'the mat')).toBeLessThan(0.1);
  expect(await cosine('the cat', 'cat')).toBeGreaterThan(0.95);
});

test('texts that share a word which the table does not have are near, others are not', async () => {
  expect(await cosine('frobnicate', 'frobnicate!')).toBeCloseTo(1, 5);
  expect(await cosine('frobnicate the cat', 'frobnicate the mat')).toBeGreaterThan(0.3);
  expect(Math.abs(await cosine('frobnicate', 'xyzzy'))).toBeLessThan(0.6);
});

test('another table is another space', () => {
  expect(open().space).not.toEqual(open('cd'.repeat(32)).space);
});
