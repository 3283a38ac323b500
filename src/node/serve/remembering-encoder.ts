// An encoder that reads no text twice: a page that is loaded again, or the next visitor with the same passages, has its vectors at once.
// Texts are known by their hash, so that what clients sent is not kept.

import { createHash } from 'node:crypto';
import type { EncodeOptions, Encoder } from '../../encode/encoder.ts';
import { LruCache } from '../../lru-cache.ts';
import type { Role } from '../../role.ts';

/**
 * Only reproducible vectors are kept: others depend on the texts beside them.
 * @param maxVectors the last used ones that are kept; 10,000 of 384 dims are 15 MB
 */
export function rememberingEncoder(encoder: Encoder, maxVectors: number): Encoder {
  const { dims } = encoder.space;
  const kept = new LruCache<string, Float32Array>(maxVectors);

  return {
    space: encoder.space,
    device: encoder.device,
    dispose: () => encoder.dispose(),
    encode: async (texts: readonly string[], role: Role, options: EncodeOptions = {}) => {
      if (!options.reproducible) return encoder.encode(texts, role, options);
      const keys = texts.map((text) => createHash('sha256').update(`${role}\n${text}`).digest('base64'));
      const vectors = new Float32Array(texts.length * dims);
      const missing: number[] = [];
      keys.forEach((key, i) => {
        const vector = kept.get(key);
        if (vector) vectors.set(vector, i * dims);
        else missing.push(i);
      });
      if (missing.length === 0) return vectors;
      const fresh = await encoder.encode(missing.map((i) => texts[i]!), role, options);
      missing.forEach((i, row) => {
        const vector = fresh.slice(row * dims, (row + 1) * dims);
        vectors.set(vector, i * dims);
        kept.set(keys[i]!, vector);
      });
      return vectors;
    },
  };
}
