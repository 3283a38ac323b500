// The search of a whole site, as the page asks for it and is answered. engine.ts has the calls, search/ the work.

import type { QueryPath } from '../adapter/adapter.ts';
import type { TrainerName } from '../adapter/trainer.ts';
import type { EraError } from '../errors.ts';
import type { Findings, SearchOptions } from '../search/query.ts';
import type { TransferProgress } from '../progress.ts';
import type { Stage, UsedAdapter } from './adapters.ts';

export interface OpenSiteOptions {
  /** Address of the folder or of the `era-search.json` in it. */
  readonly url: string;
  /** Name under which the site rests in the browser. @default the address */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SiteSearchOptions extends SearchOptions {
  /** `off`: keywords alone. @default 'auto' */
  readonly semantic?: 'auto' | 'off' | undefined;
  /** `load`: start the document model in the page when it is needed and is not there; else it answers only once `warmUp` was called. @default 'if-ready' */
  readonly encoder?: 'if-ready' | 'load' | undefined;
  /** @default the best that the vectors at hand allow: both, else remote, else local */
  readonly path?: QueryPath | undefined;
  /** As for `search`. @default 'best' */
  readonly stage?: Stage | 'best' | 'none' | undefined;
  /** Whose adapter; the default trainer's where it has none. @default 'closed-form' */
  readonly trainer?: TrainerName | undefined;
  /** Called with the keyword answer while the query's vector is still under way; not called where there is nothing to wait for. */
  readonly onKeyword?: ((answer: SiteAnswer) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where the answer came from: the honest state line. */
export interface AnswerSource extends UsedAdapter {
  /** `keyword`: no query vector or no passage vectors yet. */
  readonly ranking: 'hybrid' | 'keyword';
  /** Who read the query: `remote` model just now, `cache` of its answers, `local` document model, nobody. */
  readonly vector: 'remote' | 'cache' | 'local' | 'none';
  readonly path: QueryPath | null;
  /** `network` while parts are fetched on need. */
  readonly index: 'network' | 'store';
}

export interface SiteAnswer extends Omit<Findings, 'ranking'> {
  readonly query: string;
  readonly source: AnswerSource;
  /** Why the answer is less than was asked for. */
  readonly degraded?: EraError;
  readonly timings: { readonly keywordMs: number; readonly vectorMs: number; readonly scanMs: number; readonly totalMs: number };
}

export interface CompleteSiteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}
