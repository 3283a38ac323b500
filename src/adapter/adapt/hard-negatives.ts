// Hard negatives: passages that rank high for a query, are not judged for it, and are clearly less similar than its
// positive, since the most similar ones are often relevant but not labelled. Source: NV-Retriever's "TopK-PercPos"
// (arXiv 2407.15831).

import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { dot, row } from '../../math/vector.ts';
import type { Rank } from '../rank.ts';

/** Mining constants of the study: five of the fifty best, below 95 % of the best positive. */
export const MINING = { top: 50, count: 5, maxRelativeSimilarity: 0.95 } as const;

export interface HardNegativesInput {
  /** [n, dims], row-major, unit rows in the document space. */
  readonly queries: Float32Array<ArrayBuffer>;
  /** Per query the passages whose highest similarity is the reference. */
  readonly positives: readonly (readonly number[])[];
  /** Per query every passage with a label, of any grade: never a negative. */
  readonly judged: readonly { has: (passage: number) => boolean }[];
  readonly vectors: QuantizedVectors;
  readonly rank: Rank;
  /** Depth of the ranking that negatives are taken from. */
  readonly top: number;
  /** At most this many for each query. */
  readonly count: number;
  /** A negative's similarity is below this share of the reference, such as 0.95. */
  readonly maxRelativeSimilarity: number;
}

/** @returns per query its negatives, hardest first; fewer than `count`, or none, where no more qualify */
export async function hardNegatives(input: HardNegativesInput): Promise<number[][]> {
  const { queries, positives, judged, vectors, rank, top, count, maxRelativeSimilarity } = input;
  const { dims } = vectors;
  const { rows } = await rank(queries, top);
  return positives.map((own, i) => {
    const query = row(queries, i, dims);
    const similarity = (passage: number): number => dot(query, dequantizeRows(vectors, [passage]));
    const limit = maxRelativeSimilarity * Math.max(...own.map(similarity));
    const found: number[] = [];
    for (let at = i * top; at < (i + 1) * top && found.length < count; at++) {
      const passage = rows[at]!;
      if (passage >= 0 && !judged[i]!.has(passage) && similarity(passage) < limit) found.push(passage);
    }
    return found;
  });
}
