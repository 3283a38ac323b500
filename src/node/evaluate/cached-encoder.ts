// Texts to vectors through the cache on disk: only what is missing is embedded, in small batches that are saved as they come,
// so that a run that was stopped goes on where it was.

import type { CommandIo } from '../command-io.ts';
import type { Space } from '../../space.ts';
import { VectorCache } from './vector-cache.ts';

/** Texts embedded between two writes to disk. */
const BATCH_TEXTS = 32;
const PROGRESS_EVERY_MS = 5000;

type Matrix = Float32Array<ArrayBuffer>;

export interface CachedEncoder {
  /** Without a prompt: texts are given as the model gets them. */
  readonly space: Space;
  /** [texts.length, space.dims] unit vectors. @param what names the texts in progress lines */
  readonly encode: (texts: readonly string[], what: string) => Promise<Matrix>;
  readonly close: () => Promise<void>;
}

export interface Embedder {
  readonly space: Space;
  readonly embed: (texts: readonly string[], signal: AbortSignal | undefined) => Promise<Matrix>;
  readonly dispose: () => Promise<void>;
}

/** @throws EraError of `VectorCache`; `encode` throws those of `embedder` and the signal's reason */
export function cachedEncoder(embedder: Embedder, cacheRoot: string, io: CommandIo): CachedEncoder {
  const cache = new VectorCache(cacheRoot, embedder.space);
  return {
    space: embedder.space,
    encode: async (texts, what) => {
      const missing = [...new Set(texts)].filter((text) => !cache.has(text));
      let lastNoteMs = Date.now();
      for (let done = 0; done < missing.length; done += BATCH_TEXTS) {
        io.signal?.throwIfAborted();
        const batch = missing.slice(done, done + BATCH_TEXTS);
        cache.append(batch, await embedder.embed(batch, io.signal));
        if (Date.now() - lastNoteMs < PROGRESS_EVERY_MS) continue;
        io.note(`  embedding ${what}: ${done + batch.length} of ${missing.length} texts (${embedder.space.model})`);
        lastNoteMs = Date.now();
      }
      return cache.read(texts);
    },
    close: async () => {
      cache.close();
      await embedder.dispose();
    },
  };
}
