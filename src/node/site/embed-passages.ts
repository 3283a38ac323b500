// Texts to int8 vectors: from the cache what was embedded before, from the model the rest, saved as it comes so that a run that was
// stopped goes on where it was. A vector depends on its own text alone, so it does not matter in which run it was made.

import type { EncoderOptions } from '../../encode/encoder.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { spaceOf } from '../../encode/models.ts';
import { quantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import type { Space } from '../../space.ts';
import type { EmbedCache } from './embed-cache.ts';

/** Texts embedded between two writes to the cache. */
const BATCH_TEXTS = 32;

export interface EmbedPassagesOptions extends Pick<EncoderOptions, 'signal' | 'onLoad'> {
  /** Name of a known small model. */
  readonly model: string;
  /** Folder that holds `<model>/…`; not looked at when the cache has every text. */
  readonly modelsDir: string;
  readonly cache: EmbedCache | null;
  /** Of the texts that have to be embedded. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface EmbeddedPassages {
  /** [texts.length, dims] */
  readonly vectors: QuantizedVectors;
  readonly space: Space;
  /** Rows whose vector was made in an earlier run. */
  readonly reused: number;
  /** Different texts that went through the model. */
  readonly embedded: number;
}

/** @param texts none empty @throws EraError of `openEncoder` and of the cache; the signal's reason */
export async function embedPassages(texts: readonly string[], { model, modelsDir, cache, signal, onLoad, onProgress }: EmbedPassagesOptions): Promise<EmbeddedPassages> {
  const space = spaceOf(model, 'q8');
  const { dims } = space;
  const vectors: QuantizedVectors = { codes: new Int8Array(texts.length * dims), scales: new Float32Array(texts.length), dims };
  const missing = new Map<string, number[]>();
  texts.forEach((text, row) => {
    const scale = cache?.take(text, vectors.codes.subarray(row * dims, (row + 1) * dims)) ?? null;
    if (scale !== null) vectors.scales[row] = scale;
    else if (missing.has(text)) missing.get(text)!.push(row);
    else missing.set(text, [row]);
  });
  const reused = texts.length - [...missing.values()].reduce((sum, rows) => sum + rows.length, 0);
  if (missing.size > 0) await embed();
  return { vectors, space, reused, embedded: missing.size };

  async function embed(): Promise<void> {
    const { encoder } = await openEncoder({ model, modelBase: modelsDir, device: 'cpu', signal, onLoad });
    try {
      const entries = [...missing];
      for (let done = 0; done < entries.length; done += BATCH_TEXTS) {
        const batch = entries.slice(done, done + BATCH_TEXTS);
        const batchTexts = batch.map(([text]) => text);
        const report = ({ doneTexts }: { doneTexts: number }): void => onProgress?.(done + doneTexts, entries.length);
        const quantized = quantizeRows(await encoder.encode(batchTexts, { reproducible: true, signal, onProgress: report }), dims);
        cache?.append(batchTexts, quantized);
        batch.forEach(([, rows], i) => {
          for (const row of rows) {
            vectors.codes.set(quantized.codes.subarray(i * dims, (i + 1) * dims), row * dims);
            vectors.scales[row] = quantized.scales[i]!;
          }
        });
      }
    } finally {
      await encoder.dispose();
    }
  }
}
