// Files in IndexedDB. A file is stored in chunks under its own generation: the chunks are written first, in small
// transactions, then one strict transaction makes the name point to them, then the old generation is deleted; several
// files change hands in one such transaction. The next open removes what a crash left.

import { joinBytes } from '../format/join-bytes.ts';
import { toHex } from '../format/sha256.ts';
import { Connection } from './connection.ts';
import { digestHex } from '../digest.ts';
import { deleteGeneration, sweepLeftovers } from './generations.ts';
import { isSound, type MetaEntry } from './meta-entry.ts';
import { SILENCE_MS } from './silence.ts';
import { nameOf, storageError } from './storage-error.ts';
import type { FileStore, NewFile, StoreCallOptions, StoredMeta } from './store.ts';
import { asWriter, whileNobodyWrites } from './write-lock.ts';

/**
 * Chunks of 256 KB are read and hashed in two thirds of the time of 4 MB: the browser uses the same memory again and
 * again. A single value over 127 MiB is refused (measured with Chromium 156).
 */
const CHUNK_BYTES: number = 2 ** 18;
/** Chunks that are written in one transaction, and requests that a reader has under way. */
const CHUNKS_AT_ONCE = 16;
/**
 * Longer than a slow disk needs, shorter than a visitor waits. Some browsers never answer an open (WebKit bug 226547).
 */
export const OPEN_TIMEOUT_MS = 3000;
/** Errors of a browser for a value that is lost for good, such as one in a file that no longer exists. */
const LOST_VALUE: ReadonlySet<string> = new Set(['NotReadableError', 'DataError']);

export interface IndexedDbOptions {
  readonly databaseName: string;
  readonly openTimeoutMs?: number | undefined;
  /** Longest wait for one answer of the database, in milliseconds. */
  readonly silenceMs?: number | undefined;
  readonly chunkBytes?: number | undefined;
}

