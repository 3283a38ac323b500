// The adapters of an open index: one for each path and stage, mirrored into the search worker and kept beside the index in the store.

import type { LinearAdapter, QueryPath } from '../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../adapter/file.ts';
import { isEraError } from '../errors.ts';
import type { Client } from '../rpc/client.ts';
import type { SearchApi } from '../rpc/protocol.ts';
import { parseSpaceId, relateSpaces, type Space } from '../space.ts';

/** `aligned`: learned without labels; `adapted`: with some. ERA's two stand beside ours, on the remote path, and are searched with only by name. */
export type Stage = 'aligned' | 'adapted' | 'era-aligned' | 'era-adapted';
/** What labels are learned on top of, where that is not the aligned map itself; never searched with. */
type Kept = Stage | 'start';
type SlotId = `${QueryPath}/${Kept}`;
export type SearchSlotId = `${QueryPath}/${Stage}`;

export const STAGES: readonly Stage[] = ['aligned', 'adapted', 'era-aligned', 'era-adapted'];
const PATHS: readonly QueryPath[] = ['local', 'remote', 'both'];
/** In the stored file only: ids of the passages that the labels call relevant, as a JSON list. */
const POSITIVES = 'positives';

export const stageOf = <S extends Kept>(id: `${QueryPath}/${S}`): S => id.slice(id.indexOf('/') + 1) as S;

export interface SlotInfo {
  readonly path: QueryPath;
  readonly stage: Stage;
  /** How it came about, from the adapter file. */
  readonly provenance: Readonly<Record<string, string>>;
}

interface Slot {
  readonly adapter: LinearAdapter;
  /** Ids of the relevant passages in the labels it was adapted with, empty where it needed none; null where that is not known. */
  readonly positives: ReadonlySet<string> | null;
}

export class AdapterSlots {
  readonly #slots = new Map<SlotId, Slot>();

  get(path: QueryPath, stage: Kept): LinearAdapter | undefined {
    return this.#slots.get(`${path}/${stage}`)?.adapter;
  }

  positives(path: QueryPath, stage: Stage): ReadonlySet<string> | null {
    return this.#slots.get(`${path}/${stage}`)?.positives ?? null;
  }

  /** The best of ours that there is for `path`: adapted, else aligned, else none. */
  best(path: QueryPath): SearchSlotId | null {
    if (this.get(path, 'adapted')) return `${path}/adapted`;
    return this.get(path, 'aligned') ? `${path}/aligned` : null;
  }

  list(): SlotInfo[] {
    return [...this.#slots].flatMap(([id, { adapter: { path, provenance } }]) => {
      const stage = stageOf(id);
      return stage === 'start' ? [] : [{ path, stage, provenance }];
    });
  }

  /** @param positives see `Slot` */
  async set(search: Client<SearchApi>, index: string, stage: Kept, adapter: LinearAdapter, positives: ReadonlySet<string> | null): Promise<void> {
    const id: SlotId = `${adapter.path}/${stage}`;
    await search.call('setAdapter', { id, adapter });
    this.#slots.set(id, { adapter, positives });
    try {
      await search.call('writeFile', { name: fileName(index, id), bytes: writeSlot({ adapter, positives }) });
    } catch (error) {
      // The adapter works from memory all the same; a store without room is told by the index's own status.
      if (!isEraError(error, 'quota') && !isEraError(error, 'storage')) throw error;
    }
  }

  /** Takes up an adapter for this visit only: the site that publishes it brings it again. */
  async adopt(search: Client<SearchApi>, stage: Stage, adapter: LinearAdapter): Promise<void> {
    const id: SlotId = `${adapter.path}/${stage}`;
    await search.call('setAdapter', { id, adapter });
    this.#slots.set(id, { adapter, positives: null });
  }

  async remove(search: Client<SearchApi>, index: string, stages: readonly Kept[], paths: readonly QueryPath[] = PATHS): Promise<void> {
    const ids = paths.flatMap((path) => stages.map((stage): SlotId => `${path}/${stage}`));
    for (const id of ids) {
      this.#slots.delete(id);
      await search.call('setAdapter', { id, adapter: null });
    }
    for (const id of ids) await search.call('removeFile', { name: fileName(index, id) });
  }

  /** Forgets all, then takes up what an earlier visit left for this index, where it fits the spaces of today. */
  async restore(search: Client<SearchApi>, index: string, to: Space, from: { readonly local: Space | null; readonly remote: Space | null }): Promise<void> {
    this.#slots.clear();
    for (const id of PATHS.flatMap((path) => (['start', ...STAGES] as const).map((stage): SlotId => `${path}/${stage}`))) {
      const bytes = await search.call('readFile', { name: fileName(index, id) });
      const slot = bytes ? readSlot(bytes) : null;
      const fits = slot !== null && fitsSpaces(slot.adapter, to, from);
      if (fits) this.#slots.set(id, slot);
      await search.call('setAdapter', { id, adapter: fits ? slot.adapter : null });
    }
  }

  /** Gives a fresh search worker what the last one had. */
  async replay(search: Client<SearchApi>): Promise<void> {
    for (const [id, { adapter }] of this.#slots) await search.call('setAdapter', { id, adapter });
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

/** Adapter and passages in one file, so that they are always of the same run. */
function writeSlot({ adapter, positives }: Slot): Uint8Array<ArrayBuffer> {
  const noted = positives === null ? {} : { [POSITIVES]: JSON.stringify([...positives]) };
  return writeAdapter({ ...adapter, provenance: { ...adapter.provenance, ...noted } });
}

/** Null for a file that cannot be read: the store is a cache. */
function readSlot(bytes: Uint8Array<ArrayBuffer>): Slot | null {
  try {
    const adapter = readAdapter(bytes);
    const { [POSITIVES]: ids, ...provenance } = adapter.provenance;
    return { adapter: { ...adapter, provenance }, positives: ids === undefined ? null : parseIds(ids) };
  } catch (error) {
    if (isEraError(error)) return null;
    throw error;
  }
}

function parseIds(json: string): ReadonlySet<string> | null {
  try {
    const ids: unknown = JSON.parse(json);
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? new Set(ids) : null;
  } catch {
    return null;
  }
}

const fileName = (index: string, id: SlotId): string => `adapter/${index}/${id}`;
