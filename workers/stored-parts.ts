// Reads stored containers while they arrive, without a copy of the whole.

import type { Container } from '../src/store/container.ts';
import { ContainerReader } from '../src/store/container-reader.ts';
import type { FileStore } from '../src/store/store.ts';
import type { PartBytes } from '../src/transfer/part-source.ts';

/** @returns its files, which are views into the pieces of the store; null where there is none, or it is damaged */
export async function readContainer(store: FileStore, file: string): Promise<Container | null> {
  const files = new Map<string, PartBytes>();
  let reader: ContainerReader | undefined;
  const meta = await store.readPieces(file, (piece, { bytes }) => {
    reader ??= new ContainerReader(bytes, (name, part) => files.set(name, part));
    reader.push(piece);
  });
  const facts = meta && reader ? reader.facts : null;
  return facts === null ? null : { facts, files };
}

/**
 * Calls `visit` with each file of a container; its bytes are gone when that returns.
 * @returns whether there is one and all of its bytes are what was stored
 */
export async function visitContainer(
  store: FileStore,
  file: string,
  visit: (name: string, bytes: PartBytes) => void,
): Promise<boolean> {
  let reader: ContainerReader | undefined;
  const meta = await store.readPieces(file, (piece, { bytes }) => {
    reader ??= new ContainerReader(bytes, visit, false);
    reader.push(piece);
    release(piece);
  });
  return meta !== null && reader?.facts !== null;
}

/** Gives memory back now: the garbage collector comes too late where an index is read faster than it runs. */
function release({ buffer }: PartBytes): void {
  // Older browsers have no such method.
  (buffer as ArrayBuffer & { readonly transfer?: (length: number) => ArrayBuffer }).transfer?.(0);
}