interface Found {
  /** Null for a damaged record. */
  readonly entry: MetaEntry | null;
  /** Whether every chunk is there, and has its hash. */
  readonly isWhole: boolean;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** @throws EraError `storage` when the database cannot be opened or read */
export async function openIndexedDbStore({
  databaseName,
  openTimeoutMs = OPEN_TIMEOUT_MS,
  silenceMs = SILENCE_MS,
  chunkBytes = CHUNK_BYTES,
}: IndexedDbOptions): Promise<FileStore> {
  const connection = new Connection(databaseName, openTimeoutMs, silenceMs);
  const entryOf = async (name: string): Promise<MetaEntry | null> => {
    const record = await connection.transact(['meta'], 'readonly', 'relaxed', (transaction) =>
      transaction.objectStore('meta').get(name),
    );
    return isSound(record) ? record : null;
  };

  /** Removes the file, unless it has been replaced meanwhile. @param generation null where the record is damaged */
  const drop = async (name: string, generation: string | null): Promise<void> => {
    const isGone = await connection.transact(['meta'], 'readwrite', 'strict', async (transaction) => {
      const meta = transaction.objectStore('meta');
      const record = await meta.get(name);
      if ((isSound(record) ? record.generation : null) !== generation) return false;
      await meta.delete(name);
      return true;
    });
    if (isGone && generation !== null) await deleteGeneration(connection, generation);
  };

  const writeChunks = async (
    generation: string,
    bytes: Uint8Array,
    afterChunk: (loadedBytes: number) => void,
  ): Promise<string[]> => {
    // An empty file has one empty chunk.
    const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes));
    const hashes: string[] = [];
    for (let first = 0; first < chunks; first += CHUNKS_AT_ONCE) {
      const end = Math.min(chunks, first + CHUNKS_AT_ONCE);
      const some: Bytes[] = [];
      for (let i = first; i < end; i++) some.push(new Uint8Array(bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes)));
      hashes.push(...(await Promise.all(some.map(digestHex))));
      await connection.transact(['chunks'], 'readwrite', 'relaxed', async (transaction, heard) => {
        for (const [n, { buffer }] of some.entries()) {
          await transaction.objectStore('chunks').put(buffer, [generation, first + n]);
          heard();
        }
      });
      afterChunk(Math.min(bytes.length, end * chunkBytes));
    }
    return hashes;
  };

  /** Makes every name point to its new generation, in one transaction. Returns the generations before. */
  const flip = (entries: ReadonlyMap<string, MetaEntry>): Promise<string[]> =>
    connection.transact(['meta', 'chunks'], 'readwrite', 'strict', async (transaction) => {
      const meta = transaction.objectStore('meta');
      const before: string[] = [];
      for (const [name, entry] of entries) {
        // Without Web Locks the chunks can be gone, if another tab took them for leftovers.
        if ((await transaction.objectStore('chunks').getKey([entry.generation, 0])) === undefined)
          throw new Error('The chunks were removed.');
        const record = await meta.get(name);
        await meta.put(entry, name);
        if (isSound(record)) before.push(record.generation);
      }
      return before;
    });

  /** Metas of the files, in their order. */
  const writeFiles = (files: readonly NewFile[], { signal, onProgress }: StoreCallOptions): Promise<StoredMeta[]> =>
    asWriter(databaseName, files[0]?.name ?? '', signal, async () => {
      const entries = new Map<string, MetaEntry>();
      const generations: string[] = [];
      try {
        for (const { name, bytes: read, facts } of files) {
          const bytes = await read();
          const generation = newGeneration();
          generations.push(generation);
          const meta = { bytes: bytes.length, sha256: await digestHex(bytes), facts: { ...facts } };
          const chunkSha256 = await writeChunks(generation, bytes, (loadedBytes) => {
            onProgress?.({ loadedBytes, totalBytes: bytes.length });
            signal?.throwIfAborted();
          });
          entries.set(name, { ...meta, generation, chunks: chunkSha256.length, chunkSha256 });
        }
        const before = await flip(entries);
        await Promise.all(before.map((generation) => deleteGeneration(connection, generation)));
      } catch (error) {
        await Promise.all(generations.map((generation) => deleteGeneration(connection, generation)));
        throw error;
      }
      return [...entries.values()].map(metaOf);
    });

  /**
   * Reads the file in one transaction, so that a writer cannot remove chunks meanwhile. Each chunk is hashed while the
   * next is read.
   */
  const readChunks = async (
    name: string,
    take: (piece: Bytes, meta: StoredMeta) => void,
    afterChunk: (loadedBytes: number, totalBytes: number) => void,
  ): Promise<Found | null> => {
    let entry: MetaEntry | undefined;
    const digests: Promise<string>[] = [];
    const unchecked: Bytes[] = [];
    let loadedBytes = 0;
    try {
      const found = await connection.transact(['meta', 'chunks'], 'readonly', 'relaxed', async (transaction, heard) => {
        const record = await transaction.objectStore('meta').get(name);
        if (record === undefined) return null;
        if (!isSound(record)) return { entry: null, isWhole: false };
        entry = record;
        const { generation, chunks, bytes, chunkSha256 } = record;
        const requests: Promise<unknown>[] = [];
        for (let i = 0; i < chunks; i++) {
          while (requests.length < Math.min(chunks, i + CHUNKS_AT_ONCE)) {
            const request = transaction.objectStore('chunks').get([generation, requests.length]);
            request.catch(() => undefined); // it is awaited only after those before
            requests.push(request);
          }
          const chunk = await requests[i];
          heard();
          // All chunks but the last are of one size: no memory is taken for more than they can hold.
          const isPossible =
            chunk instanceof ArrayBuffer &&
            loadedBytes + chunk.byteLength <= bytes &&
            (i > 0 || chunk.byteLength * chunks >= bytes);
          if (!isPossible) return { entry, isWhole: false };
          loadedBytes += chunk.byteLength;
          const piece = new Uint8Array(chunk);
          if (chunkSha256) {
            digests.push(digestHex(piece));
            take(piece, metaOf(entry));
          } else unchecked.push(piece);
          afterChunk(loadedBytes, bytes);
        }
        return { entry, isWhole: loadedBytes === bytes };
      });
      if (!found?.isWhole) return found;
    } catch (error) {
      if (entry && LOST_VALUE.has(nameOf(error))) return { entry, isWhole: false };
      throw error;
    }
    const { chunkSha256, sha256 } = entry!;
    if (chunkSha256) {
      const hashes = await Promise.all(digests);
      return { entry: entry!, isWhole: chunkSha256.every((hash, i) => hash === hashes[i]) };
    }
    const whole = joinBytes(unchecked);
    const isWhole = (await digestHex(whole)) === sha256;
    if (isWhole) take(whole, metaOf(entry!));
    return { entry: entry!, isWhole };
  };

  const readPieces: FileStore['readPieces'] = async (name, take, { signal, onProgress } = {}) => {
    signal?.throwIfAborted();
    try {
      const found = await readChunks(name, take, (loadedBytes, totalBytes) => {
        onProgress?.({ loadedBytes, totalBytes });
        signal?.throwIfAborted();
      });
      if (!found) return null;
      const { entry, isWhole } = found;
      if (entry && isWhole) return metaOf(entry);
      // A damaged file that cannot be removed is detected again at the next read.
      await drop(name, entry?.generation ?? null).catch(() => undefined);
      return null;
    } catch (error) {
      signal?.throwIfAborted();
      throw storageError(error, 'reading');
    }
  };

  const written: typeof writeFiles = async (files, options) => {
    const { signal } = options;
    signal?.throwIfAborted();
    try {
      return await writeFiles(files, options);
    } catch (error) {
      signal?.throwIfAborted();
      throw storageError(error, 'writing');
    }
  };

  try {
    await whileNobodyWrites(databaseName, () => sweepLeftovers(connection));
  } catch (error) {
    connection.close();
    throw storageError(error, 'opening');
  }

  return {
    kind: 'indexeddb',
    problem: null,

    async stat(name) {
      try {
        const entry = await entryOf(name);
        return entry ? metaOf(entry) : null;
      } catch (error) {
        throw storageError(error, 'reading');
      }
    },

    async read(name, options) {
      let bytes: Bytes | undefined;
      let at = 0;
      const meta = await readPieces(
        name,
        (piece, { bytes: length }) => {
          bytes ??= new Uint8Array(length);
          bytes.set(piece, at);
          at += piece.length;
        },
        options,
      );
      return meta && { meta, bytes: bytes! };
    },

    readPieces,

    async write(name, bytes, facts, options = {}) {
      const [meta] = await written([{ name, bytes: () => Promise.resolve(bytes), facts }], options);
      return meta!;
    },

    async writeAll(files, options = {}) {
      await written(files, options);
    },

    async remove(name) {
      try {
        await asWriter(databaseName, name, undefined, async () => {
          await drop(name, (await entryOf(name))?.generation ?? null);
        });
      } catch (error) {
        throw storageError(error, 'removing');
      }
    },

    close: () => connection.close(),
  };
}

function metaOf({ bytes, sha256, facts }: MetaEntry): StoredMeta {
  return { bytes, sha256, facts };
}

/** A name that no other generation has, in any tab. */
function newGeneration(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
