// Documents by a query that is read without a model: the words of the query are looked up in a table, and the documents
// are compared by few-bit codes, of which only the clusters are fetched that are near the query or hold what keywords
// rank best. A query of a first visit so needs some ten kilobytes, whatever the number of documents.

import { CENTRE_BITS, CODE_BITS, membersOf, type StaticHead } from '../format/static-parts.ts';
import { addFewBits, packedBytes } from '../math/few-bits.ts';
import { dot } from '../math/vector.ts';
import { rankByScore } from './ranked-list.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './retriever.ts';

/** Clusters whose centres are nearest to the query. */
const NEAR_CLUSTERS = 4;
/** The best documents of another list whose clusters are read too, so that their scores are known. */
const WANTED_DOCUMENTS = 10;

export interface StaticParts extends StaticHead {
  /** [dims], unit length; null for a text of which nothing is known. */
  readonly encode: (text: string) => Promise<Float32Array | null>;
  /** Codes of the documents of a cluster, in the order of their ids: [documents, packedBytes(dims, CODE_BITS)]. */
  readonly codes: (cluster: number, documents: number) => Promise<Uint8Array>;
}

export class StaticRetriever implements Retriever {
  readonly #parts: StaticParts;
  readonly #near: number;
  /** Documents of each cluster, ascending. */
  readonly #members: readonly Int32Array<ArrayBuffer>[];

  /** @param near clusters that are read, those whose centres are nearest to the query */
  constructor(parts: StaticParts, near: number = NEAR_CLUSTERS) {
    this.#parts = parts;
    this.#near = near;
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
  async retrieve({ text }: Pick<Query, 'text'>, { k, signal, wanted }: RetrieveOptions): Promise<RankedList> {
    const limit = depthOf(k, this.count);
    signal?.throwIfAborted();
    const { clusterOf, dims, encode } = this.#parts;
    const vector = await encode(text);
    signal?.throwIfAborted();
    if (!vector)
      return { ...rankByScore(new Int32Array(), []), scoresOf: (ids) => Promise.resolve(new Float32Array(ids.length)) };
    const byCentre = this.#centreScores(vector);
    const nearest = rankByScore(Int32Array.from(byCentre.keys()), byCentre).ids.subarray(0, this.#near);
    const best = wanted?.subarray(0, WANTED_DOCUMENTS) ?? [];
    const read = [...new Set([...nearest, ...Array.from(best, (id) => clusterOf[id]!)])];
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
    const scoresOf = (ids: ArrayLike<number>): Float32Array<ArrayBuffer> =>
      Float32Array.from({ length: ids.length }, (_, i) => exact.get(ids[i]!) ?? byCentre[clusterOf[ids[i]!]!]!);
    const ids = Int32Array.from(exact.keys());
    const ranked = rankByScore(ids, scoresOf(ids));
    return {
      ids: ranked.ids.slice(0, limit),
      scores: ranked.scores.slice(0, limit),
      scoresOf: (some) => Promise.resolve(scoresOf(some)),
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
