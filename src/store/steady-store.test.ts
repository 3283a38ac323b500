// Storage that fails, is silent or holds nonsense locks nobody out.

import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { IDBFactory, IDBObjectStore, IDBRequest } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EraError } from '../errors.ts';
import { openIndexedDbStore } from './indexed-db.ts';
import { openStore } from './open-store.ts';
import { SILENCE_MS } from './silence.ts';
import { steadyStore } from './steady-store.ts';
import { CONTRACT_CHUNK_BYTES, pattern, storeContract } from './store.contract.ts';
import type { FileStore } from './store.ts';

const databaseName = 'steady';
const open = async (): Promise<FileStore> =>
  steadyStore(await openIndexedDbStore({ databaseName, chunkBytes: CONTRACT_CHUNK_BYTES }));
/** What a call comes to when all limits on silence pass. */
async function afterSilence<T>(call: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const outcome = call();
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(SILENCE_MS);
  return outcome;
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a store that steadies another one keeps its contract', () => {
  test.each(storeContract)('$name', ({ run }) => run(open));
});

/** Requests of these methods fail, or are never answered. */
function broken(methods: readonly ('get' | 'put')[], fault: 'fails' | 'is silent'): void {
  for (const method of methods) {
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(() => {
      if (fault === 'fails') throw new DOMException('Internal error.', 'UnknownError');
      return new IDBRequest();
    });
  }
}

test('where every read fails, nothing is there: after three the rest of the visit is in memory, with the reason', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  broken(['get'], 'fails');
  for (let i = 0; i < 2; i++) {
    expect(await store.read('x')).toBeNull();
    expect([store.kind, store.problem]).toEqual(['indexeddb', null]);
  }
  expect(await store.stat('x')).toBeNull();
  expect(store.kind).toBe('memory');
  expect(store.problem).toContain('Internal error.');
  await store.write('x', pattern(100, 2), {});
  expect((await store.read('x'))?.bytes).toEqual(pattern(100, 2));
});

test('reads that fail now and then are cold starts, and change nothing else', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  for (let i = 0; i < 5; i++) {
    broken(['get'], 'fails');
    expect(await store.read('x')).toBeNull();
    vi.restoreAllMocks();
    expect((await store.read('x'))?.bytes).toEqual(pattern(200, 1));
  }
  expect(store.kind).toBe('indexeddb');
});

test.each<[string, (store: FileStore) => Promise<unknown>, unknown]>([
  ['stat', (store) => store.stat('x'), null],
  ['read', (store) => store.read('x'), null],
])('a database that never answers a %s is left at once', async (_, call, expected) => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  broken(['get'], 'is silent');
  expect(await afterSilence(() => call(store))).toEqual(expected);
  expect(store.kind).toBe('memory');
  expect(store.problem).toContain('gave no answer');
});

test('a write that is never answered is made in memory, and so are those that wait beside it', async () => {
  const store = await open();
  broken(['put'], 'is silent');
  await afterSilence(() => Promise.all([store.write('x', pattern(200, 1), {}), store.write('y', pattern(300, 2), {})]));
  expect(store.kind).toBe('memory');
  expect((await store.read('x'))?.bytes).toEqual(pattern(200, 1));
  expect((await store.read('y'))?.bytes).toEqual(pattern(300, 2));
});

test('a write that fails says so, and the old file stands', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  broken(['put'], 'fails');
  await expect(store.write('x', pattern(300, 2), {})).rejects.toMatchObject({ code: 'storage' });
  vi.restoreAllMocks();
  expect((await store.read('x'))?.bytes).toEqual(pattern(200, 1));
});

test('a full disk is no reason to leave the database', async () => {
  const store = await open();
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError');
  });
  for (let i = 0; i < 5; i++)
    await expect(store.write('x', pattern(300, 2), {})).rejects.toMatchObject({ code: 'quota' });
  expect(store.kind).toBe('indexeddb');
});

test('an abort and a closed store are what they are', async () => {
  const store = await open();
  const reason = new Error('enough');
  await expect(store.read('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  store.close();
  await expect(store.read('x')).rejects.toMatchObject({ code: 'closed' });
  expect(store.kind).toBe('indexeddb');
});

/** Puts a record in place of what a name points to. */
async function damage(name: string, record: unknown): Promise<void> {
  const database = await openDB(databaseName);
  await database.put('meta', record, name);
  database.close();
}

const sound = { generation: 'g', bytes: 3, sha256: 'ab', facts: {}, chunks: 1 };
const damaged = fc.oneof(
  fc.constantFrom<unknown>(null, 0, 'text', [], {}, { ...sound, facts: null }, { ...sound, facts: { a: 1 } }),
  fc
    .record({
      key: fc.constantFrom('generation', 'bytes', 'sha256', 'facts', 'chunks'),
      value: fc.oneof(fc.constantFrom<unknown>(2 ** 40, -1, NaN, Infinity, 0.5, null, undefined, [], 1e9), fc.string()),
    })
    .map(({ key, value }) => ({ ...sound, [key]: value })),
);

test('a record that is damaged in any way is dropped, and the file is stored again', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(damaged, async (record) => {
      vi.stubGlobal('indexedDB', new IDBFactory());
      const before = await open();
      await before.write('x', pattern(200, 1), {});
      await before.write('y', pattern(150, 2), {});
      before.close();
      await damage('x', record);
      const store = await openStore({ databaseName });
      expect(store.kind).toBe('indexeddb');
      expect(await store.read('x')).toBeNull();
      expect(await store.stat('x')).toBeNull();
      expect((await store.read('y'))?.bytes).toEqual(pattern(150, 2));
      await store.write('x', pattern(90, 3), {});
      expect((await store.read('x'))?.bytes).toEqual(pattern(90, 3));
      await damage('x', record);
      await store.remove('x');
      expect(await store.read('x')).toBeNull();
      store.close();
    }),
    { numRuns: 100 },
  );
});

test('no memory is taken for more bytes than the first chunk allows for', async () => {
  const store = await open();
  await store.write('x', pattern(200, 1), {});
  const database = await openDB(databaseName);
  const record = (await database.get('meta', 'x')) as typeof sound;
  database.close();
  await damage('x', { ...record, bytes: 2 ** 31 });
  const taken: number[] = [];
  const Bytes = globalThis.Uint8Array;
  vi.stubGlobal(
    'Uint8Array',
    new Proxy(Bytes, {
      construct(target, args: [never]) {
        if (typeof args[0] === 'number') taken.push(args[0]);
        return new target(...args);
      },
    }),
  );
  expect(await store.read('x')).toBeNull();
  vi.stubGlobal('Uint8Array', Bytes);
  expect(Math.max(0, ...taken)).toBeLessThanOrEqual(200);
});

test('another tab that never ends its write makes a writer busy, not wait for ever', async () => {
  const held = new Promise<never>(() => undefined);
  const request = (name: string, options: { signal?: AbortSignal }): Promise<unknown> =>
    name.includes('/file/')
      ? new Promise((_, reject) => {
          void held;
          options.signal?.addEventListener('abort', () => reject(options.signal!.reason as Error));
        })
      : Promise.resolve();
  vi.stubGlobal('navigator', { locks: { request } });
  const { asWriter } = await import('./write-lock.ts');
  await expect(asWriter(databaseName, 'x', undefined, () => Promise.resolve(1), 20)).rejects.toMatchObject({
    code: 'busy',
  });
  const reason = new EraError('closed', 'enough');
  const control = new AbortController();
  const waiting = asWriter(databaseName, 'x', control.signal, () => Promise.resolve(1), 60_000);
  control.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
