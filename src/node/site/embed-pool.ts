// Several small models side by side, each on a thread of its own and with one text at a time. Two of these make half as
// many vectors again as one model on two threads, and a vector depends on its own text alone, as before.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ModelDescription } from '../../encode/models.ts';
import { EraError, type ErrorCode, messageOf } from '../../errors.ts';
import { concatRows } from '../../math/vector.ts';
import { packageRoot } from '../package-root.ts';
import type { Embedder } from './embedder.ts';

/** What a worker opens. */
export interface PoolModel {
  readonly description: ModelDescription;
  readonly modelsDir: string;
}

export type FromEmbedWorker =
  | { readonly isReady: true }
  | { readonly vector: Float32Array; readonly tokens: number | undefined }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } };

export interface PoolOptions extends PoolModel {
  /** Workers, at least 1. */
  readonly jobs: number;
  /** What they run. @default the built worker */
  readonly file?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Each job has a model of its own in memory: more are not started unless asked for. */
const MOST_BY_DEFAULT = 4;
/** Texts that are worth the start of a worker, which takes about half a second. */
const TEXTS_PER_JOB = 100;

/** @param wanted @default one for each core, at most four @returns workers to start; 1 for none, but a model in this thread */
export function jobsFor(texts: number, wanted: number = Math.min(MOST_BY_DEFAULT, availableParallelism())): number {
  return workerFile() === null ? 1 : Math.max(1, Math.min(wanted, Math.floor(texts / TEXTS_PER_JOB)));
}

/** The built worker; null where this code runs from source, for which Node has no worker. */
function workerFile(): string | null {
  const built = join(packageRoot(), 'dist/node');
  const file = join(built, 'embed-worker.js');
  return fileURLToPath(import.meta.url).startsWith(built) && existsSync(file) ? file : null;
}

/** @throws EraError of `openEncoder`, `worker-died`; the signal's reason */
export async function openEmbedPool({ jobs, signal, file = workerFile()!, ...model }: PoolOptions): Promise<Embedder> {
  signal?.throwIfAborted();
  const workers = Array.from({ length: jobs }, () => new EmbedWorker(file, model));
  const dispose = async (reason?: Error): Promise<void> => {
    signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map((worker) => worker.end(reason)));
  };
  const abort = (): void => void dispose(signal!.reason as Error);
  signal?.addEventListener('abort', abort);
  try {
    await Promise.all(workers.map(({ ready }) => ready));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    jobs,
    embed: async (texts, onDone) => {
      const vectors: Float32Array[] = [];
      let next = 0;
      let done = 0;
      let tokens: number | undefined = 0;
      const work = async (worker: EmbedWorker): Promise<void> => {
        while (next < texts.length) {
          const at = next++;
          const read = await worker.ask(texts[at]!);
          vectors[at] = read.vector;
          tokens = read.tokens === undefined || tokens === undefined ? undefined : tokens + read.tokens;
          onDone({ texts: ++done, tokens });
        }
      };
      await Promise.all(workers.map(work));
      return concatRows(...vectors);
    },
    dispose: () => dispose(),
  };
}

type ReadText = Extract<FromEmbedWorker, { readonly vector: Float32Array }>;

/** One question at a time. */
class EmbedWorker {
  readonly ready: Promise<unknown>;
  readonly #worker: Worker;
  #settle: { readonly answer: (message: FromEmbedWorker) => void; readonly fail: (reason: Error) => void };
  #ended: { readonly reason: Error } | undefined;

  constructor(file: string, model: PoolModel) {
    const { promise, settle } = question((message) => ('isReady' in message ? [undefined] : null));
    this.ready = promise;
    this.#settle = settle;
    this.#worker = new Worker(file, { workerData: model });
    this.#worker.on('message', (message: FromEmbedWorker) => this.#settle.answer(message));
    const died = (cause: unknown): void =>
      this.#fail(new EraError('worker-died', `A model’s thread ended: ${messageOf(cause)}`, { cause }));
    this.#worker.on('error', died);
    this.#worker.on('exit', (code) => died(`exit code ${String(code)}`));
  }

  /** Its vector is [dims]. */
  ask(text: string): Promise<ReadText> {
    if (this.#ended) return Promise.reject(this.#ended.reason);
    const { promise, settle } = question<ReadText>((message) => ('vector' in message ? [message] : null));
    this.#settle = settle;
    this.#worker.postMessage(text);
    return promise;
  }

  /** A question that waits rejects with the reason. */
  async end(reason: Error = new EraError('closed', 'The model is closed.')): Promise<void> {
    this.#fail(reason);
    await this.#worker.terminate();
  }

  #fail(reason: Error): void {
    this.#ended ??= { reason };
    this.#settle.fail(this.#ended.reason);
  }
}

/** @param read what the message answers, in a list; null where it answers something else */
function question<T>(read: (message: FromEmbedWorker) => readonly [T] | null): {
  readonly promise: Promise<T>;
  readonly settle: { readonly answer: (message: FromEmbedWorker) => void; readonly fail: (reason: Error) => void };
} {
  let settle!: { answer: (message: FromEmbedWorker) => void; fail: (reason: Error) => void };
  const promise = new Promise<T>((resolve, reject) => {
    settle = {
      fail: (reason) => reject(reason),
      answer: (message) => {
        const answer = read(message);
        if (answer) resolve(answer[0]);
        else if ('failed' in message) reject(new EraError(message.failed.code, message.failed.message));
      },
    };
  });
  promise.catch(() => undefined); // the others of a pool fail too
  return { promise, settle };
}
