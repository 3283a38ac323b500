// A connection to IndexedDB that can be lost and is reopened: closed when a newer release wants to upgrade, ended by
// the browser, or broken for good. It opens on first use, gives up on an open that hangs, and stops trying after three
// failures in a row.

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { EraError } from '../errors.ts';
import { unlessSilent } from './silence.ts';
import { closedError, nameOf, storageError } from './storage-error.ts';

interface Schema extends DBSchema {
  /** File name → its current generation, a `MetaEntry` unless it is damaged. */
  meta: { key: string; value: unknown };
  /** [generation, i] → bytes */
  chunks: { key: [string, number]; value: ArrayBuffer };
}

type StoreName = 'meta' | 'chunks';
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, StoreName[], Mode>;

const SCHEMA_VERSION = 1;
/**
 * A broken disk answers every open with an error, and retries without limit have flooded logs (Expensify/App#90636).
 */
const MAX_FAILURES = 3;

export class Connection {
  readonly #databaseName: string;
  readonly #openTimeoutMs: number;
  readonly #silenceMs: number;
  #database: Promise<IDBPDatabase<Schema>> | undefined;
  #failures = 0;
  #closed = false;

  constructor(databaseName: string, openTimeoutMs: number, silenceMs: number) {
    this.#databaseName = databaseName;
    this.#openTimeoutMs = openTimeoutMs;
    this.#silenceMs = silenceMs;
  }

  /**
   * Runs `body` in one transaction and waits until it is complete; aborts it when `body` throws, and when the storage is
   * silent for too long. `body` may await only its own requests, and calls `heard` after each of several.
   * @throws the transaction's error, or EraError `closed`, `storage`
   */
  async transact<Mode extends 'readonly' | 'readwrite', T>(
    stores: StoreName[],
    mode: Mode,
    durability: IDBTransactionDurability,
    body: (transaction: Transaction<Mode>, heard: () => void) => Promise<T>,
  ): Promise<T> {
    const transaction = await this.#begin(stores, mode, durability);
    const { done } = transaction;
    // `done` also rejects when a request does, so it needs a handler from the start.
    done.catch(() => undefined);
    try {
      return await unlessSilent(this.#silenceMs, async (heard) => {
        const result = await body(transaction, heard);
        heard();
        await done;
        return result;
      });
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has already ended.
      }
      // A request in an aborted transaction reports only AbortError; the transaction has the cause.
      throw (nameOf(error) === 'AbortError' ? transaction.error : null) ?? error;
    }
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #begin<Mode extends 'readonly' | 'readwrite'>(
    stores: StoreName[],
    mode: Mode,
    durability: IDBTransactionDurability,
  ): Promise<Transaction<Mode>> {
    const database = await this.#open();
    try {
      return database.transaction(stores, mode, { durability });
    } catch (error) {
      if (nameOf(error) !== 'InvalidStateError') throw error;
      // The browser has closed the connection but not reported it yet.
      this.#drop();
      return (await this.#open()).transaction(stores, mode, { durability });
    }
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) return Promise.reject(closedError());
    this.#database ??= this.#openAnew();
    return this.#database;
  }

  async #openAnew(): Promise<IDBPDatabase<Schema>> {
    try {
      if (this.#failures >= MAX_FAILURES)
        throw new EraError('storage', `The database could not be opened ${MAX_FAILURES} times in a row.`);
      const database = await openWithin(this.#databaseName, this.#openTimeoutMs, () => this.#drop());
      this.#failures = 0;
      if (this.#closed) {
        database.close();
        throw closedError();
      }
      return database;
    } catch (error) {
      this.#failures++;
      this.#database = undefined;
      throw storageError(error, 'opening the database');
    }
  }

  #drop(): void {
    this.#database?.then(
      (database) => database.close(),
      () => undefined,
    );
    this.#database = undefined;
  }
}

/** @param onLost called when the connection has to be closed or is gone */
async function openWithin(name: string, timeoutMs: number, onLost: () => void): Promise<IDBPDatabase<Schema>> {
  let isBlocked = false;
  const opening = openDB<Schema>(name, SCHEMA_VERSION, {
    upgrade(database) {
      database.createObjectStore('meta');
      database.createObjectStore('chunks');
    },
    blocked() {
      isBlocked = true;
    },
    blocking: onLost,
    terminated: onLost,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // If it opens later, nobody waits for it, and an open connection would block others.
      opening.then(
        (database) => database.close(),
        () => undefined,
      );
      const why = isBlocked ? 'another tab holds an older one open' : 'it gave no answer';
      reject(
        new EraError('storage', `The database did not open within ${timeoutMs} ms: ${why}.`, {
          details: { timeoutMs },
        }),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}
