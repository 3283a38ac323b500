// Options and results of a collection's search: types only.

import type { CollectionRecord } from '../build/records.ts';
import type { QueryPath } from '../adapter/adapter.ts';
import type { TrainerName } from '../adapter/trainer.ts';
import type { OnProgress } from '../progress.ts';
import type { SearchOptions as Question } from '../search/query.ts';
import type { Stage } from '../answer.ts';

/** How a collection is opened. */
export interface OpenOptions {
  /** Name under which the collection is stored in the browser. @default its address */
  readonly name?: string | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How the parts of a collection are downloaded. */
export interface DownloadOptions {
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  readonly onProgress?: OnProgress | undefined;
}

/** How a collection is made of records in a page. */
export interface BuildOptions {
  /** Name under which the collection is stored in the browser. */
  readonly name: string;
  /** Base address of relative addresses in the records. @default the page's */
  readonly root?: string | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  readonly onProgress?: OnProgress | undefined;
}

/** What changes in a collection that was built in the page. */
export interface CollectionChanges {
  /** Records that are new, or take the place of those with their ids or addresses. @default none */
  readonly put?: readonly CollectionRecord[] | undefined;
  /** Ids of records, or addresses of those without one; unknown ones change nothing. @default none */
  readonly remove?: readonly string[] | undefined;
}

/** What a page can ask of a search, besides the query. */
export interface SearchOptions extends Question {
  /**
   * Which models read the query. @default the engine's; else the best that the available vectors allow: both, else
   * remote, else local
   */
  readonly path?: QueryPath | undefined;
  /** `best`: adapted, else aligned, else none. `none`: the small model's vector without an adapter. @default 'best' */
  readonly stage?: Stage | 'best' | 'none' | undefined;
  /** Trainer of the adapter; the default trainer's where this one has none. @default 'closed-form' */
  readonly trainer?: TrainerName | undefined;
  /**
   * `if-ready`: the small model reads queries only once it is loaded (`warmUp`). `load`: it is loaded when it is
   * needed. @default 'load'
   */
  readonly encoder?: 'if-ready' | 'load' | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}
