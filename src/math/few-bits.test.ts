import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFewBits, isPacked, packedBytes, packFewBits, type FewBits } from './few-bits.ts';
import { Random } from './random.ts';
import { dot } from './vector.ts';

function pack(vector: Float32Array, bits: FewBits): Uint8Array {
  const bytes = new Uint8Array(packedBytes(vector.length, bits));
  packFewBits(vector, bits, bytes, 0);
  return bytes;
}

function unpack(bytes: Uint8Array, dims: number, bits: FewBits): Float32Array {
  return addFewBits(new Float32Array(dims), bytes, 0, bits);
}

function normals(seed: number, count: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

describe('vectors in few bits', () => {
  it.each([
    [2, 0.14],
    [3, 0.04],
    [4, 0.012],
  ] as const)('%i bits leave the share of the square that Max gives for normal numbers', (bits, most) => {
    const vector = normals(1, 4096);
    const back = unpack(pack(vector, bits), vector.length, bits);
    const error = vector.map((value, i) => value - back[i]!);
    expect(dot(error, error) / dot(vector, vector)).toBeLessThan(most);
  });

  it('keeps the product with the vector itself, within the rounding of the scale', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 50, noNaN: true, min: -1e6, max: 1e6 }),
        fc.constantFrom<FewBits>(2, 3, 4),
        (vector, bits) => {
          const squares = dot(vector, vector);
          const bytes = pack(vector, bits);
          expect(isPacked(bytes, 0)).toBe(true);
          if (squares > 1e-20) expect(dot(vector, unpack(bytes, vector.length, bits)) / squares).toBeCloseTo(1, 1);
        },
      ),
    );
  });

  it('keeps signs and order, and a zero vector', () => {
    const back = unpack(pack(Float32Array.of(-3, -0.5, 0.4, 2.9), 3), 4, 3);
    expect(Array.from(back, Math.sign)).toEqual([-1, -1, 1, 1]);
    expect(back[0]).toBeLessThan(back[1]!);
    expect(unpack(pack(new Float32Array(5), 2), 5, 2)).toEqual(new Float32Array(5));
  });

  it('adds at any place, with a factor', () => {
    const vector = normals(2, 24);
    const size = packedBytes(24, 3);
    const bytes = new Uint8Array(size * 3);
    packFewBits(vector, 3, bytes, size);
    const sum = addFewBits(new Float32Array(24).fill(1), bytes, size, 3, -2);
    const once = unpack(bytes.subarray(size), 24, 3);
    sum.forEach((value, i) => expect(value).toBeCloseTo(1 - 2 * once[i]!, 4));
    expect(bytes.subarray(0, size).every((byte) => byte === 0)).toBe(true);
    expect(bytes.subarray(2 * size).every((byte) => byte === 0)).toBe(true);
  });

  it('refuses a scale that is negative, infinite or no number', () => {
    for (const [low, high] of [
      [0x80, 0x7f],
      [0xc0, 0x7f],
      [0x80, 0xbf],
    ] as const)
      expect(isPacked(Uint8Array.of(low, high), 0)).toBe(false);
  });
});
