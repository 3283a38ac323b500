// Shares one encoder between requests: each gets a few texts in turn, so that a query need not wait for a whole corpus.

import type { EncodeOptions, Encoder } from '../../encode/encoder.ts';
import { EraError } from '../../errors.ts';
import type { Role } from '../../role.ts';
import type { Space } from '../../space.ts';

/**
 * Texts of one request per turn: at tens of milliseconds a text, a new request waits well under a second for each one
 * before it.
 */
const TURN_TEXTS = 8;

interface Job {
  readonly texts: readonly string[];
  readonly role: Role;
  readonly options: EncodeOptions;
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly resolve: (vectors: Float32Array<ArrayBuffer>) => void;
  readonly reject: (reason: unknown) => void;
  done: number;
}

export class EncodeQueue implements Pick<Encoder, 'space' | 'encode'> {
  readonly #encoder: Encoder;
  readonly #maxQueuedTexts: number;
  #jobs: Job[] = [];
  #working: Promise<void> | undefined;
  /** Milliseconds per text of the last turn; an estimate for the first. */
  #msPerText = 20;

  constructor(encoder: Encoder, maxQueuedTexts: number) {
    this.#encoder = encoder;
    this.#maxQueuedTexts = maxQueuedTexts;
  }

  get space(): Space {
    return this.#encoder.space;
  }

  /**
   * Encodes like the encoder itself, in turns with other jobs; a job whose signal is aborted, since its client has
   * disconnected, is dropped.
   * @throws EraError `busy` with `details.retryAfterMs` when the queue is full; whatever the encoder throws
   */
  async encode(texts: readonly string[], role: Role, options: EncodeOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    this.#jobs = this.#jobs.filter((job) => !this.#dropped(job));
    const queuedTexts = this.#jobs.reduce((sum, job) => sum + job.texts.length - job.done, 0);
    if (queuedTexts > 0 && queuedTexts + texts.length > this.#maxQueuedTexts) {
      const retryAfterMs = Math.ceil(queuedTexts * this.#msPerText);
      throw new EraError(
        'busy',
        `${String(queuedTexts)} texts are waiting; the limit is ${String(this.#maxQueuedTexts)}.`,
        { details: { retryAfterMs } },
      );
    }
    return new Promise((resolve, reject) => {
      const vectors = new Float32Array(texts.length * this.#encoder.space.dims);
      this.#jobs.push({ texts, role, options, vectors, resolve, reject, done: 0 });
      this.#working ??= this.#work();
    });
  }

  /** Settles when nothing is being encoded. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // The first of #jobs stays in the list during its turn, so that its texts count as queued.
    for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
      const left = await this.#turn(job);
      this.#jobs = this.#jobs.filter((other) => other !== job);
      if (left) this.#jobs.push(job);
    }
    this.#working = undefined;
  }

  /** @returns true when the job has further texts */
  async #turn(job: Job): Promise<boolean> {
    if (this.#dropped(job)) return false;
    const texts = job.texts.slice(job.done, job.done + TURN_TEXTS);
    const startMs = performance.now();
    try {
      job.vectors.set(await this.#encoder.encode(texts, job.role, job.options), job.done * this.#encoder.space.dims);
    } catch (error) {
      job.reject(error);
      return false;
    }
    this.#msPerText = (performance.now() - startMs) / texts.length;
    job.done += texts.length;
    if (job.done < job.texts.length) return true;
    job.resolve(job.vectors);
    return false;
  }

  #dropped(job: Job): boolean {
    const { signal } = job.options;
    if (signal?.aborted) job.reject(signal.reason);
    return signal?.aborted === true;
  }
}
