// A static query encoder and the passages that it is compared with, as parts of a collection: what all queries need
// (`static`), one part for each cluster of passages (`cluster`), and rows of words, which are in the terms parts of the
// keyword index. FORMAT.md has the layout.

import { isPacked, packedBytes, type FewBits } from '../math/few-bits.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { joinBytes } from './join-bytes.ts';
import { damagedSite, fieldsOf, jsonBytes, listOf, readJson, textOf } from './site-json.ts';
import { ROW_BITS, rowBytes } from './static-row.ts';

/** Bits a number of the clusters' centres, and of the passages' distances from their centre. */
export const CENTRE_BITS: FewBits = 4;
export const CODE_BITS: FewBits = 3;

/** Most bytes of all clusters for which these are in the file `start`: every visit then gets them. */
export const START_CLUSTERS_BYTES: number = 128 * 1024;

/** A text and what its words add up to, by which a reader checks itself. */
export interface KnownAnswer {
  readonly text: string;
  /** Term → its row, packed; of all words of the text. */
  readonly rows: ReadonlyMap<string, Uint8Array>;
  /** packedBytes(dims, ROW_BITS): the text's vector, without the net that weighs words. */
  readonly vector: Uint8Array<ArrayBuffer>;
}

/** All that a static query encoder is, before it is cut into parts. */
export interface StaticIndex {
  /** Numbers in a vector, along the principal directions of the passages, rotated. */
  readonly dims: number;
  /** The directions in the passages' space: `dims` rows, orthonormal but for the rounding. */
  readonly directions: QuantizedVectors;
  /** Term → its row, packed, see static-row.ts. */
  readonly rows: ReadonlyMap<string, Uint8Array>;
  /** [clusters, packedBytes(dims, CENTRE_BITS)] */
  readonly centres: Uint8Array<ArrayBuffer>;
  /** Cluster of each passage. */
  readonly clusterOf: Uint32Array<ArrayBuffer>;
  /** [passages, packedBytes(dims, CODE_BITS)]: each passage's difference from its centre as packed. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** Null where no text of the collection has a row for every word. */
  readonly known: KnownAnswer | null;
}

/** What the part `static` has. */
export type StaticHead = Pick<StaticIndex, 'dims' | 'centres' | 'clusterOf' | 'known'>;

/**
 * The part `static`: the number of clusters (u16), their centres, and for each passage the place of its cluster in the
 * list of all, from which it is then moved to the front: the lower bytes of all, then the upper ones. Neighbours are
 * mostly in one cluster or in a few, so that places are small, and compress. The known answer is the rest.
 */
export function encodeStaticHead({ dims, centres, clusterOf, known }: StaticHead): Uint8Array<ArrayBuffer> {
  const count = centres.length / packedBytes(dims, CENTRE_BITS);
  const passages = clusterOf.length;
  const at = 2 + centres.length;
  const bytes = new Uint8Array(at + 2 * passages);
  bytes.set([count, count >> 8]); // their lowest eight bits
  bytes.set(centres, 2);
  const list = Uint16Array.from({ length: count }, (_, cluster) => cluster);
  clusterOf.forEach((cluster, id) => {
    const place = list.indexOf(cluster);
    toFront(list, place);
    bytes[at + id] = place;
    bytes[at + passages + id] = place >> 8;
  });
  return joinBytes([bytes, encodeKnown(known)]);
}

/** @returns the entry that was at the place */
function toFront(list: Uint16Array, place: number): number {
  const entry = list[place]!;
  list.copyWithin(1, 0, place);
  return (list[0] = entry);
}

/** @param passages of the collection @throws EraError `index-format` */
export function decodeStaticHead(
  bytes: Uint8Array,
  { dims, clusters, passages }: { readonly dims: number; readonly clusters: number; readonly passages: number },
): StaticHead {
  const size = packedBytes(dims, CENTRE_BITS);
  const at = 2 + clusters * size;
  if (bytes.length < at + 2 * passages || bytes[0]! + 256 * bytes[1]! !== clusters)
    throw damagedSite('a static encoder of another size');
  const centres = bytes.slice(2, at);
  for (let c = 0; c < clusters; c++) if (!isPacked(centres, c * size)) throw damagedSite('a centre of a cluster');
  const clusterOf = new Uint32Array(passages);
  const list = Uint16Array.from({ length: clusters }, (_, cluster) => cluster);
  for (let id = 0; id < passages; id++) {
    const place = bytes[at + id]! + 256 * bytes[at + passages + id]!;
    if (place >= clusters) throw damagedSite('a cluster of a passage');
    clusterOf[id] = toFront(list, place);
  }
  if (new Set(clusterOf).size !== clusters) throw damagedSite('a cluster of a passage');
  return { dims, centres, clusterOf, known: decodeKnown(bytes.subarray(at + 2 * passages), dims) };
}

/** The vector, the rows, then the text and the terms as JSON; nothing for none. */
function encodeKnown(known: KnownAnswer | null): Uint8Array<ArrayBuffer> {
  if (!known) return new Uint8Array();
  const { text, rows, vector } = known;
  return joinBytes([vector, Uint8Array.of(rows.size), ...rows.values(), jsonBytes({ text, terms: [...rows.keys()] })]);
}

function decodeKnown(bytes: Uint8Array, dims: number): KnownAnswer | null {
  if (bytes.length === 0) return null;
  const from = packedBytes(dims, ROW_BITS) + 1;
  const count = bytes[from - 1] ?? 0;
  const size = rowBytes(dims);
  const json = bytes.subarray(from + count * size);
  if (json.length === 0 || !isPacked(bytes, 0)) throw damagedSite('the known answer of a static encoder');
  const read = (value: unknown): { text: string; terms: string[] } => {
    const fields = fieldsOf(value, 'the known answer');
    return {
      text: textOf(fields['text'], 'the text of the known answer'),
      terms: listOf(fields['terms'], (term) => textOf(term, 'a term'), 'the terms of the known answer'),
    };
  };
  const { text, terms } = readJson(json, read, (known) => known);
  const rows = new Map(terms.map((term, i) => [term, bytes.slice(from + i * size, from + (i + 1) * size)]));
  if (terms.length !== count || rows.size !== count) throw damagedSite('the known answer of a static encoder');
  return { text, rows, vector: bytes.slice(0, from - 1) };
}

/** @param count passages of the cluster @returns its codes @throws EraError `index-format` */
export function decodeCluster(bytes: Uint8Array, dims: number, count: number): Uint8Array {
  const size = packedBytes(dims, CODE_BITS);
  if (bytes.length !== count * size) throw damagedSite('a cluster of another size');
  for (let i = 0; i < count; i++) if (!isPacked(bytes, i * size)) throw damagedSite('a code of a passage');
  return bytes;
}

/** Passages of each cluster, ascending. */
export function membersOf({ dims, centres, clusterOf }: Omit<StaticHead, 'known'>): Int32Array<ArrayBuffer>[] {
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
