// The contract of a FileStore, as tests that any runner can run. It uses no test library, so that it can be among the
// sources.

import { isEraError, messageOf } from '../errors.ts';
import { sha256Hex } from '../format/sha256.ts';
import type { FileStore, NewFile } from './store.ts';

export interface ContractTest {
  readonly name: string;
  /** @param open opens an empty store for this test. Throws where the store breaks the contract. */
  readonly run: (open: () => Promise<FileStore>) => Promise<void>;
}

/** Chunk size for the stores under test, small enough for files of many chunks. */
export const CONTRACT_CHUNK_BYTES = 64;

/** `length` bytes that differ by `seed`. */
export function pattern(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 6)) & 0xff);
}

function contractTest(name: string, run: ContractTest['run']): ContractTest {
  return { name, run };
}

export const storeContract: readonly ContractTest[] = [
  contractTest('a name that was never written holds nothing', async (open) => {
    const store = await open();
    equal(await store.stat('x'), null);
    equal(await store.read('x'), null);
    await store.remove('x');
  }),
  contractTest('what is written is what is read, at every length around the border of a chunk', async (open) => {
    const store = await open();
    for (const length of [0, 1, 63, 64, 65, 128, 64 * 5 + 7]) {
      const bytes = pattern(length, length);
      const meta = { bytes: length, sha256: sha256Hex(bytes), facts: { kind: 'test', length: String(length) } };
      equal(await store.write('x', bytes, meta.facts), meta);
      equal(await store.stat('x'), meta);
      equal(await store.read('x'), { meta, bytes });
    }
  }),
  contractTest('the pieces of a file are the file', async (open) => {
    const store = await open();
    equal(await store.readPieces('x', () => undefined), null);
    for (const length of [0, 63, 64, 65, 64 * 40 + 7]) {
      const bytes = pattern(length, length);
      const meta = await store.write('x', bytes, { kind: 'test' });
      const read: number[] = [];
      const told = await store.readPieces('x', (piece, of) => {
        equal(of, meta);
        read.push(...piece);
        piece.fill(0);
      });
      equal(told, meta);
      equal(Uint8Array.from(read), bytes);
      equal((await store.read('x'))?.bytes, bytes);
    }
  }),
  contractTest('names are independent, whatever they are', async (open) => {
    const store = await open();
    const names = ['', 'x', 'X', 'a/b?c', '__proto__', 'ä🦊'];
    for (const [i, name] of names.entries()) await store.write(name, pattern(100, i), {});
    await store.remove('x');
    for (const [i, name] of names.entries())
      equal((await store.read(name))?.bytes ?? null, name === 'x' ? null : pattern(100, i));
  }),
  contractTest('a removed file is gone and can be written again', async (open) => {
    const store = await open();
    await store.write('x', pattern(300, 1), {});
    await store.remove('x');
    equal(await store.stat('x'), null);
    equal(await store.read('x'), null);
    await store.write('x', pattern(10, 2), {});
    equal((await store.read('x'))?.bytes, pattern(10, 2));
  }),
  contractTest('stored bytes and those of the caller are apart', async (open) => {
    const store = await open();
    const bytes = pattern(200, 1);
    await store.write('x', bytes, {});
    bytes.fill(0);
    const read = await store.read('x');
    read?.bytes.fill(1);
    equal((await store.read('x'))?.bytes, pattern(200, 1));
  }),
  contractTest('a view into a larger buffer stores only what it shows', async (open) => {
    const store = await open();
    await store.write('x', pattern(1000, 1).subarray(500, 650), {});
    equal((await store.read('x'))?.bytes, pattern(1000, 1).slice(500, 650));
  }),
  contractTest('progress rises to the whole', async (open) => {
    const store = await open();
    for (const call of ['write', 'read'] as const) {
      const seen: number[] = [];
      const onProgress = ({ loadedBytes, totalBytes }: { loadedBytes: number; totalBytes: number }): void => {
        equal(totalBytes, 300);
        seen.push(loadedBytes);
      };
      if (call === 'write') await store.write('x', pattern(300, 1), {}, { onProgress });
      else await store.read('x', { onProgress });
      equal(seen.at(-1), 300);
      equal(
        seen,
        [...seen].sort((a, b) => a - b),
      );
    }
  }),
  contractTest('an aborted call rejects with the reason of its signal, and the old file stands', async (open) => {
    const store = await open();
    await store.write('x', pattern(300, 1), {});
    const reason = new Error('enough');
    const aborted = AbortSignal.abort(reason);
    equal(await rejection(store.write('x', pattern(300, 2), {}, { signal: aborted })), reason);
    equal(await rejection(store.read('x', { signal: aborted })), reason);
    for (const call of ['write', 'read'] as const) {
      const controller = new AbortController();
      const options = { signal: controller.signal, onProgress: () => controller.abort(reason) };
      equal(
        await rejection(call === 'write' ? store.write('x', pattern(300, 2), {}, options) : store.read('x', options)),
        reason,
      );
    }
    equal((await store.read('x'))?.bytes, pattern(300, 1));
  }),
  contractTest('several files are replaced together, or none is', async (open) => {
    const store = await open();
    const file = (name: string, seed: number): NewFile => ({
      name,
      bytes: () => Promise.resolve(pattern(150, seed)),
      facts: { seed: String(seed) },
    });
    const expect = async (...seeds: readonly number[]): Promise<void> => {
      for (const [i, name] of ['x', 'y'].entries()) {
        const read = await store.read(name);
        equal(read?.bytes, pattern(150, seeds[i]!));
        equal(read?.meta.facts, { seed: String(seeds[i]!) });
      }
    };
    await store.writeAll([file('x', 1), file('y', 2)]);
    await expect(1, 2);
    await store.writeAll([file('y', 4), file('x', 3)]);
    await expect(3, 4);
    const reason = new Error('the second cannot be had');
    const broken = { ...file('y', 6), bytes: () => Promise.reject(reason) };
    await rejection(store.writeAll([file('x', 5), broken]));
    await expect(3, 4);
    equal(await rejection(store.writeAll([file('x', 5), file('y', 6)], { signal: AbortSignal.abort(reason) })), reason);
    await expect(3, 4);
    await store.writeAll([]);
  }),
  contractTest('of writes at the same time one stands, whole', async (open) => {
    const store = await open();
    const writes = Array.from({ length: 8 }, (_, i) => store.write('x', pattern(200 + i, i), { i: String(i) }));
    const [reading] = await Promise.all([store.read('x'), ...writes]);
    if (reading) equal(sha256Hex(reading.bytes), reading.meta.sha256);
    const { i } = (await store.stat('x'))?.facts ?? {};
    equal((await store.read('x'))?.bytes, pattern(200 + Number(i), Number(i)));
  }),
  contractTest('a closed store refuses every call', async (open) => {
    const store = await open();
    await store.write('x', pattern(10, 1), {});
    store.close();
    store.close();
    const calls = [
      () => store.stat('x'),
      () => store.read('x'),
      () => store.write('x', pattern(10, 2), {}),
      () => store.writeAll([{ name: 'x', bytes: () => Promise.resolve(pattern(10, 2)), facts: {} }]),
      () => store.remove('x'),
    ];
    for (const call of calls) equal(codeOf(await rejection(call())), 'closed');
  }),
];

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The call should have been rejected.');
}

function codeOf(error: unknown): string {
  return isEraError(error) ? error.code : messageOf(error);
}

/** Deep equality of plain data, bytes and identical errors. */
function equal(actual: unknown, expected: unknown): void {
  if (actual === expected) return;
  if (actual instanceof Error || show(actual) !== show(expected))
    throw new Error(`Expected ${show(expected).slice(0, 500)} and got ${show(actual).slice(0, 500)}.`);
}

function show(value: unknown): string {
  if (value === undefined || value instanceof Error) return String(value);
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? `bytes ${[...part].join()}` : part));
}
