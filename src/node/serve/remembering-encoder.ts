// An encoder with a cache: a page that is reloaded, or the next visitor with the same passages, gets the vectors at
// once. Keys are hashes of the texts, so that texts of clients are not kept.

import { createHash } from 'node:crypto';
import type { Encoder } from '../../encode/encoder.ts';
import { LruCache } from '../../lru-cache.ts';
import { row, stackRows } from '../../math/vector.ts';

/**
 * Only reproducible vectors are cached, since others depend on the texts beside them.
 * @param maxVectors number of most recently used vectors that are kept; 10,000 of 384 dims are 15 MB
 */
export function rememberingEncoder(
  encoder: Pick<Encoder, 'space' | 'encode'>,
  maxVectors: number,
): Pick<Encoder, 'encode'> {
  const { dims } = encoder.space;
  const kept = new LruCache<string, Float32Array>(maxVectors);

  return {
    encode: async (texts, role, options = {}) => {
      if (!options.reproducible) return encoder.encode(texts, role, options);
      const keys = texts.map((text) =>
        createHash('sha256')
          .update(`${role} ${String(options.isPrompted ?? false)}\n${text}`)
          .digest('base64'),
      );
      const rows = keys.map((key) => kept.get(key));
      const missing = [...rows.keys()].filter((i) => rows[i] === undefined);
      if (missing.length > 0) {
        const fresh = await encoder.encode(
          missing.map((i) => texts[i]!),
          role,
          options,
        );
        missing.forEach((i, nth) => kept.set(keys[i]!, (rows[i] = row(fresh, nth, dims).slice())));
      }
      return stackRows(rows as Float32Array[], dims);
    },
  };
}
