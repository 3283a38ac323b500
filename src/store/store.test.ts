import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openIndexedDbStore } from './indexed-db.ts';
import { openMemoryStore } from './memory.ts';
import { CONTRACT_CHUNK_BYTES, storeContract } from './store.contract.ts';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

describe('memory', () => {
  test.each(storeContract)('$name', ({ run }) => run(() => Promise.resolve(openMemoryStore())));
});

describe('IndexedDB, simulated', () => {
  test.each(storeContract)('$name', ({ run }) =>
    run(() => openIndexedDbStore({ databaseName: 'contract', chunkBytes: CONTRACT_CHUNK_BYTES })),
  );
});

test('without the platform’s sha-256 the hashes are the same', async () => {
  const withPlatform = await openMemoryStore().write('x', Uint8Array.of(1, 2, 3), {});
  vi.stubGlobal('crypto', {});
  expect(await openMemoryStore().write('x', Uint8Array.of(1, 2, 3), {})).toEqual(withPlatform);
});
