// What is on the disk when a call resolves, and what happens when the browser ends the connection, on a simulated
// IndexedDB.

import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBDatabase, IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openIndexedDbStore } from './indexed-db.ts';
import { pattern } from './store.contract.ts';
import type { FileStore } from './store.ts';

const databaseName = 'durability';
const open = (): Promise<FileStore> => openIndexedDbStore({ databaseName, chunkBytes: 64 });

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The changes of names from now on, each with the durability of its transaction. */
function changesOfNames(): string[] {
  const changes: string[] = [];
  for (const method of ['put', 'delete'] as const)
    spy(IDBObjectStore.prototype, method, ({ name, transaction }) => {
      if (name === 'meta') changes.push(`${method}: ${transaction.durability}`);
    });
  return changes;
}

/** Every connection that begins a transaction from now on. */
function connections(): Set<IDBDatabase> {
  const seen = new Set<IDBDatabase>();
  spy(IDBDatabase.prototype, 'transaction', (database) => void seen.add(database));
  return seen;
}

/** Tells of every call of a method, which goes on as usual. */
function spy<T extends object>(prototype: T, method: keyof T & string, called: (self: T) => void): void {
  const original = prototype[method] as (...args: unknown[]) => unknown;
  const told = function (this: T, ...args: unknown[]): unknown {
    called(this);
    return original.apply(this, args);
  };
  Object.assign(prototype, { [method]: told });
  onTestFinished(() => void Object.assign(prototype, { [method]: original }));
}

test('a name is written, replaced and removed in a strict transaction, so that the disk has it when the call resolves', async () => {
  const store = await open();
  const changes = changesOfNames();
  await store.write('x', pattern(200, 1), {});
  expect(changes).toEqual(['put: strict']);
  await store.write('x', pattern(300, 2), {});
  await store.remove('x');
  expect(changes).toEqual(['put: strict', 'put: strict', 'delete: strict']);
});

test('the name of a damaged file is removed in a strict transaction, before its chunks are', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  const database = await openDB(databaseName);
  const [key] = await database.getAllKeys('chunks');
  await database.put('chunks', pattern(64, 9).buffer, key);
  database.close();
  const changes = changesOfNames();
  expect(await store.read('x')).toBe(null);
  expect(changes).toEqual(['delete: strict']);
});

test('a name that is written over a connection that had to be opened again is as durable', async () => {
  const seen = connections();
  const store = await open();
  const [first] = seen;
  const changes = changesOfNames();
  // Nothing tells the store that the connection is closed after the last chunk.
  await store.write('x', pattern(64, 1), {}, { onProgress: () => first!.close() });
  expect(seen.size).toBe(2);
  expect(changes).toEqual(['put: strict']);
});

test('a connection that the browser says it has ended is not asked again', async () => {
  const seen = connections();
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  const [first] = seen;
  forceCloseDatabase(first as never);
  // WebKit, whose database process has ended, refuses with this error in place of InvalidStateError.
  const asked = vi.fn(() => {
    throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
  });
  Object.assign(first!, { transaction: asked });
  expect((await store.read('x'))?.bytes).toEqual(pattern(200, 1));
  expect(asked).not.toHaveBeenCalled();
});
