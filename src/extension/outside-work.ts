// Work of an extension, awaited: whatever it throws becomes an error that names the part, and it may be given a limit.

import { EraError, isEraError, messageOf, type ErrorDetails } from '../errors.ts';

export interface OutsideOptions {
  /** Its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which nothing more is waited for. @default none */
  readonly timeoutMs?: number | undefined;
  readonly details?: ErrorDetails | undefined;
}

/**
 * @param failed what is said of a failure, such as “The encoder “mine” failed”
 * @param work its signal also ends with the limit
 * @throws EraError of the work's own; `bad-extension` for anything else that it throws; `timeout`; the signal's reason
 */
export async function outsideWork<T>(
  failed: string,
  work: (signal: AbortSignal | undefined) => T | Promise<T>,
  { signal, timeoutMs, details = {} }: OutsideOptions = {},
): Promise<T> {
  signal?.throwIfAborted();
  const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  try {
    return await (limit ? endedBy(signal ? AbortSignal.any([signal, limit]) : limit, work) : work(signal));
  } catch (cause) {
    signal?.throwIfAborted();
    if (isEraError(cause)) throw cause;
    if (limit?.aborted)
      throw new EraError('timeout', `${failed}: no answer within ${String(timeoutMs)} ms.`, {
        details: { ...details, timeoutMs: timeoutMs! },
        cause,
      });
    throw new EraError('bad-extension', `${failed}: ${messageOf(cause)}`, { details, cause });
  }
}

/** Rejects with the reason as soon as the signal is aborted, whether the work listens to it or not. */
function endedBy<T>(signal: AbortSignal, work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work(signal), ended]);
}
