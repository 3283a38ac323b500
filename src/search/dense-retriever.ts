// Documents by the cosine of their vectors with the query's, exact over all of them.

import { EraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { dotsWithRows } from '../scan/rescore.ts';
import type { Scanner } from '../scan/scan.ts';
import { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './retriever.ts';

/** A scanner, or what gives the same lists. */
type SearchedVectors = Pick<Scanner, 'search'> & Partial<Pick<Scanner, 'dots'>>;

export class DenseRetriever implements Retriever {
  readonly needsVector = true;
  readonly canFilter = true;
  readonly #scanner: SearchedVectors;
  readonly #vectors: QuantizedVectors;

  /** @param scanner over `vectors` */
  constructor(scanner: SearchedVectors, vectors: QuantizedVectors) {
    this.#scanner = scanner;
    this.#vectors = vectors;
  }

  get count(): number {
    return this.#vectors.scales.length;
  }

  /**
   * The nearest.
   * @throws EraError `no-encoder` for a query without a vector, `dimension-mismatch`, `not-finite`, `closed`
   */
  async retrieve({ vector }: Pick<Query, 'vector'>, { k, signal, accepted }: RetrieveOptions): Promise<RankedList> {
    const limit = depthOf(k, this.count);
    signal?.throwIfAborted();
    if (!vector) throw new EraError('no-encoder', 'No model has read the query, so nothing can be compared with it.');
    const dots = this.#scanner.dots ?? ((query, ids) => dotsWithRows(query, this.#vectors, ids));
    const { rows, scores } = await this.#scanner.search(vector, limit, accepted);
    signal?.throwIfAborted();
    return { ids: rows, scores, scoresOf: (ids) => Promise.resolve(dots(vector, ids)) };
  }
}
