// Exact ranking in plain JavaScript, for tests of what takes a `Rank`.

import { dequantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { TopK } from '../math/top-k.ts';
import { dot, row } from '../math/vector.ts';
import type { Rank } from './rank.ts';

export function plainRank(vectors: QuantizedVectors): Rank {
  const { dims } = vectors;
  const documents = dequantizeRows(vectors);
  const count = vectors.scales.length;
  return (queries, k) => {
    const m = queries.length / dims;
    const rows = new Int32Array(m * k).fill(-1);
    for (let i = 0; i < m; i++) {
      const best = new TopK(Math.min(k, count));
      for (let id = 0; id < count; id++) best.push(id, dot(row(queries, i, dims), row(documents, id, dims)));
      rows.set(best.sorted().ids, i * k);
    }
    return Promise.resolve({ rows });
  };
}
