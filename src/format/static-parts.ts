// A static query encoder and the passages that it is compared with, as parts of a collection: what all queries need
// (`static`), one part for each cluster of passages (`cluster`), and rows of words, which are in the terms parts of the
// keyword index. FORMAT.md has the layout.

import { isPacked, packedBytes, type FewBits } from '../math/few-bits.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { damagedSite } from './site-json.ts';

/** Bits a number of the words' rows, of the clusters' centres, and of the passages' distances from their centre. */
export const ROW_BITS: FewBits = 4;
export const CENTRE_BITS: FewBits = 4;
export const CODE_BITS: FewBits = 3;

/** All that a static query encoder is, before it is cut into parts. */
export interface StaticIndex {
  /** Numbers in a vector, along the principal directions of the passages, rotated. */
  readonly dims: number;
  /** The directions in the passages' space: `dims` rows, orthonormal but for the rounding. */
  readonly directions: QuantizedVectors;
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

/** The part `static`: the number of clusters (u16), their centres, and the cluster of each passage (u16). */
export function encodeStaticHead({ dims, centres, clusterOf }: StaticHead): Uint8Array<ArrayBuffer> {
  const count = centres.length / packedBytes(dims, CENTRE_BITS);
  const bytes = new Uint8Array(2 + centres.length + 2 * clusterOf.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, count, true);
  bytes.set(centres, 2);
  clusterOf.forEach((cluster, id) => view.setUint16(2 + centres.length + 2 * id, cluster, true));
  return bytes;
}

/** @param passages of the collection @throws EraError `index-format` */
export function decodeStaticHead(
  bytes: Uint8Array,
  { dims, clusters, passages }: { readonly dims: number; readonly clusters: number; readonly passages: number },
): StaticHead {
  const size = packedBytes(dims, CENTRE_BITS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length !== 2 + clusters * size + 2 * passages || view.getUint16(0, true) !== clusters)
    throw damagedSite('a static encoder of another size');
  const centres = bytes.slice(2, 2 + clusters * size);
  for (let c = 0; c < clusters; c++) if (!isPacked(centres, c * size)) throw damagedSite('a centre of a cluster');
  const clusterOf = new Uint32Array(passages);
  const seen = new Set<number>();
  for (let id = 0; id < passages; id++) {
    const cluster = view.getUint16(2 + clusters * size + 2 * id, true);
    seen.add(cluster);
    clusterOf[id] = cluster;
  }
  if (seen.size !== clusters || Math.max(...seen) !== clusters - 1) throw damagedSite('a cluster of a passage');
  return { dims, centres, clusterOf };
}

/** @param count passages of the cluster @returns its codes @throws EraError `index-format` */
export function decodeCluster(bytes: Uint8Array, dims: number, count: number): Uint8Array {
  const size = packedBytes(dims, CODE_BITS);
  if (bytes.length !== count * size) throw damagedSite('a cluster of another size');
  for (let i = 0; i < count; i++) if (!isPacked(bytes, i * size)) throw damagedSite('a code of a passage');
  return bytes;
}

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
