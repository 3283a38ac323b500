// Embeds the passages of a collection. That is bulk work: where the page has a second core, a second worker has the
// model meanwhile, and is ended afterwards.

import type { Client } from '../rpc/client.ts';
import type { EncoderApi } from '../rpc/protocol.ts';
import type { LocalModel } from './local-model.ts';

/**
 * Texts of a call: few enough to show progress and to be cancelled soon. The model reads several of one length at once,
 * of one call alone: a vector is the same whatever the number of workers.
 */
const SLICE = 64;
/** Passages that are worth the start of a worker, which takes as long as a hundred of them. */
const TEXTS_PER_WORKER = 150;
/** Each has the model in memory. */
const MOST_WORKERS = 2;

/** Workers for so many texts, the first included. @param cores @default those of this machine */
export function workersFor(
  texts: number,
  cores: number = (globalThis.navigator as Navigator | undefined)?.hardwareConcurrency ?? 1,
): number {
  return Math.max(1, Math.min(MOST_WORKERS, cores, Math.floor(texts / TEXTS_PER_WORKER)));
}

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of texts that are done. */
  readonly onDone: (texts: number) => void;
  /** @default `workersFor` them */
  readonly workers?: number | undefined;
}

/**
 * [texts.length, dims]. What a worker that was started for this cannot do, the model's own does.
 * @throws as `LocalModel.ready`; EraError `invalid-input` for an empty text; the signal's reason
 */
export async function embedPassages(
  texts: readonly string[],
  model: Pick<LocalModel, 'ready' | 'status' | 'helper'>,
  { signal, onDone, workers }: EmbedOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const own = await model.ready();
  const { device, space } = model.status;
  const { dims } = space!;
  const starts = Array.from({ length: Math.ceil(texts.length / SLICE) }, (_, n) => n * SLICE);
  const vectors = new Float32Array(texts.length * dims);
  let done = 0;
  let told = 0;
  const work = async (client: Client<EncoderApi>): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const slice = texts.slice(start, start + SLICE);
      let counted = 0;
      const count = (doneTexts: number): void => {
        done += doneTexts - counted;
        counted = doneTexts;
        if (done > told) onDone((told = done));
      };
      try {
        const part = await client.call(
          'encode',
          { texts: slice, role: 'passage' },
          { signal, onProgress: ({ doneTexts }) => count(doneTexts) },
        );
        vectors.set(part, start * dims);
        count(slice.length);
      } catch (error) {
        done -= counted;
        starts.unshift(start);
        throw error;
      }
    }
  };

  // A GPU would be shared.
  const helpers =
    device !== 'webgpu' ? Array.from({ length: (workers ?? workersFor(texts.length)) - 1 }, () => model.helper()) : [];
  const opened = new Set<(typeof helpers)[number]>();
  const helping = helpers.map(async (helper) => {
    try {
      const client = await helper.ready();
      opened.add(helper);
      await work(client);
    } catch {
      // Its slice is left to the model's own worker, which meets what is wrong with the texts themselves.
    }
  });
  try {
    await work(own);
    for (const helper of helpers) if (!opened.has(helper)) helper.close(); // too late to help
    await Promise.all(helping);
    await work(own);
  } finally {
    for (const helper of helpers) helper.close();
  }
  return vectors;
}
