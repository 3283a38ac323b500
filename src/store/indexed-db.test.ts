// Logic and injected faults on a simulated IndexedDB. indexed-db.browser.test.ts tests the real one.

import 'fake-indexeddb/auto';
import { IDBDatabase, IDBFactory, IDBObjectStore, IDBOpenDBRequest } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isEraError } from '../errors.ts';
import { openIndexedDbStore } from './indexed-db.ts';
import { openStore } from './open-store.ts';
import { pattern } from './store.contract.ts';
import type { FileStore, NewFile } from './store.ts';

const databaseName = 'faults';
const open = (): Promise<FileStore> => openIndexedDbStore({ databaseName, chunkBytes: 64 });
const oldFile = pattern(200, 1);
const newFile = pattern(300, 2);

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  // Newer releases of Node have Web Locks; transactions must keep files intact without them.
  vi.stubGlobal('navigator', undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Generations with chunks, and those that names point to. */
async function generations(): Promise<{ stored: string[]; used: string[] }> {
  const database = await openDB(databaseName);
  const keys = (await database.getAllKeys('chunks')) as [string, number][];
  const entries = (await database.getAll('meta')) as { generation: string }[];
  database.close();
  return {
    stored: [...new Set(keys.map(([generation]) => generation))].sort(),
    used: entries.map(({ generation }) => generation).sort(),
  };
}

type Fault = 'throws' | 'aborts';
const STORE_METHODS = ['get', 'getKey', 'getAll', 'put', 'delete', 'openKeyCursor'] as const;

/** Makes call `k` of the storage, counted from 0, fail. `end` stops that and returns the number of calls. */
function failCall(k: number, fault: Fault, errorName = 'UnknownError'): { end: () => number } {
  let calls = 0;
  const restore: (() => void)[] = [];
  const patch = <T extends object>(
    prototype: T,
    method: keyof T & string,
    abort: (self: T, result: unknown) => void,
  ): void => {
    const original = prototype[method] as (...args: unknown[]) => unknown;
    const patched = function (this: T, ...args: unknown[]): unknown {
      if (calls++ !== k) return original.apply(this, args);
      if (fault === 'throws') throw new DOMException('', errorName);
      const result = original.apply(this, args);
      abort(this, result);
      return result;
    };
    Object.assign(prototype, { [method]: patched });
    restore.push(() => Object.assign(prototype, { [method]: original }));
  };
  patch(IDBDatabase.prototype, 'transaction', (_, transaction) => (transaction as IDBTransaction).abort());
  for (const method of STORE_METHODS) patch(IDBObjectStore.prototype, method, (store) => store.transaction.abort());
  return {
    end: () => {
      for (const undo of restore) undo();
      return calls;
    },
  };
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
}

const calls: Record<string, (store: FileStore) => Promise<unknown>> = {
  write: (store) => store.write('x', newFile, { version: 'new' }),
  remove: (store) => store.remove('x'),
};

describe.each(Object.keys(calls))('%s', (name) => {
  test.each<Fault>(['throws', 'aborts'])(
    'is all or nothing whichever storage call %s, and leaves no chunks after the next open',
    async (fault) => {
      let failures = 0;
      for (let k = 0; ; k++) {
        vi.stubGlobal('indexedDB', new IDBFactory());
        const store = await open();
        await store.write('x', oldFile, {});
        await store.write('other', pattern(100, 3), {});

        const injected = failCall(k, fault);
        const outcome = await outcomeOf(calls[name]!(store));
        const hasFailed = injected.end() > k;

        expect(outcome).toMatch(/^(done|storage)$/);
        if (outcome === 'storage') failures++;
        const after = name === 'write' ? newFile : undefined;
        expect((await store.read('x'))?.bytes).toEqual(outcome === 'done' ? after : oldFile);
        store.close();

        const reopened = await open();
        expect((await reopened.read('x'))?.bytes).toEqual(outcome === 'done' ? after : oldFile);
        expect((await reopened.read('other'))?.bytes).toEqual(pattern(100, 3));
        reopened.close();
        const { stored, used } = await generations();
        expect(stored).toEqual(used);
        if (!hasFailed) break;
      }
      expect(failures).toBeGreaterThan(3);
    },
  );
});

test.each<Fault>(['throws', 'aborts'])(
  'two files are replaced together, or not at all, whichever storage call %s',
  async (fault) => {
    const file = (name: string, seed: number): NewFile => ({
      name,
      bytes: () => Promise.resolve(pattern(150, seed)),
      facts: { seed: String(seed) },
    });
    const outcomes = new Set<string>();
    for (let k = 0, hasFailed = true; hasFailed; k++) {
      vi.stubGlobal('indexedDB', new IDBFactory());
      const store = await open();
      await store.writeAll([file('x', 1), file('y', 1)]);
      const injected = failCall(k, fault);
      outcomes.add(await outcomeOf(store.writeAll([file('x', 2), file('y', 2)])));
      hasFailed = injected.end() > k;
      store.close();

      const reopened = await open();
      const seeds = await Promise.all(['x', 'y'].map(async (name) => (await reopened.read(name))?.meta.facts['seed']));
      expect(seeds[0]).toMatch(/^[12]$/);
      expect(seeds[1]).toBe(seeds[0]);
      reopened.close();
      const { stored, used } = await generations();
      expect(stored).toEqual(used);
    }
    expect(outcomes).toEqual(new Set(['storage', 'done']));
  },
);

test.each<Fault>(['throws', 'aborts'])('reading keeps the file whichever storage call %s', async (fault) => {
  const store = await open();
  await store.write('x', oldFile, {});
  for (let k = 0, hasFailed = true; hasFailed; k++) {
    const injected = failCall(k, fault);
    const outcome = await outcomeOf(store.read('x'));
    hasFailed = injected.end() > k;
    expect(outcome).toBe(hasFailed ? 'storage' : 'done');
    expect((await store.read('x'))?.bytes).toEqual(oldFile);
  }
});

test('a full disk has its own error, at whichever call it occurs, and the old file is kept', async () => {
  const store = await open();
  await store.write('x', oldFile, {});
  let quota = 0;
  for (let k = 0, hasFailed = true; hasFailed; k++) {
    const injected = failCall(k, 'throws', 'QuotaExceededError');
    const outcome = await outcomeOf(store.write('x', newFile, {}));
    hasFailed = injected.end() > k;
    if (outcome === 'quota') quota++;
    else expect(outcome).toBe('done');
    expect((await store.read('x'))?.bytes).toEqual(outcome === 'done' ? newFile : oldFile);
    await store.write('x', oldFile, {});
  }
  expect(quota).toBeGreaterThan(3);
});

test('a full disk that appears as an aborted transaction has its own error', async () => {
  const store = await open();
  await store.write('x', oldFile, {});
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    put.mockRestore();
    const request = this.put(...args);
    // The only way to end a simulated transaction with a chosen error.
    (this.transaction as unknown as { _abort: (errorName: string) => void })._abort('QuotaExceededError');
    return request;
  });
  expect(await outcomeOf(store.write('x', newFile, {}))).toBe('quota');
  expect((await store.read('x'))?.bytes).toEqual(oldFile);
});

