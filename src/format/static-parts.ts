// A static query encoder and the passages that it is compared with, as parts of a collection: what all queries need
// (`static`), one part for each cluster of passages (`cluster`), and rows of words, which are in the terms parts of the
// keyword index. FORMAT.md has the layout.

import { packedBytes, type FewBits } from '../math/few-bits.ts';

/** Bits a number of the words' rows, of the clusters' centres, and of the passages' distances from their centre. */
export const ROW_BITS: FewBits = 4;
export const CENTRE_BITS: FewBits = 4;
export const CODE_BITS: FewBits = 2;

/** All that a static query encoder is, before it is cut into parts. */
export interface StaticIndex {
  /** Numbers in a vector, along the principal directions of the passages, rotated. */
  readonly dims: number;
  /** Term → its row, packed in ROW_BITS. */
  readonly rows: ReadonlyMap<string, Uint8Array>;
  /** [clusters, packedBytes(dims, CENTRE_BITS)] */
  readonly centres: Uint8Array<ArrayBuffer>;
  /** Cluster of each passage. */
  readonly clusterOf: Uint32Array<ArrayBuffer>;
  /** [passages, packedBytes(dims, CODE_BITS)]: each passage's difference from its centre as packed. */
  readonly codes: Uint8Array<ArrayBuffer>;
}

/** What the part `static` has. */
export type StaticHead = Pick<StaticIndex, 'dims' | 'centres' | 'clusterOf'>;

/** Passages of each cluster, ascending. */
export function membersOf({ dims, centres, clusterOf }: StaticHead): Int32Array<ArrayBuffer>[] {
  const members: number[][] = Array.from({ length: centres.length / packedBytes(dims, CENTRE_BITS) }, () => []);
  clusterOf.forEach((cluster, id) => members[cluster]!.push(id));
  return members.map((ids) => Int32Array.from(ids));
}

/** Codes of the passages of each cluster, in the order of `membersOf`. */
export function codesByCluster(index: StaticIndex): Uint8Array<ArrayBuffer>[] {
  const size = packedBytes(index.dims, CODE_BITS);
  return membersOf(index).map((ids) => {
    const part = new Uint8Array(ids.length * size);
    ids.forEach((id, i) => part.set(index.codes.subarray(id * size, (id + 1) * size), i * size));
    return part;
  });
}
