// Behaviour that only a real browser shows: files outlive connections and killed workers, and tabs close their
// connections for each other.

import { openDB, deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { isEraError } from '../errors.ts';
import { Random } from '../math/random.ts';
import { openIndexedDbStore } from './indexed-db.ts';
import { openStore } from './open-store.ts';
import { CONTRACT_CHUNK_BYTES, pattern, storeContract } from './store.contract.ts';
import type { FileStore } from './store.ts';
import { asWriter } from './write-lock.ts';

const KILLS = 30;
const seed = Date.now() % 2 ** 31;

let databaseName = '';
const opened: FileStore[] = [];
const open = async (chunkBytes = CONTRACT_CHUNK_BYTES): Promise<FileStore> => {
  const store = await openIndexedDbStore({ databaseName, chunkBytes });
  opened.push(store);
  return store;
};

beforeEach(() => {
  databaseName = `store-${crypto.randomUUID()}`;
});
afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  await deleteDB(databaseName);
});

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
}

/** `toEqual` takes seconds for files of this size. */
function isSame(actual: Uint8Array | undefined, expected: Uint8Array): boolean {
  return actual?.length === expected.length && actual.every((byte, i) => byte === expected[i]);
}

async function storedGenerations(): Promise<string[]> {
  const database = await openDB(databaseName);
  const keys = (await database.getAllKeys('chunks')) as [string, number][];
  database.close();
  return [...new Set(keys.map(([generation]) => generation))];
}

test('this is a browser with IndexedDB, Web Locks and its own sha-256', () => {
  expect(typeof indexedDB.open).toBe('function');
  expect(typeof navigator.locks.request).toBe('function');
  expect(typeof crypto.subtle.digest).toBe('function');
});

// This runs before the tests that write much: Chromium admits writes by the free space that it measured up to half a
// minute before.
test('a full disk has its own error, and the old file is kept', async () => {
  const session = cdp();
  const { usage = 0 } = await navigator.storage.estimate();
  await session.send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize: usage + 2 ** 20 });
  const store = await open(2 ** 20);
  let standing = new Uint8Array(200).fill(1);
  try {
    await store.write('x', standing, {});
    for (let attempt = 2, outcome = 'done'; outcome !== 'quota'; attempt++) {
      const tooMuch = new Uint8Array(32 * 2 ** 20).fill(attempt);
      outcome = await codeOf(store.write('x', tooMuch, {}));
      expect(outcome).toMatch(/^(done|quota)$/);
      if (outcome === 'done') standing = tooMuch;
    }
  } finally {
    await session.send('Storage.overrideQuotaForOrigin', { origin: location.origin });
  }
  expect(isSame((await store.read('x'))?.bytes, standing)).toBe(true);
  await store.write('x', new Uint8Array(8 * 2 ** 20), {});
});

describe('contract', () => {
  test.each(storeContract)('$name', ({ run }) => run(open));
});

test('a file of several full-size chunks outlives its connection', async () => {
  const bytes = pattern(9 * 2 ** 20 + 5, 1);
  const first = await openStore({ databaseName });
  expect(first.problem).toBeNull();
  expect(first.kind).toBe('indexeddb');
  const meta = await first.write('x', bytes, { origin: 'here' });
  first.close();

  const store = await openStore({ databaseName });
  opened.push(store);
  const file = await store.read('x');
  expect(file?.meta).toEqual(meta);
  expect(isSame(file?.bytes, bytes)).toBe(true);
});

test('of simultaneous writes the last one wins, across connections', async () => {
  const stores = await Promise.all([open(), open(), open()]);
  const writes = [0, 3, 6, 9].flatMap((first) =>
    stores.map((store, i) => store.write('x', pattern(500 - first - i, first + i), {})),
  );
  await Promise.all(writes);
  expect((await stores[0].read('x'))?.bytes).toEqual(pattern(489, 11));
  expect(await storedGenerations()).toHaveLength(1);
});