test('chunks are removed with their file, and with an aborted write', async () => {
  const store = await open();
  const expectNoLeftovers = async (): Promise<void> => {
    const { stored, used } = await generations();
    expect(stored).toEqual(used);
  };
  await store.write('x', oldFile, {});
  await store.write('x', newFile, {});
  await expectNoLeftovers();
  const controller = new AbortController();
  const options = { signal: controller.signal, onProgress: () => controller.abort() };
  await expect(store.write('x', oldFile, {}, options)).rejects.toHaveProperty('name', 'AbortError');
  await expectNoLeftovers();
  await store.remove('x');
  await expectNoLeftovers();
});

/**
 * The platform's sha-256 takes any number of turns of the event loop. The JavaScript one takes none, so that tests have
 * the same interleavings everywhere.
 */
function withoutPlatformHash(): void {
  const random = crypto;
  vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => random.getRandomValues(bytes) });
}

/** Yields `turns` times to other work. */
async function pause(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

test('without Web Locks an open during a write may fail the write, but never corrupts the file', async () => {
  withoutPlatformHash();
  const outcomes = new Set<string>();
  const longFile = pattern(64 * 40, 2); // takes several transactions
  for (let turns = 0; turns < 120; turns++) {
    vi.stubGlobal('indexedDB', new IDBFactory());
    const store = await open();
    await store.write('x', oldFile, {});
    const writing = outcomeOf(store.write('x', longFile, {}));
    await pause(turns);
    const other = await open();
    const outcome = await writing;
    outcomes.add(outcome);
    expect((await other.read('x'))?.bytes).toEqual(outcome === 'done' ? longFile : oldFile);
  }
  expect([...outcomes].sort()).toEqual(['done', 'storage']);
});

test('a damaged file that is replaced while it is read does not take the new one with it', async () => {
  withoutPlatformHash();
  for (let turns = 0; turns < 40; turns++) {
    vi.stubGlobal('indexedDB', new IDBFactory());
    const [reader, writer] = [await open(), await open()];
    await writer.write('x', oldFile, {});
    const database = await openDB(databaseName);
    const [key] = await database.getAllKeys('chunks');
    await database.put('chunks', pattern(64, 9).buffer, key);
    const writing = writer.write('x', newFile, {});
    await pause(turns);
    await reader.read('x');
    await writing;
    expect((await reader.read('x'))?.bytes).toEqual(newFile);
  }
});

test('a damaged file reads as null and is dropped', async () => {
  const damages: ((database: Awaited<ReturnType<typeof openDB>>, key: [string, number]) => Promise<unknown>)[] = [
    (database, key) => database.delete('chunks', key),
    (database, key) => database.put('chunks', pattern(64, 9).buffer, key),
    (database, key) => database.put('chunks', pattern(63, 1).buffer, key),
    (database, key) => database.put('chunks', pattern(6400, 1).buffer, key),
    (database, key) => database.put('chunks', 'text', key),
  ];
  for (const damage of damages) {
    const store = await open();
    await store.write('x', oldFile, {});
    const database = await openDB(databaseName);
    const keys = (await database.getAllKeys('chunks')) as [string, number][];
    await damage(database, keys[1]!);
    database.close();
    expect(await store.read('x')).toBeNull();
    expect(await store.stat('x')).toBeNull();
    expect(await generations()).toEqual({ stored: [], used: [] });
    store.close();
  }
});

test('a file of an earlier release, which hashed the whole alone, is read, and dropped where it is damaged', async () => {
  const store = await open();
  await store.write('x', oldFile, {});
  const database = await openDB(databaseName);
  const { chunkSha256, ...earlier } = (await database.get('meta', 'x')) as { readonly chunkSha256: string[] };
  expect(chunkSha256).toHaveLength(4);
  await database.put('meta', earlier, 'x');
  expect((await store.read('x'))?.bytes).toEqual(oldFile);
  const [key] = await database.getAllKeys('chunks');
  await database.put('chunks', pattern(64, 9).buffer, key);
  database.close();
  const pieces: unknown[] = [];
  expect(await store.readPieces('x', (piece) => pieces.push(piece))).toBeNull();
  expect(pieces).toEqual([]);
  expect(await store.stat('x')).toBeNull();
});

test('a value that the browser has lost is damage, not a failure', async () => {
  const store = await open();
  await store.write('x', oldFile, {});
  const injected = failCall(2, 'throws', 'NotReadableError');
  expect(await store.read('x')).toBeNull();
  injected.end();
  expect(await store.stat('x')).toBeNull();
});

test('a file that another tab replaces while it is read is not taken for damaged', async () => {
  const [reader, writer] = [await open(), await open()];
  await writer.write('x', oldFile, {});
  for (let i = 0; i < 20; i++) {
    const [file] = await Promise.all([reader.read('x'), writer.write('x', pattern(300, i), {})]);
    expect(file).not.toBeNull();
  }
  expect((await reader.read('x'))?.bytes).toEqual(pattern(300, 19));
});

test('a connection that the browser ends is opened again at the next call', async () => {
  const opened: IDBDatabase[] = [];
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
    this: IDBDatabase,
    ...args
  ) {
    opened.push(this);
    transaction.mockRestore();
    return this.transaction(...args);
  });
  const store = await open();
  await store.write('x', oldFile, {});
  opened[0]!.close();
  expect((await store.read('x'))?.bytes).toEqual(oldFile);
});

