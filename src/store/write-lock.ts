// Serialises writers across all tabs and workers of the origin, by Web Locks. A lock ends with the realm that has it,
// so none stays locked. Pages without Web Locks work without: the store's transactions keep files intact by themselves;
// only the waiting is missing.

const locks = (): LockManager | undefined => (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;

/**
 * Runs `body` as the only writer of `name` in `databaseName`; waits for its turn.
 * @throws the signal's reason when it is aborted while waiting
 */
export async function asWriter<T>(
  databaseName: string,
  name: string,
  signal: AbortSignal | undefined,
  body: () => Promise<T>,
): Promise<T> {
  const manager = locks();
  if (!manager) return body();
  const options = signal ? { signal } : {};
  const asOneOfTheWriters = (): Promise<T> =>
    manager.request(writersLock(databaseName), { ...options, mode: 'shared' }, body);
  return manager.request(`${databaseName}/file/${name}`, options, asOneOfTheWriters);
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
