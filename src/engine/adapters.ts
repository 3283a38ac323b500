// The adapters of an open index: one for each path and stage, mirrored into the search worker and kept beside the index in the store.

import type { LinearAdapter, QueryPath } from '../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../adapter/file.ts';
import { isEraError } from '../errors.ts';
import type { Client } from '../rpc/client.ts';
import type { SearchApi } from '../rpc/protocol.ts';
import { parseSpaceId, relateSpaces, type Space } from '../space.ts';

/** `aligned`: learned without labels; `adapted`: with some. */
export type Stage = 'aligned' | 'adapted';
/** What labels are learned on top of, where that is not the aligned map itself; never searched with. */
type Kept = Stage | 'start';
type SlotId = `${QueryPath}/${Kept}`;
export type SearchSlotId = `${QueryPath}/${Stage}`;

const SLOTS: readonly SlotId[] = (['local', 'remote', 'both'] as const).flatMap((path) => [`${path}/start`, `${path}/aligned`, `${path}/adapted`] as const);

export const stageOf = <S extends Kept>(id: `${QueryPath}/${S}`): S => id.slice(id.indexOf('/') + 1) as S;

export interface SlotInfo {
  readonly path: QueryPath;
  readonly stage: Stage;
  /** How it came about, from the adapter file. */
  readonly provenance: Readonly<Record<string, string>>;
}

export class AdapterSlots {
  readonly #slots = new Map<SlotId, LinearAdapter>();

  get(path: QueryPath, stage: Kept): LinearAdapter | undefined {
    return this.#slots.get(`${path}/${stage}`);
  }

  /** The best that there is for `path`: adapted, else aligned, else none. */
  best(path: QueryPath): SearchSlotId | null {
    if (this.get(path, 'adapted')) return `${path}/adapted`;
    return this.get(path, 'aligned') ? `${path}/aligned` : null;
  }

  list(): SlotInfo[] {
    return [...this.#slots].flatMap(([id, { path, provenance }]) => {
      const stage = stageOf(id);
      return stage === 'start' ? [] : [{ path, stage, provenance }];
    });
  }

  async set(search: Client<SearchApi>, index: string, stage: Kept, adapter: LinearAdapter): Promise<void> {
    const id: SlotId = `${adapter.path}/${stage}`;
    await search.call('setAdapter', { id, adapter });
    this.#slots.set(id, adapter);
    try {
      await search.call('writeFile', { name: fileName(index, id), bytes: writeAdapter(adapter) });
    } catch (error) {
      // The adapter works from memory all the same; a store without room is told by the index's own status.
      if (!isEraError(error, 'quota') && !isEraError(error, 'storage')) throw error;
    }
  }

  async remove(search: Client<SearchApi>, index: string, stages: readonly Kept[], paths: readonly QueryPath[] = ['local', 'remote', 'both']): Promise<void> {
    for (const id of SLOTS) {
      if (!stages.includes(stageOf(id)) || !paths.some((path) => id.startsWith(path))) continue;
      this.#slots.delete(id);
      await search.call('setAdapter', { id, adapter: null });
      await search.call('removeFile', { name: fileName(index, id) });
    }
  }

  /** Forgets all, then takes up what an earlier visit left for this index, where it fits the spaces of today. */
  async restore(search: Client<SearchApi>, index: string, to: Space, from: { readonly local: Space | null; readonly remote: Space | null }): Promise<void> {
    this.#slots.clear();
    for (const id of SLOTS) {
      const bytes = await search.call('readFile', { name: fileName(index, id) });
      const adapter = bytes ? readOrNull(bytes) : null;
      const fits = adapter !== null && fitsSpaces(adapter, to, from);
      if (fits) this.#slots.set(id, adapter);
      await search.call('setAdapter', { id, adapter: fits ? adapter : null });
    }
  }

  /** Gives a fresh search worker what the last one had. */
  async replay(search: Client<SearchApi>): Promise<void> {
    for (const [id, adapter] of this.#slots) await search.call('setAdapter', { id, adapter });
  }
}

/** True when the adapter leads from these encoders' spaces (those that are known) to the index's. */
export function fitsSpaces(adapter: LinearAdapter, to: Space, from: { readonly local: Space | null; readonly remote: Space | null }): boolean {
  const known = adapter.path === 'both' ? [from.local, from.remote] : [from[adapter.path]];
  return (
    relateSpaces(parseSpaceId(adapter.to), to) !== 'different' &&
    known.length === adapter.from.length &&
    known.every((space, i) => space === null || sameButForDims(parseSpaceId(adapter.from[i]!), space))
  );
}

/** The dimensions of a remote model are not known before its first answer; the adapter checks them when it is used. */
function sameButForDims(a: Space, b: Space): boolean {
  return relateSpaces({ ...a, dims: 0 }, { ...b, dims: 0 }) !== 'different' && (a.dims === b.dims || a.dims === 0 || b.dims === 0);
}

function readOrNull(bytes: Uint8Array<ArrayBuffer>): LinearAdapter | null {
  try {
    return readAdapter(bytes);
  } catch (error) {
    if (isEraError(error)) return null;
    throw error;
  }
}

const fileName = (index: string, id: SlotId): string => `adapter/${index}/${id}`;
