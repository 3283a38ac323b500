// Texts to int8 vectors: from the cache where possible, otherwise from a model, saved batch by batch so that a stopped
// run continues where it was. The small model's vectors depend on their own text alone, so it does not matter in which
// run they were made.

import type { Encoder, EncoderOptions } from '../../encode/encoder.ts';
import { portableWeights, spaceOf, type ModelDescription } from '../../encode/models.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { quantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import type { Space } from '../../space.ts';
import type { EmbedCache } from './embed-cache.ts';
import type { Embedder } from './embedder.ts';
import { jobsFor, openEmbedPool } from './embed-pool.ts';
import { sharesOfWork } from './text-cost.ts';

/** Texts embedded between two writes to the cache, for each model that embeds. */
const BATCH_TEXTS = 32;

/** How far the model is with the texts that it has to read. */
export interface EmbedProgress {
  readonly done: number;
  readonly total: number;
  /** Of the texts that are done; undefined where they are not counted. */
  readonly tokens: number | undefined;
  /** Of the work, 0 to 1: texts differ in length. */
  readonly share: number;
}

export interface EmbedOptions {
  readonly space: Space;
  readonly cache: EmbedCache | null;
  /** Called only when the cache lacks a text. @param texts that it lacks */
  readonly open: (texts: number) => Promise<Embedder>;
  /** @default 32 for each model of the embedder */
  readonly batchTexts?: number | undefined;
  /** Called first when the model is open. */
  readonly onProgress?: ((progress: EmbedProgress) => void) | undefined;
  /** Tokens that the model reads of a text. @default all */
  readonly maxTokens?: number | undefined;
  /** The first so many texts are counted in the result. @default all */
  readonly counted?: number | undefined;
}

export interface EmbeddedTexts {
  /** [texts.length, dims] */
  readonly vectors: QuantizedVectors;
  readonly space: Space;
  /** Rows whose vector was made in an earlier run. */
  readonly reused: number;
  /** Distinct texts that went through the model. */
  readonly embedded: number;
}

