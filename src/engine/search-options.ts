// What a page can ask of an index, and what it gets back: types only.

import type { QueryPath } from '../adapter/adapter.ts';
import type { TrainerName } from '../adapter/trainer.ts';
import type { EraError } from '../errors.ts';
import type { PassageHit } from '../rpc/protocol.ts';
import type { TransferProgress } from '../progress.ts';
import type { Stage, UsedAdapter } from './adapters.ts';
import type { RemoteSource } from './query-vectors.ts';

export interface IndexOptions {
  /** Name under which the index rests in the browser. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenIndexOptions extends IndexOptions {
  /** Address of the folder or of the `index.json` that `era-search index` wrote; leave out to open what the browser has. */
  readonly url?: string | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

export interface BuildIndexOptions extends IndexOptions {
  readonly onProgress?: ((progress: { readonly donePassages: number; readonly totalPassages: number }) => void) | undefined;
}

export interface SearchOptions {
  /** Hits wanted, 1 to 1000. @default 10 */
  readonly k?: number | undefined;
  /** @default the engine's */
  readonly path?: QueryPath | undefined;
  /** `best`: adapted, else aligned, else none. `none`: the small model's vector as it is. @default 'best' */
  readonly stage?: Stage | 'best' | 'none' | undefined;
  /** Whose adapter. @default 'closed-form' */
  readonly trainer?: TrainerName | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchResult extends UsedAdapter {
  readonly hits: readonly PassageHit[];
  /** The path taken: `local` where the remote model is away. */
  readonly path: QueryPath;
  readonly remoteSource: RemoteSource;
  /** Why another path than the one asked for was taken. */
  readonly degraded?: EraError;
  readonly timings: { readonly localMs: number; readonly remoteMs: number; readonly scanMs: number };
}
