import { expect, test } from 'vitest';
import { assertVectors, dot, norm, normalizeRows, row, stackRows } from './vector.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

test('rows are scaled to unit length, a zero row stays zero', () => {
  expect([...normalizeRows(Float32Array.of(3, 4, 0, 0), 2)].map((value) => Math.round(10 * value))).toEqual([
    6, 8, 0, 0,
  ]);
});

test('dot product and norm', () => {
  expect(dot(Float32Array.of(1, 2, 3), Float32Array.of(4, -5, 6))).toBe(12);
  expect(norm(Float32Array.of(3, 4))).toBe(5);
});

test('vectors of the wrong size, with NaN, infinite or all zero do not pass', () => {
  expect(() => assertVectors(Float32Array.of(1, 2, 3), 2, 'a test')).toThrow(code('dimension-mismatch'));
  for (const bad of [NaN, Infinity, -Infinity])
    expect(() => assertVectors(Float32Array.of(1, 1, 1, bad), 2, 'a test')).toThrow(code('not-finite'));
  expect(() => assertVectors(Float32Array.of(1, 1, 0, 0), 2, 'a test')).toThrow(code('not-finite'));
  expect(() => assertVectors(Float32Array.of(1, 1, 0, 2), 2, 'a test')).not.toThrow();
});

test('stacking copies rows of one length only', () => {
  const stacked = stackRows([Float32Array.of(1, 2), Float32Array.of(3, 4)], 2);
  expect([...row(stacked, 1, 2)]).toEqual([3, 4]);
  expect(() => stackRows([Float32Array.of(1)], 2)).toThrow(code('dimension-mismatch'));
});
