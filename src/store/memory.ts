// Files in memory, lost with the realm: for pages that may not or cannot store, and as the reference for the IndexedDB
// store.

import { digestHex } from '../digest.ts';
import { closedError } from './storage-error.ts';
import type { FileStore, StoredFile } from './store.ts';

/** @param problem why it is used in place of another; null where it was asked for */
export function openMemoryStore(problem: string | null = null): FileStore {
  const files = new Map<string, StoredFile>();
  let closed = false;
  /** Returns a promise also where `body` throws synchronously. */
  const whenOpen = <T>(signal: AbortSignal | undefined, body: () => T): Promise<T> =>
    new Promise((resolve) => {
      if (closed) throw closedError();
      signal?.throwIfAborted();
      resolve(body());
    });

  const read: FileStore['read'] = (name, { signal, onProgress } = {}) =>
    whenOpen(signal, () => {
      const file = files.get(name);
      if (!file) return null;
      onProgress?.({ loadedBytes: file.meta.bytes, totalBytes: file.meta.bytes });
      signal?.throwIfAborted();
      return { meta: file.meta, bytes: new Uint8Array(file.bytes) };
    });

  return {
    kind: 'memory',
    problem,

    stat: (name) => whenOpen(undefined, () => files.get(name)?.meta ?? null),

    read,

    async readPieces(name, take, options) {
      const file = await read(name, options);
      if (file) take(file.bytes, file.meta);
      return file?.meta ?? null;
    },

    async write(name, bytes, facts, { signal, onProgress } = {}) {
      const own = await whenOpen(signal, () => new Uint8Array(bytes));
      const meta = { bytes: own.length, sha256: await digestHex(own), facts: { ...facts } };
      return whenOpen(signal, () => {
        onProgress?.({ loadedBytes: own.length, totalBytes: own.length });
        signal?.throwIfAborted();
        files.set(name, { meta, bytes: own });
        return meta;
      });
    },

    async writeAll(written, { signal } = {}) {
      const all: (readonly [string, StoredFile])[] = [];
      for (const { name, bytes, facts } of written) {
        const own = new Uint8Array(await bytes());
        const meta = { bytes: own.length, sha256: await digestHex(own), facts: { ...facts } };
        all.push([name, { meta, bytes: own }]);
      }
      await whenOpen(signal, () => {
        for (const [name, file] of all) files.set(name, file);
      });
    },

    remove: (name) => whenOpen(undefined, () => void files.delete(name)),

    close() {
      closed = true;
      files.clear();
    },
  };
}
