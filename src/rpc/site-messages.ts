// What page and search worker say to each other about a site's search.

import type { FilterCounts, PageHit } from '../retrieve/site-hits.ts';
import type { Space } from '../space.ts';
import type { Matrix } from './protocol.ts';

export interface SiteInfo {
  readonly name: string;
  /** Of the manifest, absolute. */
  readonly url: string;
  readonly build: string;
  readonly pages: number;
  readonly passages: number;
  /** The language of most pages first. */
  readonly languages: readonly string[];
  /** Filter → value → pages of the whole site. */
  readonly filters: FilterCounts;
  /** Keys that results can be sorted by. */
  readonly sortKeys: readonly string[];
  /** Bytes that `completeSite` has still to download; 0 when everything is here. */
  readonly missingBytes: number;
  /** Space of the passages' vectors; null for a site without vectors, which is searched by keywords alone. */
  readonly space: Space | null;
  /** The model that made them, with the address of its files (null where the site does not publish them); null for a site without vectors. */
  readonly encoder: { readonly model: string; readonly modelBase: string | null } | null;
  /** Trained adapters that the site publishes. */
  readonly adapters: readonly { readonly path: 'local' | 'remote' | 'both'; readonly stage: 'aligned' | 'adapted'; readonly url: string }[];
  /** `store`: everything is in the browser. */
  readonly source: 'network' | 'store';
}

export interface SiteQuery {
  readonly text: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly language: string | null;
  readonly sort: { readonly by: string; readonly order: 'asc' | 'desc' } | null;
  readonly limit: number;
  readonly sections: number;
  readonly snippetLength: number;
  readonly explain: boolean;
  /** Vectors of the query, one row each, and the id of the adapter they go through; null for keywords alone. */
  readonly vectors: { readonly local: Matrix | null; readonly remote: Matrix | null; readonly adapter: string | null } | null;
}

export interface SiteFindings {
  readonly pages: readonly PageHit[];
  /** Pages that were found, before the limit. */
  readonly total: number;
  readonly filters: FilterCounts;
  /** `keyword` where no vectors were given or the passages' are not here yet. */
  readonly ranking: 'hybrid' | 'keyword';
  readonly index: 'network' | 'store';
  readonly corrections: readonly { readonly typed: string; readonly used: string }[];
  readonly keywordMs: number;
  readonly scanMs: number;
}
