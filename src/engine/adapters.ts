// The adapters of an open collection: one for each path, trainer and stage, mirrored into the search worker and kept
// beside the collection in the store.

import { PATH_READERS, QUERY_PATHS, type LinearAdapter, type QueryPath } from '../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../adapter/file.ts';
import { DEFAULT_TRAINER, TRAINERS, type TrainerName } from '../adapter/trainer.ts';
import type { Stage, UsedAdapter } from '../answer.ts';
import { isEraError } from '../errors.ts';
import type { Client } from '../rpc/client.ts';
import type { SearchApi } from '../rpc/protocol.ts';
import { isNotStored } from '../store/storage-error.ts';
import { parseSpaceId, relateSpaces, type Space } from '../space.ts';

/**
 * `start` is the map that labels are learned on top of, where that is not the aligned map itself; searches never use
 * it.
 */
type Kept = Stage | 'start';
type SlotId = `${QueryPath}/${TrainerName}/${Kept}`;
export type SearchSlotId = `${QueryPath}/${TrainerName}/${Stage}`;

export const STAGES: readonly Stage[] = ['aligned', 'adapted'];
export const KEPT: readonly Kept[] = ['start', ...STAGES];
/** Metadata key of the stored file only: ids of the passages that the labels call relevant, as a JSON list. */
const POSITIVES = 'positives';

export function usedAdapter(id: SearchSlotId | null): UsedAdapter {
  if (id === null) return { stage: 'none', trainer: null };
  const [, trainer, stage] = id.split('/') as [QueryPath, TrainerName, Stage];
  return { stage, trainer };
}

/** An adapter that a collection has. */
export interface SlotInfo {
  /** Whose query vectors it maps. */
  readonly path: QueryPath;
  /** Who trained it. */
  readonly trainer: TrainerName;
  /** What it learned from. */
  readonly stage: Stage;
  /** How it was made, from the adapter file. */
  readonly provenance: Readonly<Record<string, string>>;
  /** Whether the next visit has it: false where the browser had no room for it, or keeps nothing. */
  readonly isKept: boolean;
}

interface Slot {
  readonly adapter: LinearAdapter;
  readonly isKept: boolean;
  /**
   * Ids of the relevant passages in the labels it was adapted with, empty where it needed none; null where they are not
   * known.
   */
  readonly positives: ReadonlySet<string> | null;
}

export class AdapterSlots {
  readonly #collection: number;
  readonly #name: string;
  readonly #slots = new Map<SlotId, Slot>();

  /**
   * @param collection number that the worker knows the collection by
   * @param name under which the collection is in the store
   */
  constructor(collection: number, name: string) {
    this.#collection = collection;
    this.#name = name;
  }

  get(path: QueryPath, trainer: TrainerName, stage: Kept): LinearAdapter | undefined {
    return this.#slots.get(`${path}/${trainer}/${stage}`)?.adapter;
  }

  positives(path: QueryPath, trainer: TrainerName, stage: Stage): ReadonlySet<string> | null {
    return this.#slots.get(`${path}/${trainer}/${stage}`)?.positives ?? null;
  }

  /** The adapter of a stage, or the trainer's best for `path`: adapted, else aligned; null for none. */
  find(path: QueryPath, trainer: TrainerName, stage: Stage | 'best'): SearchSlotId | null {
    const chosen = stage !== 'best' ? stage : this.get(path, trainer, 'adapted') ? 'adapted' : 'aligned';
    return this.get(path, trainer, chosen) ? `${path}/${trainer}/${chosen}` : null;
  }

  list(): SlotInfo[] {
    return [...this.#slots].flatMap(
      ([
        id,
        {
          adapter: { path, provenance },
          isKept,
        },
      ]) => {
        const [, trainer, stage] = id.split('/') as [QueryPath, TrainerName, Kept];
        return stage === 'start' ? [] : [{ path, trainer, stage, provenance, isKept }];
      },
    );
  }

