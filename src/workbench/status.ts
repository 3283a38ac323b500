// Status of the engine and of its open collection for the page, as one object.

import type { Collection, CollectionInfo, CollectionStatus, Engine, EngineStatus } from '../index.ts';

export interface PageStatus extends EngineStatus, Omit<CollectionStatus, 'info' | 'encoder'> {
  /** Null where no collection is open. */
  readonly info: CollectionInfo | null;
}

const NONE: Omit<CollectionStatus, 'info' | 'encoder'> = {
  trainer: { device: null, refused: [], running: null },
  adapters: [],
  refusedAdapters: [],
};

export function statusOf(engine: Engine, collection: Collection | null): PageStatus {
  return { ...NONE, ...engine.status, info: null, ...collection?.status };
}
