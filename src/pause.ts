// Yields to the event loop between pieces of work, so that a cancel arrives and the worker answers. It promises no
// timing beyond that.

/**
 * Long enough to cost little (browsers delay nested timers by 4 ms), short enough that a cancel takes effect quickly.
 */
const TURN_MS = 30;

/** @returns a function to await between pieces of work; it rejects with the signal's reason once it is aborted */
export function createPause(signal?: AbortSignal): () => Promise<void> {
  let turnStart = performance.now();
  return async () => {
    if (performance.now() - turnStart >= TURN_MS) {
      await new Promise<void>((resolve) => setTimeout(resolve));
      turnStart = performance.now();
    }
    signal?.throwIfAborted();
  };
}