test('a database that cannot be opened gives a store in memory, after three tries', async () => {
  const tries = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('Internal error.', 'UnknownError');
  });
  const store = await openStore({ databaseName });
  expect(store.kind).toBe('memory');
  expect(store.problem).toBeTruthy();
  expect(tries).toHaveBeenCalledTimes(3);
  await store.write('x', oldFile, {});
  expect((await store.read('x'))?.bytes).toEqual(oldFile);
});

test('a database that opens at the second try is used', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    throw new DOMException('', 'UnknownError');
  });
  const store = await openStore({ databaseName });
  expect(store.kind).toBe('indexeddb');
  expect(store.problem).toBeNull();
});

test('a database of a newer release is left alone', async () => {
  (await openDB(databaseName, 2)).close();
  const store = await openStore({ databaseName });
  expect(store.kind).toBe('memory');
  expect(store.problem).toBeTruthy();
  expect((await openDB(databaseName)).version).toBe(2);
});

test('an open that never answers gives a store in memory', async () => {
  const tries = vi.spyOn(indexedDB, 'open').mockImplementation(() => new IDBOpenDBRequest());
  const start = performance.now();
  const store = await openStore({ databaseName });
  expect(performance.now() - start).toBeGreaterThan(2900);
  expect(tries).toHaveBeenCalledOnce();
  expect(store.kind).toBe('memory');
  expect(store.problem).toBeTruthy();
});

test('without IndexedDB, or when asked to, the store is in memory', async () => {
  expect(await openStore({ mode: 'memory' })).toMatchObject({ kind: 'memory', problem: null });
  vi.stubGlobal('indexedDB', undefined);
  const store = await openStore();
  expect(store.kind).toBe('memory');
  expect(store.problem).toBeTruthy();
});

test('a lost database that cannot be opened again is not retried endlessly', async () => {
  const store = await open();
  await store.write('x', oldFile, {});
  (await openDB(databaseName, 2)).close();
  const tries = vi.spyOn(indexedDB, 'open');
  for (let i = 0; i < 20; i++) expect(await outcomeOf(store.read('x'))).toBe('storage');
  expect(tries).toHaveBeenCalledTimes(3);
});
