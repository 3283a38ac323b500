// What runs where, and what was refused and why: the engine's answer to “is it working?”.

import type { QueryPath } from '../adapter/adapter.ts';
import type { Refusal } from '../device.ts';
import type { LoadProgress } from '../encode/encoder.ts';
import type { IndexInfo } from '../rpc/protocol.ts';
import type { SiteInfo } from '../rpc/site-messages.ts';
import type { Space } from '../space.ts';
import type { SlotInfo } from './adapters.ts';

export interface EncoderStatus {
  readonly state: 'off' | 'idle' | 'loading' | 'ready' | 'failed';
  readonly device: string | null;
  readonly space: Space | null;
  readonly refused: readonly Refusal[];
  readonly load: LoadProgress | null;
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

export interface SiteStatus extends SiteInfo {
  /** Adapters that the site publishes and that are not used, with the reason. */
  readonly refusedAdapters: readonly { readonly file: string; readonly reason: string }[];
}

export interface EngineStatus {
  readonly path: QueryPath;
  readonly encoder: EncoderStatus;
  readonly remote: RemoteStatus;
  readonly trainer: TrainerStatus;
  readonly index: IndexInfo | null;
  readonly site: SiteStatus | null;
  readonly adapters: readonly SlotInfo[];
}
