// The choice between GPU and WebAssembly, kept beside the stored vectors of a collection, as the facts of an empty file.

import type { ScanChoice } from '../src/scan/scan.ts';
import type { FileStore } from '../src/store/store.ts';

const choiceFile = (collection: string): string => `scan/${collection}`;

/** Null where there is none, or it cannot be read: it is then made anew. */
export async function readScanChoice(store: FileStore, collection: string): Promise<ScanChoice | null> {
  const meta = await store.stat(choiceFile(collection)).catch(() => null);
  const { where, reason } = meta?.facts ?? {};
  return where === undefined ? null : { where, reason: reason ?? null };
}

/** One that cannot be kept is made anew at the next visit. @param choice null to forget the last one */
export async function keepScanChoice(store: FileStore, collection: string, choice: ScanChoice | null): Promise<void> {
  const name = choiceFile(collection);
  const kept = choice && { where: choice.where, ...(choice.reason === null ? {} : { reason: choice.reason }) };
  await (kept ? store.write(name, new Uint8Array(0), kept) : store.remove(name)).catch(() => undefined);
}
