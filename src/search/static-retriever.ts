// Documents by a query that is read without a model: the words of the query are looked up in a table, and the documents
// are compared by few-bit codes, of which a few clusters are fetched: those whose documents matter most as far as the
// clusters' centres tell. A query of a first visit so needs some ten kilobytes, whatever the number of documents.

import { CENTRE_BITS, CODE_BITS, membersOf, type StaticHead } from '../format/static-parts.ts';
import { addFewBits, packedBytes } from '../math/few-bits.ts';
import { dot } from '../math/vector.ts';
import type { Corrections } from './query-words.ts';
import { rankByScore } from './ranked-list.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './retriever.ts';

/** Clusters that are read, whatever that costs. */
const CLUSTERS = 6;
/** Most clusters that are read, where further ones cost no request: some 3,000 documents. */
const MOST_CLUSTERS = 64;

export interface StaticParts extends Omit<StaticHead, 'known'> {
  /** [dims], unit length; null for a text of which nothing is known. */
  readonly encode: (text: string, corrections?: Corrections) => Promise<Float32Array | null>;
  /** Codes of the documents of a cluster, in the order of their ids: [documents, packedBytes(dims, CODE_BITS)]. */
  readonly codes: (cluster: number, documents: number) => Promise<Uint8Array>;
  /** Whether the codes of a cluster cost no request. */
  readonly isAtHand: (cluster: number) => boolean;
}

export class StaticRetriever implements Retriever {
  readonly #parts: StaticParts;
  /** Documents of each cluster, ascending. */
  readonly #members: readonly Int32Array<ArrayBuffer>[];

  constructor(parts: StaticParts) {
    this.#parts = parts;
    this.#members = membersOf(parts);
  }

  get count(): number {
    return this.#parts.clusterOf.length;
  }

  /**
   * The documents of the clusters that are read. Others have the score of their cluster's centre, which is their own on
   * average. Where nothing is known of the text, the list is empty and every score is 0.
   * @throws EraError `invalid-option`, and what reading rows and codes throws
   */
  async retrieve(
    { text }: Pick<Query, 'text'>,
    { k, signal, wanted, corrections }: RetrieveOptions,
  ): Promise<RankedList> {
    const limit = depthOf(k, this.count);
    signal?.throwIfAborted();
    const { dims, encode } = this.#parts;
    const vector = await encode(text, corrections);
    signal?.throwIfAborted();
    if (!vector)
      return { ...rankByScore(new Int32Array(), []), scoresOf: (ids) => Promise.resolve(new Float32Array(ids.length)) };
    const byCentre = this.#centreScores(vector);
    const read = await this.#chosen(byCentre, limit, wanted);
    const exact = new Map<number, number>();
    await Promise.all(
      read.map(async (cluster) => {
        const members = this.#members[cluster]!;
        const codes = await this.#parts.codes(cluster, members.length);
        const size = packedBytes(dims, CODE_BITS);
        members.forEach((id, i) =>
          exact.set(
            id,
            byCentre[cluster]! + dot(vector, addFewBits(new Float32Array(dims), codes, i * size, CODE_BITS)),
          ),
        );
      }),
    );
    signal?.throwIfAborted();
    return this.#listOf(Int32Array.from(exact.keys()), limit, byCentre, exact);
  }

  /** The clusters to read: of the documents that matter most, then those of the nearest centres. */
  async #chosen(
    byCentre: Float32Array<ArrayBuffer>,
    limit: number,
    wanted: RetrieveOptions['wanted'],
  ): Promise<readonly number[]> {
    const { clusterOf, isAtHand } = this.#parts;
    const nearest = rankByScore(Int32Array.from(byCentre.keys()), byCentre).ids;
    const near: number[] = [];
    for (const cluster of nearest) {
      if (near.length >= limit) break;
      near.push(...this.#members[cluster]!);
    }
    const order = (await wanted?.(this.#listOf(Int32Array.from(near), limit, byCentre, new Map()))) ?? [];
    const clusters = [...new Set([...Array.from(order, (id) => clusterOf[id]!), ...nearest])];
    return clusters.filter((cluster, place) => place < CLUSTERS || isAtHand(cluster)).slice(0, MOST_CLUSTERS);
  }

  /** The best of some documents. @param exact scores, where they are not those of the centres */
  #listOf(
    some: Int32Array<ArrayBuffer>,
    limit: number,
    byCentre: Float32Array,
    exact: ReadonlyMap<number, number>,
  ): RankedList {
    const { clusterOf } = this.#parts;
    const scoresOf = (ids: ArrayLike<number>): Float32Array<ArrayBuffer> =>
      Float32Array.from({ length: ids.length }, (_, i) => exact.get(ids[i]!) ?? byCentre[clusterOf[ids[i]!]!]!);
    const { ids, scores } = rankByScore(some, scoresOf(some));
    return {
      ids: ids.slice(0, limit),
      scores: scores.slice(0, limit),
      scoresOf: (others) => Promise.resolve(scoresOf(others)),
    };
  }

  #centreScores(vector: Float32Array): Float32Array<ArrayBuffer> {
    const { centres, dims } = this.#parts;
    const size = packedBytes(dims, CENTRE_BITS);
    return Float32Array.from(this.#members, (_, cluster) =>
      dot(vector, addFewBits(new Float32Array(dims), centres, cluster * size, CENTRE_BITS)),
    );
  }
}
