// Serialises writers across all tabs and workers of the origin, by Web Locks. A lock ends with the realm that has it, but
// a realm may hang with it, so nobody waits for ever. Pages without Web Locks work without: the store's transactions keep files intact by themselves;
// only the waiting is missing.

import { EraError } from '../errors.ts';

const locks = (): LockManager | undefined => (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;

/** Longer than a large file takes on a slow disk, shorter than a visitor's patience with a tab that hangs. */
export const TURN_MS = 30_000;

/**
 * Runs `body` as the only writer of `name` in `databaseName`; waits for its turn.
 * @throws EraError `busy` where another writer does not end; the signal's reason when it is aborted while waiting
 */
export async function asWriter<T>(
  databaseName: string,
  name: string,
  signal: AbortSignal | undefined,
  body: () => Promise<T>,
  turnMs: number = TURN_MS,
): Promise<T> {
  const manager = locks();
  if (!manager) return body();
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new EraError('busy', `Another tab has been writing “${name}” for ${turnMs} ms.`)),
    turnMs,
  );
  const options = { signal: AbortSignal.any([late.signal, ...(signal ? [signal] : [])]) };
  const asOneOfTheWriters = (): Promise<T> =>
    manager.request(writersLock(databaseName), { ...options, mode: 'shared' }, () => {
      clearTimeout(timer);
      return body();
    });
  try {
    return await manager.request(`${databaseName}/file/${name}`, options, asOneOfTheWriters);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `body` while nobody writes to any file; skips it when somebody does. */
export async function whileNobodyWrites(databaseName: string, body: () => Promise<void>): Promise<void> {
  const manager = locks();
  if (!manager) return body();
  await manager.request(writersLock(databaseName), { ifAvailable: true }, async (lock) => {
    if (lock) await body();
  });
}

function writersLock(databaseName: string): string {
  return `${databaseName}/writers`;
}
