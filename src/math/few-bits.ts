// Vectors in two, three or four bits a number: levels that are optimal for normally distributed numbers, times one scale
// a vector. Source of the levels: Max 1960, “Quantizing for Minimum Distortion”. Numbers of a vector that was rotated at
// random are nearly normal, whatever it was before.

export type FewBits = 2 | 3 | 4;

/** Positive half of the levels for a standard deviation of 1. */
const HALVES: Readonly<Record<FewBits, readonly number[]>> = {
  2: [0.4528, 1.5104],
  3: [0.2451, 0.756, 1.3439, 2.152],
  4: [0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.069, 2.7326],
};
const SCALE_BYTES = 2;

/** Bytes of a packed vector: the scale, then its codes, lowest bits first. */
export function packedBytes(dims: number, bits: FewBits): number {
  return SCALE_BYTES + Math.ceil((dims * bits) / 8);
}

/**
 * Packs a vector. Its scale is chosen so that its product with itself is kept, which makes products with other vectors
 * right on average (Gao & Long 2024, “RaBitQ”).
 * @param vector finite
 * @param to packedBytes(vector.length, bits) bytes from `at` on are written
 */
export function packFewBits(vector: Float32Array, bits: FewBits, to: Uint8Array, at: number): void {
  const half = HALVES[bits];
  let squares = 0;
  for (const value of vector) squares += value * value;
  const deviation = Math.sqrt(squares / vector.length);
  let product = 0;
  let held = 0;
  let heldBits = 0;
  let next = at + SCALE_BYTES;
  for (const value of vector) {
    const size = deviation === 0 ? 0 : Math.abs(value) / deviation;
    let level = 0;
    while (level + 1 < half.length && size > (half[level]! + half[level + 1]!) / 2) level++;
    const code = value < 0 ? half.length - 1 - level : half.length + level;
    product += Math.abs(value) * half[level]!;
    held |= code << heldBits;
    heldBits += bits;
    while (heldBits >= 8) {
      to[next++] = held & 255;
      held >>= 8;
      heldBits -= 8;
    }
  }
  if (heldBits > 0) to[next] = held & 255;
  const scale = toShortFloat(product === 0 ? 0 : squares / product);
  to[at] = scale & 255;
  to[at + 1] = scale >> 8;
}

/** Adds `factor` times the packed vector at `at` to `sum`, and returns its argument. */
export function addFewBits(sum: Float32Array, from: Uint8Array, at: number, bits: FewBits, factor = 1): Float32Array {
  const half = HALVES[bits];
  const scale = factor * fromShortFloat(from[at]! | (from[at + 1]! << 8));
  const levels = [...half.map((_, i) => -half[half.length - 1 - i]!), ...half].map((level) => level * scale);
  const mask = (1 << bits) - 1;
  let held = 0;
  let heldBits = 0;
  let next = at + SCALE_BYTES;
  for (let i = 0; i < sum.length; i++) {
    while (heldBits < bits) {
      held |= from[next++]! << heldBits;
      heldBits += 8;
    }
    sum[i] = sum[i]! + levels[held & mask]!;
    held >>= bits;
    heldBits -= bits;
  }
  return sum;
}

/** Whether the scale of the packed vector at `at` is a number that `packFewBits` writes. */
export function isPacked(from: Uint8Array, at: number): boolean {
  const scale = fromShortFloat(from[at]! | (from[at + 1]! << 8));
  return scale >= 0 && scale < Infinity;
}

/** The upper half of a float32 (bfloat16), rounded to the nearest. */
function toShortFloat(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  return (bits + 0x8000) >>> 16;
}

function fromShortFloat(short: number): number {
  return new Float32Array(Uint32Array.of(short << 16).buffer)[0]!;
}
