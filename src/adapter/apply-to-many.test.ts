import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { normalizeRows } from '../math/vector.ts';
import { applyAdapter, type LinearAdapter } from './adapter.ts';
import { applyToMany } from './apply-to-many.ts';

const random = new Random(3);
const adapter = (dIn: number, dOut: number): LinearAdapter => ({
  path: 'remote',
  from: ['from'],
  to: 'to',
  dIn,
  dOut,
  weight: Float32Array.from({ length: dIn * dOut }, () => random.normal()),
  bias: Float32Array.from({ length: dOut }, () => random.normal()),
  provenance: {},
});

test.each([
  [1, 1, 1],
  [3, 7, 5],
  [40, 30, 9],
  [300, 65, 33],
])('%i queries of %i to %i numbers: the bits of one after the other', (n, dIn, dOut) => {
  const map = adapter(dIn, dOut);
  const x = Float32Array.from({ length: n * dIn }, () => random.normal());
  // by hand: the bias first, then the products in their order
  const plain = Float32Array.from({ length: n * dOut }, (_, at) => {
    const [i, o] = [Math.floor(at / dOut), at % dOut];
    let sum = map.bias[o]!;
    for (let j = 0; j < dIn; j++) sum += map.weight[o * dIn + j]! * x[i * dIn + j]!;
    return sum;
  });
  normalizeRows(plain, dOut);
  expect(applyToMany(map, x)).toEqual(plain);
  expect(applyAdapter(map, x)).toEqual(plain);
});

test('refuses what one after the other refuses', () => {
  const map = adapter(4, 2);
  const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;
  for (const apply of [applyAdapter, applyToMany]) {
    expect(() => apply(map, new Float32Array(5).fill(1))).toThrow(code('dimension-mismatch'));
    expect(() => apply(map, Float32Array.of(1, NaN, 0, 0))).toThrow(code('not-finite'));
    const zero = { ...map, weight: map.weight.fill(0), bias: map.bias.fill(0) };
    expect(() => apply(zero, new Float32Array(4).fill(1))).toThrow(code('not-finite'));
  }
});
