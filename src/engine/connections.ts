// The lifetimes of the three workers: started on first use, restarted after a death, closed together.

import encoderUrl from '../../workers/encoder.worker.ts?worker&url';
import searchUrl from '../../workers/search.worker.ts?worker&url';
import trainerUrl from '../../workers/trainer.worker.ts?worker&url';
import { EraError } from '../errors.ts';
import { Client } from '../rpc/client.ts';
import { scriptAddress, spawnWorker } from '../rpc/spawn.ts';
import type { Api } from '../rpc/wire.ts';
import { isScriptGone } from '../transfer/script-gone.ts';

export type WorkerName = 'encoder' | 'search' | 'trainer';
const WORKER_URLS: Readonly<Record<WorkerName, string>> = {
  encoder: encoderUrl,
  search: searchUrl,
  trainer: trainerUrl,
};

/**
 * Longest pieces of work of each, in milliseconds: a model reads a batch of texts in one piece, and some browsers compile
 * it in one.
 */
const PATIENCE_MS: Readonly<Record<WorkerName, number>> = { search: 30_000, encoder: 300_000, trainer: 300_000 };
/** Longest piece of the search worker's work on all of a large collection: its hash, or its keyword index. */
export const WHOLE_MS = 300_000;

/** One worker with its preparation, which runs before its first call and after every restart. */
export class Connection<A extends Api> {
  readonly #name: WorkerName;
  readonly #prepare: (client: Client<A>) => Promise<void>;
  #client: Client<A> | undefined;
  #ready: Promise<Client<A>> | undefined;
  #closed = false;

  /** @param prepare runs on every new worker, before other calls */
  constructor(name: WorkerName, prepare: (client: Client<A>) => Promise<void>) {
    this.#name = name;
    this.#prepare = prepare;
  }

  /** The worker if it is running. */
  get running(): Client<A> | undefined {
    return this.#client?.isClosed === false ? this.#client : undefined;
  }

  /** The worker, started and prepared. @throws EraError `closed`, `worker-died`, `protocol-mismatch`, whatever `prepare` throws */
  ready(): Promise<Client<A>> {
    if (this.#closed) return Promise.reject(new EraError('closed', 'The engine is closed.'));
    if (this.#ready && this.running) return this.#ready;
    this.#ready = this.#start().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  /** Ends the worker. */
  close(): void {
    this.#closed = true;
    this.#client?.close(new EraError('closed', 'The engine is closed.'));
  }

  async #start(): Promise<Client<A>> {
    this.#client?.close();
    const script = WORKER_URLS[this.#name];
    const client = new Client<A>(spawnWorker(script, this.#name), this.#name, {
      patienceMs: PATIENCE_MS[this.#name],
      isGone: () => isScriptGone(scriptAddress(script)),
    });
    this.#client = client;
    await this.#prepare(client);
    return client;
  }
}
