// What goes into an adapter: the query's vectors in the order its path wants them.

import { EraError } from '../errors.ts';

export interface QueryVectors {
  /** [n, dims] of the small model; null where it was not asked. */
  readonly local: Float32Array | null;
  /** [n, dims] of the remote model; null where it was not asked. */
  readonly remote: Float32Array | null;
}

/**
 * Rows `[local; remote]` for `both`, else the one that the path names.
 * @param n number of queries
 * @throws EraError `no-encoder`, `network` when a vector that the path needs is missing, `dimension-mismatch`
 */
export function queryInput(vectors: QueryVectors, path: 'remote' | 'local' | 'both', n: number): Float32Array<ArrayBuffer> {
  const parts: Float32Array[] = [];
  if (path !== 'remote') {
    if (!vectors.local) throw new EraError('no-encoder', `The path “${path}” needs the small model's query vector.`);
    parts.push(vectors.local);
  }
  if (path !== 'local') {
    if (!vectors.remote) throw new EraError('network', `The path “${path}” needs the remote model's query vector.`);
    parts.push(vectors.remote);
  }
  const widths = parts.map((part) => part.length / n);
  if (!widths.every(Number.isInteger)) {
    throw new EraError('dimension-mismatch', `The vectors are not ${String(n)} whole rows.`, { details: { queries: n } });
  }
  const width = widths.reduce((sum, part) => sum + part, 0);
  const out = new Float32Array(n * width);
  let offset = 0;
  parts.forEach((part, p) => {
    const dims = widths[p]!;
    for (let i = 0; i < n; i++) out.set(part.subarray(i * dims, (i + 1) * dims), i * width + offset);
    offset += dims;
  });
  return out;
}
