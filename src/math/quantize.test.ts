import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dequantizeRows, quantizeRows } from './quantize.ts';

const DIMS = 6;
const matrix = fc
  .array(fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: DIMS, maxLength: DIMS }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((rows) => Float32Array.from(rows.flat()));

test('no number is off by more than half a step, and −128 is never used', () => {
  fc.assert(
    fc.property(matrix, (vectors) => {
      const quantized = quantizeRows(vectors, DIMS);
      const back = dequantizeRows(quantized);
      expect(quantized.codes.every((code) => code > -128)).toBe(true);
      vectors.forEach((value, i) => {
        const scale = quantized.scales[Math.floor(i / DIMS)]!;
        expect(Math.abs(value - back[i]!)).toBeLessThanOrEqual(scale * 0.5 + 1e-6);
      });
    }),
  );
});

test('chosen rows come in the order asked for; a zero row stays zero', () => {
  const quantized = quantizeRows(Float32Array.of(1, 0, 0, 0, 0, 2), 2);
  expect([...dequantizeRows(quantized, [2, 1])]).toEqual([0, 2, 0, 0]);
  expect(quantized.scales[1]).toBe(0);
});