  /** @param positives see `Slot` */
  async set(
    search: Client<SearchApi>,
    trainer: TrainerName,
    stage: Kept,
    adapter: LinearAdapter,
    positives: ReadonlySet<string> | null,
  ): Promise<void> {
    const id: SlotId = `${adapter.path}/${trainer}/${stage}`;
    await search.call('setAdapter', { collection: this.#collection, id, adapter });
    this.#slots.set(id, { adapter, positives, isKept: false });
    const isKept = await this.#keep(search, fileName(this.#name, adapter.path, trainer, stage), { adapter, positives });
    this.#slots.set(id, { adapter, positives, isKept });
  }

  /** @returns whether it is stored; where it is not, an older one is not left in its place */
  async #keep(search: Client<SearchApi>, name: string, slot: Pick<Slot, 'adapter' | 'positives'>): Promise<boolean> {
    try {
      return await search.call('writeFile', { name, bytes: writeSlot(slot) });
    } catch (error) {
      if (!isNotStored(error)) throw error;
      await search.call('removeFile', { name }).catch((reason: unknown) => {
        if (!isNotStored(reason)) throw reason;
      });
      return false;
    }
  }

  /**
   * Uses an adapter for this visit only, as the default trainer's: the collection that publishes it provides it at the
   * next visit too.
   */
  async adopt(search: Client<SearchApi>, stage: Stage, adapter: LinearAdapter): Promise<void> {
    const id: SlotId = `${adapter.path}/${DEFAULT_TRAINER}/${stage}`;
    await search.call('setAdapter', { collection: this.#collection, id, adapter });
    this.#slots.set(id, { adapter, positives: null, isKept: true });
  }

  async remove(
    search: Client<SearchApi>,
    trainers: readonly TrainerName[],
    stages: readonly Kept[],
    paths: readonly QueryPath[] = QUERY_PATHS,
  ): Promise<void> {
    const slots = slotsOf(paths, trainers, stages);
    for (const [path, trainer, stage] of slots) {
      const id: SlotId = `${path}/${trainer}/${stage}`;
      this.#slots.delete(id);
      await search.call('setAdapter', { collection: this.#collection, id, adapter: null });
    }
    for (const slot of slots) await search.call('removeFile', { name: fileName(this.#name, ...slot) });
  }

  /**
   * Forgets all adapters, then loads those that earlier visits stored for this collection and that fit the present
   * spaces.
   */
  async restore(
    search: Client<SearchApi>,
    to: Space,
    from: { readonly local: Space | null; readonly remote: Space | null },
  ): Promise<void> {
    this.#slots.clear();
    for (const [path, trainer, stage] of slotsOf(QUERY_PATHS, TRAINERS, KEPT)) {
      const id: SlotId = `${path}/${trainer}/${stage}`;
      const bytes = await search.call('readFile', { name: fileName(this.#name, path, trainer, stage) });
      const slot = bytes ? readSlot(bytes) : null;
      const fits = slot !== null && fitsSpaces(slot.adapter, to, from);
      if (fits) this.#slots.set(id, slot);
      await search.call('setAdapter', { collection: this.#collection, id, adapter: fits ? slot.adapter : null });
    }
  }

  /** Gives a restarted search worker the adapters of its predecessor. */
  async replay(search: Client<SearchApi>): Promise<void> {
    for (const [id, { adapter }] of this.#slots)
      await search.call('setAdapter', { collection: this.#collection, id, adapter });
  }
}

/** True when the adapter maps from these encoders' spaces (those that are known) to the index's. */
export function fitsSpaces(
  adapter: LinearAdapter,
  to: Space,
  from: { readonly local: Space | null; readonly remote: Space | null },
): boolean {
  const known = PATH_READERS[adapter.path].map((reader) => (reader === 'static' ? to : from[reader]));
  return (
    relateSpaces(parseSpaceId(adapter.to), to) !== 'different' &&
    known.length === adapter.from.length &&
    known.every((space, i) => space === null || sameButForDims(parseSpaceId(adapter.from[i]!), space))
  );
}

/** The dimensions of a remote model are not known before its first answer; the adapter checks them when it is used. */
function sameButForDims(a: Space, b: Space): boolean {
  return (
    relateSpaces({ ...a, dims: 0 }, { ...b, dims: 0 }) !== 'different' &&
    (a.dims === b.dims || a.dims === 0 || b.dims === 0)
  );
}

/** Writes adapter and passages into one file, so that they are always of the same run. */
function writeSlot({ adapter, positives }: Pick<Slot, 'adapter' | 'positives'>): Uint8Array<ArrayBuffer> {
  const noted = positives === null ? {} : { [POSITIVES]: JSON.stringify([...positives]) };
  return writeAdapter({ ...adapter, provenance: { ...adapter.provenance, ...noted } });
}

/** Null for a file that cannot be read: the store is a cache. */
function readSlot(bytes: Uint8Array<ArrayBuffer>): Slot | null {
  try {
    const adapter = readAdapter(bytes);
    const { [POSITIVES]: ids, ...provenance } = adapter.provenance;
    return { adapter: { ...adapter, provenance }, positives: ids === undefined ? null : parseIds(ids), isKept: true };
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

function slotsOf(
  paths: readonly QueryPath[],
  trainers: readonly TrainerName[],
  stages: readonly Kept[],
): [QueryPath, TrainerName, Kept][] {
  return paths.flatMap((path) =>
    trainers.flatMap((trainer) => stages.map((stage): [QueryPath, TrainerName, Kept] => [path, trainer, stage])),
  );
}

/**
 * The default trainer's files have no trainer in their names: browsers have stored them under these names since before
 * there was a second trainer.
 */
function fileName(index: string, path: QueryPath, trainer: TrainerName, stage: Kept): string {
  return `adapter/${index}/${path}/${trainer === DEFAULT_TRAINER ? '' : `${trainer}-`}${stage}`;
}
