// Texts to vectors through the cache on disk: only missing texts are embedded, in small batches that are saved as they
// arrive, so that a stopped run continues where it was.

import type { CommandIo } from '../command-io.ts';
import { EraError } from '../../errors.ts';
import type { Space } from '../../space.ts';
import { timeLeft } from './time-left.ts';
import { VectorCache } from './vector-cache.ts';

/** Texts embedded between two writes to disk. */
const BATCH_TEXTS = 32;
const PROGRESS_EVERY_MS = 5000;

type Matrix = Float32Array<ArrayBuffer>;

/** Progress of texts that come in several calls, for progress lines. */
export interface TextsInProgress {
  readonly what: string;
  /** Number of texts in earlier calls, and in all. */
  readonly before: number;
  readonly of: number;
}

export interface CachedEncoder {
  /** Without a prompt: texts are given as the model receives them. */
  readonly space: Space;
  /** [texts.length, space.dims] unit vectors. @param what names the texts in progress lines */
  readonly encode: (texts: readonly string[], what: string | TextsInProgress) => Promise<Matrix>;
  /** Frees the model: afterwards `encode` returns only what the cache has. */
  readonly release: () => Promise<void>;
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
  const { model } = embedder.space;
  let released = false;
  let lastNoteMs = Date.now();
  let rate = { startMs: Date.now(), texts: 0, what: '' };

  const note = (what: string, done: number, of: number, embedded: number): void => {
    if (rate.what !== what) rate = { startMs: Date.now(), texts: 0, what };
    rate.texts += embedded;
    if (Date.now() - lastNoteMs < PROGRESS_EVERY_MS) return;
    lastNoteMs = Date.now();
    io.note(`  embedding ${what}: ${done} of ${of} texts, ${timeLeft(rate.startMs, rate.texts, of - done)} (${model})`);
  };
  const release = async (): Promise<void> => {
    if (released) return;
    released = true;
    await embedder.dispose();
  };
  return {
    space: embedder.space,
    encode: async (texts, progress) => {
      const { what, before, of } =
        typeof progress === 'string' ? { what: progress, before: 0, of: texts.length } : progress;
      const missing = [...new Set(texts)].filter((text) => !cache.has(text));
      if (released && missing.length > 0)
        throw new EraError('internal', `${missing.length} texts of ${what} were not embedded while ${model} was open.`);
      for (let done = 0; done < missing.length; done += BATCH_TEXTS) {
        io.signal?.throwIfAborted();
        const batch = missing.slice(done, done + BATCH_TEXTS);
        cache.append(batch, await embedder.embed(batch, io.signal));
        note(what, before + texts.length - missing.length + done + batch.length, of, batch.length);
      }
      return cache.read(texts);
    },
    release,
    close: async () => {
      cache.close();
      await release();
    },
  };
}
