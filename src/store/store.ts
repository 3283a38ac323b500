// Storage of files between visits: indexes and adapters, by name. A store is a cache and may be lost at any time; it
// guarantees that a name has the whole old file or the whole new one, never a mixture.

import type { TransferProgress } from '../progress.ts';

export interface StoredMeta {
  readonly bytes: number;
  /** sha-256 of the file, hex. */
  readonly sha256: string;
  /** Facts chosen by the writer: format, space id, origin address. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface StoredFile {
  readonly meta: StoredMeta;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file to write with others. */
export interface NewFile {
  readonly name: string;
  /** Called when its turn comes, so that not all files need to be in memory at once. */
  readonly bytes: () => Promise<Uint8Array>;
  readonly facts: Readonly<Record<string, string>>;
}

export interface StoreCallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

export interface FileStore {
  /** Where files are kept; `memory` ends with the realm. */
  readonly kind: 'indexeddb' | 'memory';
  /** Why files are in memory only, where that was not asked for; null where they are not, or it was. */
  readonly problem: string | null;
  /** Meta of the file under `name` without reading it; null for none. */
  stat: (name: string) => Promise<StoredMeta | null>;
  /**
   * The whole file, its sha-256 checked; null for none. A damaged file is removed, and the result is null.
   * @throws EraError `storage`
   */
  read: (name: string, options?: StoreCallOptions) => Promise<StoredFile | null>;
  /**
   * The same in pieces, in their order, while the next ones are read. They may be used only once the call has resolved to
   * the file's meta: until then it is not known that they are what was written.
   * @param take is called with the bytes, which are its own, and the meta of the file; it must not throw
   * @throws EraError `storage`
   */
  readPieces: (
    name: string,
    take: (piece: Uint8Array<ArrayBuffer>, meta: StoredMeta) => void,
    options?: StoreCallOptions,
  ) => Promise<StoredMeta | null>;
  /**
   * Replaces the file under `name`; resolves when the new one is durable.
   * @throws EraError `quota`, `storage`, `busy`; the old file is then unchanged
   */
  write: (
    name: string,
    bytes: Uint8Array,
    facts: Readonly<Record<string, string>>,
    options?: StoreCallOptions,
  ) => Promise<StoredMeta>;
  /**
   * Replaces several files at once: every name has its old file, or every name its new one, whenever this ends.
   * @throws as `write`; what `bytes` of a file throws
   */
  writeAll: (files: readonly NewFile[], options?: Pick<StoreCallOptions, 'signal'>) => Promise<void>;
  remove: (name: string) => Promise<void>;
  close: () => void;
}
