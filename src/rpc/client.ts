// The page's side of a connection: typed calls and cancelling. When the worker dies, all calls reject within a second;
// when it answers nothing although calls wait for it, not even a ping, it is ended and they reject too.
// Nothing is sent before the worker's hello, which says that it listens: a worker that is started through another script
// (spawn.ts) has run that script before it listens, and the browser drops what arrives between the two.

import { EraError } from '../errors.ts';
import { holdCanary, isCleared, isHeld } from './storage-canary.ts';
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

/**
 * A worker that gives no sign of life for this long, while calls wait for it, is in a loop without end. Its longest
 * pieces of work take a second on a desktop.
 */
export const PATIENCE_MS = 30_000;
/** Only a suspended page has timers so much later than they were set for. */
const LATE = 2;

export interface CallOptions<P, I = never> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: P) => void) | undefined;
  /** Sent to the running call once it resolves. It must not reject. */
  readonly input?: Promise<I> | undefined;
  /** Buffers to move to the worker instead of copying; they are empty afterwards. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
  /** Longest piece of the call's work during which the worker may answer nothing, in milliseconds. @default that of the client */
  readonly patienceMs?: number | undefined;
}

export interface ClientOptions {
  /** @default PATIENCE_MS */
  readonly patienceMs?: number | undefined;
  /** Whether a worker that did not start cannot start any more, since its script is gone. @default never asked */
  readonly isGone?: (() => Promise<boolean>) | undefined;
}

interface Pending {
  readonly patienceMs: number;
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
  readonly #patienceMs: number;
  readonly #isGone: ClientOptions['isGone'];
  #patience: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  #closedBy: Error | undefined;
  /** Settles when the connection ends, with the reason. */
  readonly closed: Promise<Error>;
  #settleClosed: (reason: Error) => void = () => undefined;

  constructor(worker: Worker, name: string, { patienceMs = PATIENCE_MS, isGone }: ClientOptions = {}) {
    this.#worker = worker;
    this.#patienceMs = patienceMs;
    this.#isGone = isGone;
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
      if (this.#waiting === null || event.message) this.#died(event.message || 'an error without a message');
      else void this.#notLoaded();
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
    const { signal, onProgress, input, transfer, patienceMs = this.#patienceMs } = options;
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
        this.#wait();
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
        patienceMs,
      });
      this.#wait();
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
    clearTimeout(this.#patience);
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

  /** Waits for a sign of life: half of the patience in silence, the other half after a ping. */
  #wait(): void {
    clearTimeout(this.#patience);
    if (this.#closedBy || this.#waiting !== null || this.#pending.size === 0) return;
    const half = Math.max(...[...this.#pending.values()].map(({ patienceMs }) => patienceMs)) / 2;
    const ask = (): void => {
      const start = performance.now();
      this.#post({ kind: 'ping', hold: false });
      this.#patience = setTimeout(() => {
        if (performance.now() - start > LATE * half) ask();
        else this.#died('it does not answer');
      }, half);
    };
    this.#patience = setTimeout(ask, half);
  }

  #receive(message: FromWorker): void {
    this.#wait();
    if (message.kind === 'pong') {
      void this.#watch(message.lock);
      return;
    }
    if (message.kind === 'hello') {
      void this.#greet(message.version, message.lock);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return; // cancelled meanwhile
    if (message.kind === 'progress') pending.onProgress?.(message.value as never);
    else if (message.kind === 'result') pending.resolve(message.value);
    else pending.reject(fromWire(message.error));
  }

  async #greet(version: number, lock: string): Promise<void> {
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
    await this.#watch(lock);
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const { message, transfer } of waiting) this.#post(message, transfer);
    this.#wait();
  }

  /** Waits in the background until the worker's lock is released; where there is none, pings alone tell a death. */
  async #watch(lock: string): Promise<void> {
    if (!lock) return;
    await holdCanary();
    if (!(await isHeld(lock)) || this.#closedBy) return;
    navigator.locks
      .request(lock, { signal: this.#lockWatch.signal }, async () => {
        if (!(await isCleared())) this.#died('it ended');
        else if (!this.#closedBy) this.#post({ kind: 'ping', hold: true });
      })
      .catch(() => undefined); // aborted by close()
  }

  async #notLoaded(): Promise<void> {
    if (await this.#isGone?.())
      this.close(
        new EraError(
          'protocol-mismatch',
          `The script of the ${this.#name} worker is no longer on the server: another release has taken its place.`,
          { details: { worker: this.#name } },
        ),
      );
    else this.#died('its script could not be loaded');
  }

  #died(why: string): void {
    this.close(
      new EraError('worker-died', `The ${this.#name} worker stopped: ${why}.`, { details: { worker: this.#name } }),
    );
  }
}