/** @param texts none empty @throws what `open` and the embedder throw; EraError `storage` of the cache */
export async function embedTexts(
  texts: readonly string[],
  { space, cache, open, batchTexts, onProgress, maxTokens = Infinity, counted = texts.length }: EmbedOptions,
): Promise<EmbeddedTexts> {
  const { dims } = space;
  const vectors: QuantizedVectors = {
    codes: new Int8Array(texts.length * dims),
    scales: new Float32Array(texts.length),
    dims,
  };
  const missing = new Map<string, number[]>();
  let reused = 0;
  texts.forEach((text, row) => {
    const scale = cache?.take(text, vectors.codes.subarray(row * dims, (row + 1) * dims)) ?? null;
    if (scale !== null) {
      vectors.scales[row] = scale;
      if (row < counted) reused++;
    } else if (missing.has(text)) missing.get(text)!.push(row);
    else missing.set(text, [row]);
  });
  if (missing.size === 0) return { vectors, space, reused, embedded: 0 };

  const entries = [...missing];
  const embedder = await open(entries.length);
  const shares = sharesOfWork([...missing.keys()], maxTokens);
  let tokens: number | undefined = 0;
  const tell = (done: number, ofBatch: number | undefined): void =>
    onProgress?.({ done, total: entries.length, tokens: sumOf(tokens, ofBatch), share: shares[done]! });
  const size = batchTexts ?? BATCH_TEXTS * (embedder.jobs ?? 1);
  try {
    tell(0, 0);
    for (let done = 0; done < entries.length; done += size) {
      const batch = entries.slice(done, done + size);
      const batchOfTexts = batch.map(([text]) => text);
      let ofBatch: number | undefined;
      const quantized = quantizeRows(
        await embedder.embed(batchOfTexts, (read) => {
          ofBatch = read.tokens;
          tell(done + read.texts, ofBatch);
        }),
        dims,
      );
      tokens = sumOf(tokens, ofBatch);
      cache?.append(batchOfTexts, quantized);
      batch.forEach(([, rows], i) => {
        for (const row of rows) {
          vectors.codes.set(quantized.codes.subarray(i * dims, (i + 1) * dims), row * dims);
          vectors.scales[row] = quantized.scales[i]!;
        }
      });
    }
  } finally {
    await embedder.dispose();
  }
  const made = [...missing.values()].filter(([row]) => row! < counted);
  return { vectors, space, reused, embedded: made.length };
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** Passages, and other texts. */
export interface EmbeddedPassages extends EmbeddedTexts {
  /** [others, dims] */
  readonly others: QuantizedVectors;
}

export interface EmbedPassagesOptions
  extends Pick<EncoderOptions, 'signal' | 'onLoad'>, Pick<EmbedOptions, 'onProgress'> {
  /** Other texts, embedded too. @default none */
  readonly others?: readonly string[] | null | undefined;
  readonly description: ModelDescription;
  /** Folder that contains `<model>/…`; not read when the cache has every text. */
  readonly modelsDir: string;
  readonly openCache: (space: Space) => EmbedCache | null;
  /** Models that embed side by side. @default one for each core, at most four; fewer for few texts */
  readonly jobs?: number | undefined;
}

/**
 * Embeds with the small model, on the CPU, text by text: how many of them work side by side changes no vector.
 * @throws EraError of `openEncoder` and of the cache; the signal's reason
 */
export async function embedPassages(
  texts: readonly string[],
  { description, modelsDir, others, openCache, jobs: wanted, signal, onLoad, onProgress }: EmbedPassagesOptions,
): Promise<EmbeddedPassages> {
  const space = spaceOf(description, portableWeights(description).dtype);
  const open = async (missing: number): Promise<Embedder> => {
    const jobs = jobsFor(missing, wanted);
    if (jobs > 1) return openEmbedPool({ description, modelsDir, jobs, signal });
    const { encoder } = await openEncoder({ model: description, modelBase: modelsDir, device: 'cpu', signal, onLoad });
    return embedderOf(encoder, signal);
  };
  return withCache(openCache(space), (cache) =>
    embedBoth(texts, others ?? [], { space, cache, open, onProgress, maxTokens: description.maxTokens }),
  );
}

/**
 * By an encoder that is open already, and stays open.
 * @throws as `embedPassages`
 */
export async function embedByEncoder(
  texts: readonly string[],
  encoder: Encoder,
  {
    others,
    openCache,
    signal,
    onProgress,
  }: Pick<EmbedPassagesOptions, 'others' | 'openCache' | 'signal' | 'onProgress'>,
): Promise<EmbeddedPassages> {
  const { space } = encoder;
  const open = (): Promise<Embedder> =>
    Promise.resolve({ ...embedderOf(encoder, signal), dispose: () => Promise.resolve() });
  return withCache(openCache(space), (cache) => embedBoth(texts, others ?? [], { space, cache, open, onProgress }));
}

/** In one run of the model, with one cache, which is pruned to what both use. */
async function embedBoth(
  texts: readonly string[],
  others: readonly string[],
  options: EmbedOptions,
): Promise<EmbeddedPassages> {
  const both = await embedTexts([...texts, ...others], { ...options, counted: texts.length });
  const { codes, scales, dims } = both.vectors;
  const part = (from: number, end?: number): QuantizedVectors => ({
    codes: codes.slice(from * dims, end && end * dims),
    scales: scales.slice(from, end),
    dims,
  });
  return { ...both, vectors: part(0, texts.length), others: part(texts.length) };
}

function embedderOf(encoder: Encoder, signal: AbortSignal | undefined): Embedder {
  return {
    embed: (batch, onDone) =>
      encoder.encode(batch, 'passage', {
        reproducible: true,
        signal,
        onProgress: ({ doneTexts, doneTokens }) => onDone({ texts: doneTexts, tokens: doneTokens }),
      }),
    dispose: () => encoder.dispose(),
  };
}

/** Closes the cache in any case, and prunes it on success. */
export async function withCache<T>(
  cache: EmbedCache | null,
  work: (cache: EmbedCache | null) => Promise<T>,
): Promise<T> {
  try {
    const result = await work(cache);
    cache?.prune();
    return result;
  } finally {
    cache?.close();
  }
}
