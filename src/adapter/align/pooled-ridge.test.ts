import { expect, test } from 'vitest';
import { Random } from '../../math/random.ts';
import { combineSums, pairSums, ridgeOfSums } from './pooled-ridge.ts';
import { alignRidge } from './ridge.ts';

const FRAME = { path: 'remote', from: ['large'], to: 'small' } as const;
const random = new Random(7);
const normals = (n: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: n }, () => random.normal() + 0.3);
const closeTo = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

const [x1, y1, x2, y2] = [normals(30 * 5), normals(30 * 3), normals(4 * 5), normals(4 * 3)];
const one = pairSums(x1, y1, 5, 3);
const two = pairSums(x2, y2, 5, 3);

test.each([0.1, 1, 30])('gives what alignRidge gives on all texts at λ = %s', (lambda) => {
  const expected = alignRidge({
    x: Float32Array.of(...x1, ...x2),
    y: Float32Array.of(...y1, ...y2),
    dIn: 5,
    dOut: 3,
    lambda,
    ...FRAME,
  });
  const pooled = ridgeOfSums(combineSums(one, two, 1), lambda, FRAME);
  expect(closeTo(pooled.weight, expected.weight)).toBeLessThan(1e-6);
  expect(closeTo(pooled.bias, expected.bias)).toBeLessThan(1e-6);
});

test('leaving a group out is as if it had never been there, also with fewer texts than dimensions', () => {
  const left = ridgeOfSums(combineSums(combineSums(one, two, 1), one, -1), 1, FRAME);
  const never = ridgeOfSums(two, 1, FRAME);
  expect(left.provenance['texts']).toBe('4');
  expect(closeTo(left.weight, never.weight)).toBeLessThan(1e-6);
});

test('refuses what cannot be fitted', () => {
  const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;
  expect(() => pairSums(x1, y2, 5, 3)).toThrow(code('invalid-input'));
  expect(() => pairSums(new Float32Array(0), new Float32Array(0), 5, 3)).toThrow(code('invalid-input'));
  expect(() => pairSums(Float32Array.of(NaN), Float32Array.of(1), 1, 1)).toThrow(code('not-finite'));
  expect(() => combineSums(one, pairSums(x1, y1.subarray(0, 30), 5, 1), 1)).toThrow(code('dimension-mismatch'));
  expect(() => ridgeOfSums(one, 0, FRAME)).toThrow(code('invalid-option'));
  expect(() => ridgeOfSums(combineSums(one, one, -1), 1, FRAME)).toThrow(code('invalid-input'));
});
