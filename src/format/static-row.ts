// The row of a word in the table of a static query encoder: a few bytes that say how much the word matters, then its
// vector in few bits.

import { addFewBits, isPacked, packedBytes, packFewBits, type FewBits } from '../math/few-bits.ts';
import { damagedSite } from './site-json.ts';

/** Bits a number of a row. */
export const ROW_BITS: FewBits = 4;

export interface WordRow {
  /** [dims], with the word's rarity in it: a query adds it up as it is. */
  readonly vector: Float32Array;
  /** Weight by the word's share of general text, above 0 and at most 1. */
  readonly rarity: number;
  /** (passages that have it + 0.5) / passages. */
  readonly share: number;
  /** Whether no passage has it. */
  readonly isAbsent: boolean;
  /** Whether general text knows it, not this collection alone. */
  readonly isGeneral: boolean;
  /** Mean of its three highest cosines to passages, 0 to 1. */
  readonly peak: number;
}

/** Bytes before the vector: rarity and share as logarithms, then the peak and two flags. */
const HEAD_BYTES = 3;
const RARITY_STEPS = 40;
const SHARE_STEPS = 20;
const PEAK_STEPS = 63;
const ABSENT = 64;
const GENERAL = 128;

export function rowBytes(dims: number): number {
  return HEAD_BYTES + packedBytes(dims, ROW_BITS);
}

export function packRow({ vector, rarity, share, isAbsent, isGeneral, peak }: WordRow): Uint8Array {
  const bytes = new Uint8Array(rowBytes(vector.length));
  const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
  bytes[0] = byte(-RARITY_STEPS * Math.log(rarity));
  bytes[1] = byte(-SHARE_STEPS * Math.log(share));
  bytes[2] =
    Math.round(PEAK_STEPS * Math.min(1, Math.max(0, peak))) | (isAbsent ? ABSENT : 0) | (isGeneral ? GENERAL : 0);
  packFewBits(vector, ROW_BITS, bytes, HEAD_BYTES);
  return bytes;
}

/** @throws EraError `index-format` for a damaged row */
export function unpackRow(bytes: Uint8Array, dims: number): WordRow {
  if (bytes.length !== rowBytes(dims) || !isPacked(bytes, HEAD_BYTES)) throw damagedSite('a row of a word');
  const [rarity, share, rest] = bytes as unknown as [number, number, number];
  return {
    vector: addFewBits(new Float32Array(dims), bytes, HEAD_BYTES, ROW_BITS),
    rarity: Math.exp(-rarity / RARITY_STEPS),
    share: Math.exp(-share / SHARE_STEPS),
    isAbsent: (rest & ABSENT) !== 0,
    isGeneral: (rest & GENERAL) !== 0,
    peak: (rest & PEAK_STEPS) / PEAK_STEPS,
  };
}
