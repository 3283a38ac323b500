import { describe, expect, it } from 'vitest';
import { isEraError } from '../errors.ts';
import { packedBytes, packFewBits, type FewBits } from '../math/few-bits.ts';
import { packRow, ROW_BITS } from './static-row.ts';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import {
  CENTRE_BITS,
  CODE_BITS,
  codesByCluster,
  decodeCluster,
  decodeStaticHead,
  encodeStaticHead,
  membersOf,
  type StaticIndex,
} from './static-parts.ts';

const DIMS = 5;
const random = new Random(1);

function packed(count: number, bits: FewBits): Uint8Array<ArrayBuffer> {
  const size = packedBytes(DIMS, bits);
  const bytes = new Uint8Array(count * size);
  for (let i = 0; i < count; i++)
    packFewBits(
      Float32Array.from({ length: DIMS }, () => random.normal()),
      bits,
      bytes,
      i * size,
    );
  return bytes;
}

const index: StaticIndex = {
  dims: DIMS,
  directions: quantizeRows(new Float32Array(DIMS * DIMS), DIMS),
  rows: new Map(),
  centres: packed(3, CENTRE_BITS),
  clusterOf: Uint32Array.of(2, 0, 1, 2, 2),
  codes: packed(5, CODE_BITS),
  known: {
    text: 'to rebase',
    rows: new Map(
      ['to', 'rebase'].map((term) => [
        term,
        packRow({
          vector: Float32Array.from({ length: DIMS }, () => random.normal()),
          rarity: 0.5,
          share: 0.1,
          isAbsent: false,
          isGeneral: true,
          peak: 0.5,
        }),
      ]),
    ),
    vector: packed(1, ROW_BITS),
  },
};
const known = { dims: DIMS, clusters: 3, passages: 5 };

function isRefused(read: () => unknown): boolean {
  try {
    read();
  } catch (error) {
    return isEraError(error, 'index-format');
  }
  return false;
}

describe('parts of a static query encoder', () => {
  it('come back as they were written', () => {
    const { dims, centres, clusterOf, known: answer } = index;
    for (const head of [
      { dims, centres, clusterOf, known: answer },
      { dims, centres, clusterOf, known: null },
    ])
      expect(decodeStaticHead(encodeStaticHead(head), known)).toEqual(head);
    expect(membersOf(index).map((ids) => [...ids])).toEqual([[1], [2], [0, 3, 4]]);
    const [first, , last] = codesByCluster(index);
    const size = packedBytes(DIMS, CODE_BITS);
    expect(decodeCluster(first!, DIMS, 1)).toEqual(index.codes.slice(size, 2 * size));
    expect(last!.slice(size, 2 * size)).toEqual(index.codes.slice(3 * size, 4 * size));
  });

  it('are refused where they are of another size, or hold what is not written', () => {
    const head = encodeStaticHead(index);
    const changed = (at: number, ...bytes: number[]): Uint8Array => {
      const copy = head.slice();
      copy.set(bytes, at);
      return copy;
    };
    for (const bytes of [
      head.slice(1),
      new Uint8Array(),
      changed(0, 4),
      changed(2, 0x80, 0xff), // −∞ as the scale of a centre
      changed(head.length - 10, 3), // a fourth cluster
      changed(head.length - 1, 1), // one far beyond
      changed(head.length - 10, 0, 0, 0, 0, 0), // a cluster without passages
    ])
      expect(isRefused(() => decodeStaticHead(bytes, known))).toBe(true);
    expect(isRefused(() => decodeStaticHead(head, { ...known, passages: 6 }))).toBe(true);
    const codes = codesByCluster(index)[2]!;
    expect(isRefused(() => decodeCluster(codes, DIMS, 2))).toBe(true);
    codes.set([0xc0, 0x7f]); // no number
    expect(isRefused(() => decodeCluster(codes, DIMS, 3))).toBe(true);
  });
});
