// The page's side of a connection: typed calls and cancelling. When the worker dies, all calls reject within a second.
// Nothing is sent before the worker's hello, which says that it listens: a worker that is started through another script
// (spawn.ts) has run that script before it listens, and the browser drops what arrives between the two.

import { EraError } from '../errors.ts';
import {
  fromWire,
  PROTOCOL_VERSION,
  type Api,
  type FromWorker,
  type Input,
  type Progress,
  type ToWorker,
} from './wire.ts';

/**
 * A worker that has not sent its hello after this time counts as dead: the slowest script load seen plus a wide margin.
 */
const HELLO_TIMEOUT_MS = 30_000;

export interface CallOptions<P, I = never> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: P) => void) | undefined;
  /** Sent to the running call once it resolves. It must not reject. */
  readonly input?: Promise<I> | undefined;
  /** Buffers to move to the worker instead of copying; they are empty afterwards. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress: ((value: never) => void) | undefined;
}

export class Client<A extends Api> {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #pending = new Map<number, Pending>();
  /** Messages, and the buffers that they move, in their order; null once the worker listens. */
  #waiting: { readonly message: ToWorker; readonly transfer: ArrayBuffer[] }[] | null = [];
  readonly #lockWatch = new AbortController();
  readonly #helloTimer: ReturnType<typeof setTimeout>;
  #nextId = 1;
  #closedBy: Error | undefined;
  /** Settles when the connection ends, with the reason. */
  readonly closed: Promise<Error>;
  #settleClosed: (reason: Error) => void = () => undefined;

  constructor(worker: Worker, name: string) {
    this.#worker = worker;
    this.#name = name;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#helloTimer = setTimeout(() => {
      this.#died('it did not start in time');
    }, HELLO_TIMEOUT_MS);
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      this.#receive(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#died(event.message || 'its script could not be loaded');
    });
    worker.addEventListener('messageerror', () => {
      this.#died('a message could not be read');
    });
  }

  get isClosed(): boolean {
    return this.#closedBy !== undefined;
  }

  /** @throws EraError of the worker's method, `worker-died`, `closed`; the signal's reason when aborted */
  call<M extends keyof A & string>(
    method: M,
    args: A[M]['args'],
    options: CallOptions<Progress<A[M]>, Input<A[M]>> = {},
  ): Promise<A[M]['result']> {
    const { signal, onProgress, input, transfer } = options;
    return new Promise((resolve, reject) => {
      if (this.#closedBy) {
        reject(this.#closedBy);
        return;
      }
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const id = this.#nextId++;
      const abort = (): void => {
        this.#post({ kind: 'abort', id });
        settle();
        reject(signal?.reason as Error);
      };
      const settle = (): void => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(id, {
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
        onProgress,
      });
      try {
        this.#post({ kind: 'call', id, method, args }, transfer);
      } catch (cause) {
        settle();
        reject(
          new EraError('internal', `The arguments of “${method}” cannot be sent to the ${this.#name} worker.`, {
            cause,
          }),
        );
      }
      void input?.then((value) => this.#pending.has(id) && this.#post({ kind: 'input', id, value }));
    });
  }

  /** Ends the worker; every pending call rejects with `reason`. */
  close(reason: Error = new EraError('closed', `The ${this.#name} worker was closed.`)): void {
    if (this.#closedBy) return;
    this.#closedBy = reason;
    clearTimeout(this.#helloTimer);
    this.#lockWatch.abort();
    this.#waiting = [];
    this.#worker.terminate();
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
    this.#settleClosed(reason);
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#waiting === null) this.#worker.postMessage(message, [...transfer]);
    // A waiting message is what it was when it was posted, and what cannot be sent is refused at once.
    else this.#waiting.push(structuredClone({ message, transfer: [...transfer] }, { transfer: [...transfer] }));
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'hello') {
      this.#greet(message.version, message.lock);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return; // cancelled meanwhile
    if (message.kind === 'progress') pending.onProgress?.(message.value as never);
    else if (message.kind === 'result') pending.resolve(message.value);
    else pending.reject(fromWire(message.error));
  }

  #greet(version: number, lock: string): void {
    clearTimeout(this.#helloTimer);
    if (version !== PROTOCOL_VERSION) {
      this.close(
        new EraError(
          'protocol-mismatch',
          `The ${this.#name} worker has protocol version ${String(version)}, the page ${String(PROTOCOL_VERSION)}.`,
        ),
      );
      return;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const { message, transfer } of waiting) this.#post(message, transfer);
    if (!lock) return;
    navigator.locks
      .request(lock, { signal: this.#lockWatch.signal }, () => {
        this.#died('it ended');
      })
      .catch(() => undefined); // aborted by close()
  }

  #died(why: string): void {
    this.close(
      new EraError('worker-died', `The ${this.#name} worker stopped: ${why}.`, { details: { worker: this.#name } }),
    );
  }
}
