// Waiting that ends when an abort signal fires, or looks whether work has ended.

/** Resolves with the value, or rejects with the signal's reason as soon as it is aborted; the work itself continues. */
export function unlessAborted<T>(work: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return Promise.resolve(work);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** @returns a function that says whether the work has succeeded by now */
export function isDone(work: Promise<unknown>): () => boolean {
  let done = false;
  work.then(
    () => (done = true),
    () => undefined,
  );
  return () => done;
}

/** Whether the work ends, one way or the other, within the time. */
export function isSettledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const settle = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    work.then(settle, settle);
  });
}
