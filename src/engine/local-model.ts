// The small document model in its worker: loaded on first use, with a cache of the queries that it has read.

import { unlessAborted } from '../abort.ts';
import { EraError, messageOf } from '../errors.ts';
import { LruCache } from '../lru-cache.ts';
import { stackRows } from '../math/vector.ts';
import type { LocalEncoderOptions } from '../options.ts';
import type { Client } from '../rpc/client.ts';
import type { EncoderApi } from '../rpc/protocol.ts';
import { spaceId } from '../space.ts';
import { Connection } from './connections.ts';
import { loadMeter } from './load-meter.ts';
import { IDLE, type EncoderStatus, type VectorOptions } from './status.ts';

/** Vectors kept: 5000 × 384 float32 are 7.7 MB. */
const CACHE_ENTRIES = 5000;

export interface LocalModelOptions extends LocalEncoderOptions {
  /** Address of the module whose encoder goes before the model, absolute. @default none */
  readonly extension?: string | undefined;
}

export class LocalModel {
  readonly #options: LocalModelOptions;
  readonly #changed: () => void;
  readonly #worker: Connection<EncoderApi>;
  readonly #queries = new LruCache<string, Float32Array>(CACHE_ENTRIES);
  #status: EncoderStatus = IDLE;

  /** @param options `modelBase` absolute @param changed called with every change of the status */
  constructor(options: LocalModelOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.#worker = new Connection<EncoderApi>('encoder', (client) => this.#open(client));
  }

  get status(): EncoderStatus {
    return this.#status;
  }

  /** The worker with the model loaded. @throws EraError `model-load`, `closed`, `worker-died` and the encoder's own */
  ready(): Promise<Client<EncoderApi>> {
    return this.#worker.ready();
  }

  /** Another worker with the same model on the same device, for bulk work; its starter ends it. */
  helper(): Connection<EncoderApi> {
    return new Connection<EncoderApi>('encoder', async (client) => {
      const { device, space } = this.#status;
      const opened = await client.call('open', this.#args());
      if (opened.device !== device || !space || spaceId(opened.space) !== spaceId(space))
        throw new EraError('model-load', 'The second worker has another model, or runs it on another device.');
    });
  }

  /** [texts.length, dims] of queries, with the model's prompt. @throws as `ready` */
  async read(texts: readonly string[], { signal, onDone }: VectorOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    const missing = [...new Set(texts.filter((text) => this.#queries.get(text) === undefined))];
    const fresh = new Map<string, Float32Array>();
    if (missing.length > 0) {
      const client = await unlessAborted(this.ready(), signal);
      const matrix = await client.call(
        'encode',
        { texts: missing, role: 'query', reproducible: true },
        { signal, onProgress: ({ doneTexts, totalTexts }) => onDone?.(doneTexts, totalTexts) },
      );
      const dims = matrix.length / missing.length;
      missing.forEach((text, i) => fresh.set(text, matrix.slice(i * dims, (i + 1) * dims)));
      for (const [text, vector] of fresh) this.#queries.set(text, vector);
    }
    const rows = texts.map((text) => fresh.get(text) ?? this.#queries.get(text)!);
    return stackRows(rows, rows[0]?.length ?? 0);
  }

  close(): void {
    this.#worker.close();
  }

  async #open(client: Client<EncoderApi>): Promise<void> {
    this.#update({ state: 'loading', problem: null });
    try {
      const tell = loadMeter((load) => this.#update({ load }));
      const opened = await client.call('open', this.#args(), { onProgress: tell });
      this.#update({ state: 'ready', device: opened.device, space: opened.space, refused: opened.refused, load: null });
    } catch (error) {
      this.#update({ state: 'failed', load: null, problem: messageOf(error) });
      throw error;
    }
  }

  #args(): EncoderApi['open']['args'] {
    return Object.fromEntries(Object.entries(this.#options).filter(([, value]) => value !== undefined));
  }

  #update(change: Partial<EncoderStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#changed();
  }
}

/** @throws EraError `no-encoder` where the page has none */
export function modelOf(model: LocalModel | null): LocalModel {
  if (!model) throw new EraError('no-encoder', 'This page loads no small model.');
  return model;
}
