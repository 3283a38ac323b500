import { expect, it } from 'vitest';
import { isEraError } from '../errors.ts';
import { packRow, rowBytes, unpackRow, type WordRow } from './static-row.ts';

const row: WordRow = {
  vector: Float32Array.of(0.3, -0.2, 0.1, -0.4),
  rarity: 0.25,
  share: 0.002,
  isAbsent: false,
  isGeneral: true,
  peak: 0.6,
};

it('comes back as it was packed, but for the rounding', () => {
  for (const changes of [{}, { isAbsent: true, isGeneral: false, peak: 0 }, { rarity: 1, share: 1, peak: 1 }]) {
    const packed = packRow({ ...row, ...changes });
    expect(packed).toHaveLength(rowBytes(4));
    const { vector, rarity, share, peak, ...flags } = unpackRow(packed, 4);
    const expected = { ...row, ...changes };
    expect(flags).toEqual({ isAbsent: expected.isAbsent, isGeneral: expected.isGeneral });
    expect(Math.abs(Math.log(rarity / expected.rarity))).toBeLessThan(1 / 40);
    expect(Math.abs(Math.log(share / expected.share))).toBeLessThan(1 / 20);
    expect(Math.abs(peak - expected.peak)).toBeLessThan(1 / 63);
    for (const [i, value] of vector.entries()) expect(value).toBeCloseTo(row.vector[i]!, 0);
  }
});

it('holds what is outside its range at its end', () => {
  const { rarity, share, peak } = unpackRow(packRow({ ...row, rarity: 1e-9, share: 1e-9, peak: -0.2 }), 4);
  expect(rarity).toBeCloseTo(Math.exp(-255 / 40), 6);
  expect(share).toBeCloseTo(Math.exp(-255 / 20), 8);
  expect(peak).toBe(0);
});

it('is refused where it is damaged', () => {
  const refused = (bytes: Uint8Array): boolean => {
    try {
      unpackRow(bytes, 4);
      return false;
    } catch (error) {
      return isEraError(error, 'index-format');
    }
  };
  expect(refused(packRow(row).subarray(1))).toBe(true);
  expect(refused(packRow(row).fill(255, 3, 5))).toBe(true);
});
