// Decides where files are stored: in IndexedDB, or in memory where the browser has none, forbids it or cannot open it.

import { EraError, messageOf } from '../errors.ts';
import { openIndexedDbStore, OPEN_TIMEOUT_MS } from './indexed-db.ts';
import { openMemoryStore } from './memory.ts';
import { steadyStore } from './steady-store.ts';
import type { FileStore } from './store.ts';

export interface StoreOptions {
  /** `auto`: IndexedDB, or memory where that fails; `memory`: memory only. Default `auto`. */
  readonly mode?: 'auto' | 'memory' | undefined;
  /** Default `era-search`. */
  readonly databaseName?: string | undefined;
}

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 100;

/** Never rejects: where IndexedDB fails, now or later, the store is in memory and `problem` has the reason. */
export async function openStore({ mode = 'auto', databaseName = 'era-search' }: StoreOptions = {}): Promise<FileStore> {
  if (mode === 'memory') return openMemoryStore();
  try {
    return steadyStore(await openWithRetries(databaseName));
  } catch (error) {
    return openMemoryStore(messageOf(error));
  }
}

async function openWithRetries(databaseName: string): Promise<FileStore> {
  if (!(globalThis as Partial<typeof globalThis>).indexedDB)
    throw new EraError('storage', 'This browser or page has no IndexedDB.');
  // An open that hangs is not repeated.
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await openIndexedDbStore({ databaseName });
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || performance.now() + PAUSE_MS > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
