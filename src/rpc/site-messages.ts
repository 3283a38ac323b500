// What page and search worker say to each other about a site.

import type { QueryPath } from '../adapter/adapter.ts';
import type { Matrix } from '../math/vector.ts';
import type { CollectionFindings } from '../search/collection.ts';
import type { FilterCounts } from '../search/hits.ts';
import type { Space } from '../space.ts';

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
  /** sha-256 of the index file that the whole site makes; null for a site without vectors. */
  readonly index: string | null;
  /** Trained adapters that the site publishes for the paths that were asked for; `siteFile` gives their bytes. */
  readonly adapters: readonly { readonly path: QueryPath; readonly stage: 'aligned' | 'adapted'; readonly file: string }[];
  /** `store`: everything is in the browser. */
  readonly source: 'network' | 'store';
  /** Why nothing of it rests in the browser, where that was not asked for; null where it does or nothing is complete yet. */
  readonly storeProblem: string | null;
}

/** What models made of a query: vectors, one row each, and the id of the adapter that they go through; null for the local vector as it is. */
export interface QueryReading {
  readonly local: Matrix | null;
  readonly remote: Matrix | null;
  readonly adapter: string | null;
}

export interface SiteFindings extends CollectionFindings {
  readonly index: 'network' | 'store';
}
