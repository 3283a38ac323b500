// The search of a whole site, as the page asks for it and is answered. engine.ts has the calls, workers/site-session.ts the work.

import type { QueryPath } from '../adapter/adapter.ts';
import type { TrainerName } from '../adapter/trainer.ts';
import type { EraError } from '../errors.ts';
import type { FilterCounts, PageHit } from '../retrieve/site-hits.ts';
import type { TransferProgress } from '../store/store.ts';
import type { Stage, UsedAdapter } from './adapters.ts';

export interface OpenSiteOptions {
  /** Address of the folder or of the `era-search.json` in it. */
  readonly url: string;
  /** Name under which the site rests in the browser. @default the address */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SiteSearchOptions {
  /** Filter → value or values, any of which a page must have. */
  readonly filters?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Only pages of this language (`en` takes `en-gb` too) and pages that name none. @default all */
  readonly language?: string | undefined;
  /** Instead of by relevance. */
  readonly sort?: { readonly by: string; readonly order: 'asc' | 'desc' } | undefined;
  /** Pages wanted, 1 to 100. @default 10 */
  readonly limit?: number | undefined;
  /** Sections a page, 1 to 10. @default 3 */
  readonly sections?: number | undefined;
  /** Characters of a snippet, 40 to 1000. @default 180 */
  readonly snippetLength?: number | undefined;
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
  /** Gives every section its explanation. @default false */
  readonly explain?: boolean | undefined;
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

export interface SiteAnswer {
  readonly query: string;
  readonly pages: readonly PageHit[];
  /** Pages that were found, before the limit. */
  readonly total: number;
  readonly filters: FilterCounts;
  readonly source: AnswerSource;
  /** Words that were not in the index and what they were taken for. */
  readonly corrections: readonly { readonly typed: string; readonly used: string }[];
  /** Why the answer is less than was asked for. */
  readonly degraded?: EraError;
  readonly timings: { readonly keywordMs: number; readonly vectorMs: number; readonly scanMs: number; readonly totalMs: number };
}

export interface CompleteSiteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}
