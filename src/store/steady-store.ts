// A store around IndexedDB that locks nobody out: what cannot be read is not there, so that it is fetched anew, and a
// database that is broken or silent is left for memory, once, for the rest of the visit.

import { isEraError, messageOf } from '../errors.ts';
import { openMemoryStore } from './memory.ts';
import type { FileStore } from './store.ts';

/** Failures in a row after which the database counts as broken. */
const MAX_FAILURES = 3;

/** @param database is closed once it is left */
export function steadyStore(database: FileStore): FileStore {
  let store = database;
  let failures = 0;
  const note = (error: unknown): void => {
    if (store !== database) return;
    failures += 1;
    const isSilent = isEraError(error, 'storage') && error.details['limitMs'] !== undefined;
    if (failures < MAX_FAILURES && !isSilent) return;
    store = openMemoryStore(messageOf(error));
    database.close();
  };
  /** `call`, made again in memory where the database has just been left. */
  const tried = async <T>(call: (store: FileStore) => Promise<T>, otherwise: (error: unknown) => T): Promise<T> => {
    const asked = store;
    try {
      const result = await call(asked);
      if (asked === database) failures = 0;
      return result;
    } catch (error) {
      const isLeft = asked === database && store !== database && isEraError(error, 'closed');
      if (!isEraError(error, 'storage') && !isLeft) throw error;
      note(error);
      return asked === store ? otherwise(error) : call(store);
    }
  };
  const fail = (error: unknown): never => {
    throw error;
  };
  return {
    get kind() {
      return store.kind;
    },
    get problem() {
      return store.problem;
    },
    stat: (name) =>
      tried(
        (own) => own.stat(name),
        () => null,
      ),
    read: (name, options) =>
      tried(
        (own) => own.read(name, options),
        () => null,
      ),
    readPieces: (name, take, options) =>
      tried(
        (own) => own.readPieces(name, take, options),
        () => null,
      ),
    write: (name, bytes, facts, options) => tried((own) => own.write(name, bytes, facts, options), fail),
    writeAll: (files, options) => tried((own) => own.writeAll(files, options), fail),
    remove: (name) => tried((own) => own.remove(name), fail),
    close: () => {
      database.close();
      store.close();
    },
  };
}
