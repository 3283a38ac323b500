// Status of the engine: which part runs on which device, and what was refused, with the reason.

import type { Refusal } from '../device.ts';
import type { Progress } from '../progress.ts';
import type { CollectionInfo } from '../rpc/collection-messages.ts';
import type { Space } from '../space.ts';
import type { SlotInfo } from './adapters.ts';

export interface EncoderStatus {
  readonly state: 'off' | 'idle' | 'loading' | 'ready' | 'failed';
  readonly device: string | null;
  readonly space: Space | null;
  readonly refused: readonly Refusal[];
  readonly load: Progress | null;
  readonly problem: string | null;
}

export interface RemoteStatus {
  readonly state: 'off' | 'unknown' | 'ready' | 'away';
  readonly model: string | null;
  readonly problem: string | null;
}

export interface TrainerStatus {
  readonly device: string | null;
  readonly refused: readonly Refusal[];
  readonly running: 'align' | 'adapt' | 'evaluate' | 'learning-curve' | null;
}

export interface CollectionStatus {
  readonly info: CollectionInfo;
  /** Status of the model that the passages were embedded with; the engine's where the collection has no vectors. */
  readonly encoder: EncoderStatus;
  readonly trainer: TrainerStatus;
  readonly adapters: readonly SlotInfo[];
  /** Adapters that are published with the collection and are not used, with the reason. */
  readonly refusedAdapters: readonly { readonly file: string; readonly reason: string }[];
}

export interface EngineStatus {
  /** Status of the model that was used last. */
  readonly encoder: EncoderStatus;
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
