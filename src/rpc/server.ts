// The worker's side of a connection: a closed list of methods, one reply for each call, progress and cancelling.

import { EraError } from '../errors.ts';
import {
  PROTOCOL_VERSION,
  toWire,
  type Api,
  type FromWorker,
  type Input,
  type Progress,
  type ToWorker,
} from './wire.ts';

export interface CallContext<P, I = never> {
  /** Aborted when the page cancels the call. */
  readonly signal: AbortSignal;
  readonly progress: (value: P) => void;
  /** The page's second message of the call; pending for ever where it sends none. */
  readonly input: Promise<I>;
  /** Moves the buffers to the page with the reply instead of copying them. */
  readonly transfer: (...buffers: ArrayBuffer[]) => void;
}

export type Handlers<A extends Api> = {
  readonly [M in keyof A]: (
    args: A[M]['args'],
    context: CallContext<Progress<A[M]>, Input<A[M]>>,
  ) => A[M]['result'] | Promise<A[M]['result']>;
};

/** The common part of a worker's global scope and a MessagePort. */
export interface Port {
  postMessage: (message: unknown, transfer: Transferable[]) => void;
  addEventListener: (type: 'message', listener: (event: MessageEvent<ToWorker>) => void) => void;
}

/** On a port that is served. */
const SERVED: unique symbol = Symbol.for('era-search:served');

/**
 * Answers calls on `port` until the worker ends. A port that is served already is left alone: WebKit evaluates the script
 * of a worker a second time when a chunk that it loads later imports from it (seen in WebKitGTK 2.50), and that second
 * one, which has opened nothing, would answer every call beside the first.
 */
export function serve<A extends Api>(port: Port & { [SERVED]?: true }, handlers: Handlers<A>): void {
  if (port[SERVED]) return;
  port[SERVED] = true;
  const running = new Map<number, { readonly controller: AbortController; readonly give: (input: unknown) => void }>();
  const post = (message: FromWorker, transfer: Transferable[] = []): void => {
    port.postMessage(message, transfer);
  };

  // The hello is sent first, so that the page can watch this worker's life before any call is answered. It is sent in a
  // later turn than the listener below is added: the page sends nothing before it has the hello.
  const greeted = holdLifeLock().then((lock) => {
    post({ kind: 'hello', version: PROTOCOL_VERSION, lock });
  });

  const answer = async (id: number, method: string, args: unknown): Promise<void> => {
    const controller = new AbortController();
    let give: (input: unknown) => void = () => undefined;
    const input = new Promise<unknown>((resolve) => (give = resolve));
    running.set(id, { controller, give });
    const buffers: ArrayBuffer[] = [];
    await greeted;
    try {
      if (!Object.hasOwn(handlers, method))
        throw new EraError('protocol-mismatch', `The worker knows no method “${method}”.`);
      const value: unknown = await handlers[method]!(args, {
        signal: controller.signal,
        input: input as Promise<never>,
        progress: (progress) => {
          post({ kind: 'progress', id, value: progress });
        },
        transfer: (...moved) => buffers.push(...moved),
      });
      post({ kind: 'result', id, value }, buffers);
    } catch (error) {
      post({ kind: 'error', id, error: toWire(error) });
    } finally {
      running.delete(id);
    }
  };

  port.addEventListener('message', ({ data }) => {
    if (data.kind === 'call') void answer(data.id, data.method, data.args);
    else if (data.kind === 'ping')
      void (data.hold ? holdLifeLock() : Promise.resolve('')).then((lock) => post({ kind: 'pong', lock }));
    else if (data.kind === 'input') running.get(data.id)?.give(data.value);
    else running.get(data.id)?.controller.abort();
  });
}

/**
 * Takes a Web Lock that is released when the worker ends, or the origin's storage is cleared: the page notices every kind
 * of death by requesting it.
 */
async function holdLifeLock(): Promise<string> {
  const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;
  if (!locks) return '';
  const name = `era-search:worker:${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(name);
        return new Promise<never>(() => undefined);
      })
      .catch(() => {
        resolve('');
      });
  });
}