test('writers of different files do not wait for each other, and those of one file do', async () => {
  let end: () => void = () => undefined;
  const order: string[] = [];
  const held = new Promise<void>((resolve) => (end = resolve));
  const first = asWriter(databaseName, 'x', undefined, () => held.then(() => void order.push('first of x')));
  await asWriter(databaseName, 'y', undefined, () => Promise.resolve(order.push('y')));
  const second = asWriter(databaseName, 'x', undefined, () => Promise.resolve(order.push('second of x')));
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['y', 'first of x', 'second of x']);
});

test('a write that waits for another can be aborted, and the other comes through', async () => {
  const [a, b] = [await open(), await open()];
  const first = a.write('x', pattern(64 * 40, 1), {});
  const controller = new AbortController();
  const second = b.write('x', pattern(100, 2), {}, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(second).rejects.toBe(controller.signal.reason);
  await first;
  expect((await b.read('x'))?.bytes).toEqual(pattern(64 * 40, 1));
});

test('an aborted write leaves the old file and no chunks', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  for (const stopAt of [64, 640, 64 * 20]) {
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ loadedBytes }: { loadedBytes: number }): void => {
      if (loadedBytes >= stopAt) controller.abort(reason);
    };
    await expect(store.write('x', pattern(64 * 20, 2), {}, { signal: controller.signal, onProgress })).rejects.toBe(
      reason,
    );
    expect((await store.read('x'))?.bytes).toEqual(pattern(200, 1));
    expect(await storedGenerations()).toHaveLength(1);
  }
});

test('an open does not take the chunks of a write under way for leftovers', async () => {
  const writer = await open();
  const writing = writer.write('x', pattern(64 * 60, 1), {});
  for (let i = 0; i < 5; i++) await open();
  await writing;
  expect((await writer.read('x'))?.bytes).toEqual(pattern(64 * 60, 1));
});

test(
  `a worker killed in the middle of a write, ${KILLS} times, leaves the old file or the new one`,
  { timeout: 300_000 },
  async () => {
    console.info(`seed ${seed}`);
    const random = new Random(seed);
    const [chunkBytes, fileBytes] = [16 * 1024, 16 * 1024 * 12 + 3];
    const store = await open(chunkBytes);
    await store.write('x', pattern(fileBytes, 0), { version: '0' });
    let version = 0;
    let killedInside = 0;
    for (let i = 0; i < KILLS; i++) {
      const worker = new Worker(new URL('./endless-writer.worker.ts', import.meta.url), { type: 'module' });
      let acknowledged = version;
      const started = new Promise<void>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<number>) => {
          acknowledged = data;
          resolve();
        };
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      worker.postMessage({ databaseName, chunkBytes, fileBytes, version: version + 1 });
      await started;
      await new Promise((resolve) => setTimeout(resolve, random.float() * 60));
      worker.terminate();

      const file = await store.read('x');
      version = Number(file?.meta.facts['version']);
      // The last write may have completed without its message.
      expect(version).toBeGreaterThanOrEqual(acknowledged);
      expect(version).toBeLessThanOrEqual(acknowledged + 1);
      expect(isSame(file?.bytes, pattern(fileBytes, version))).toBe(true);
      if ((await storedGenerations()).length > 1) killedInside++;
    }
    expect(killedInside, 'kills that met a write under way').toBeGreaterThan(0);
    await navigator.locks.request(`${databaseName}/writers`, () => undefined);
    await open(chunkBytes);
    expect(await storedGenerations()).toHaveLength(1);
  },
);

test('a newer release may upgrade the database while it is open here; then calls fail with a typed error', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  const newer = await openDB(databaseName, 2);
  expect(newer.version).toBe(2);
  newer.close();
  expect(await codeOf(store.read('x'))).toBe('storage');
  expect(await codeOf(store.write('x', pattern(10, 2), {}))).toBe('storage');
});

test('a database that is deleted while it is open here is created again at the next call', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  await deleteDB(databaseName);
  expect(await store.read('x')).toBeNull();
  await store.write('x', pattern(200, 2), {});
  expect((await store.read('x'))?.bytes).toEqual(pattern(200, 2));
});

test('an open that another tab blocks gives a store in memory', async () => {
  const stubborn = await openDB(databaseName, 1);
  const deletion = deleteDB(databaseName);
  const store = await openStore({ databaseName });
  expect(store.kind).toBe('memory');
  expect(store.problem).toBeTruthy();
  stubborn.close();
  await deletion;
});
