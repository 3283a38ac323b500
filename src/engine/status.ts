// Status of the engine: which part runs on which device, and what was refused, with the reason.

import type { Refusal } from '../device.ts';
import type { Progress } from '../progress.ts';
import type { CollectionInfo } from '../rpc/collection-messages.ts';
import type { Space } from '../space.ts';
import type { SlotInfo } from './adapters.ts';

/** How the small model in the page is. */
export interface EncoderStatus {
  /** `off`: the page has none; `idle`: it is not loaded yet. */
  readonly state: 'off' | 'idle' | 'loading' | 'ready' | 'failed';
  /** The device that runs it; null until it is loaded. */
  readonly device: string | null;
  /** What its vectors are; null until it is loaded. */
  readonly space: Space | null;
  /** Devices that were tried and not used. */
  readonly refused: readonly Refusal[];
  /** How far loading is; null while nothing loads. */
  readonly load: Progress | null;
  /** Why it failed, for people; null where it did not. */
  readonly problem: string | null;
}

/** How the query model behind an API is. */
export interface RemoteStatus {
  /** `off`: the page has none; `unknown`: it was not asked yet; `away`: the last request failed. */
  readonly state: 'off' | 'unknown' | 'ready' | 'away';
  /** Its name; null where there is none. */
  readonly model: string | null;
  /** Why the last request failed, for people; null where it did not. */
  readonly problem: string | null;
}

/** What trains adapters, and whether it does just now. */
export interface TrainerStatus {
  /** The device that it used last; null where it has not run. */
  readonly device: string | null;
  /** Devices that were tried and not used. */
  readonly refused: readonly Refusal[];
  /** What runs now; null for nothing. */
  readonly running: 'align' | 'adapt' | 'evaluate' | 'learning-curve' | null;
}

/** What runs where for a collection, and what was refused and why. */
export interface CollectionStatus {
  /** What the collection is and where it rests. */
  readonly info: CollectionInfo;
  /** Status of the model that the passages were embedded with; the engine's where the collection has no vectors. */
  readonly encoder: EncoderStatus;
  /** What trains its adapters. */
  readonly trainer: TrainerStatus;
  /** The adapters that it has. */
  readonly adapters: readonly SlotInfo[];
  /** Adapters that are published with the collection and are not used, with the reason. */
  readonly refusedAdapters: readonly { readonly file: string; readonly reason: string }[];
}

/** What runs where for the engine. */
export interface EngineStatus {
  /** Status of the model that was used last. */
  readonly encoder: EncoderStatus;
  /** Of the query model behind an API. */
  readonly remote: RemoteStatus;
}

export const IDLE: EncoderStatus = { state: 'idle', device: null, space: null, refused: [], load: null, problem: null };
export const OFF: EncoderStatus = { ...IDLE, state: 'off' };
export const UNTRAINED: TrainerStatus = { device: null, refused: [], running: null };

export interface VectorOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of texts that have been read. */
  readonly onDone?: ((done: number, total: number) => void) | undefined;
}
