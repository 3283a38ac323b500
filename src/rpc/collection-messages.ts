// What page and search worker say to each other about a collection.

import type { QueryPath } from '../adapter/adapter.ts';
import type { Refusal } from '../device.ts';
import type { Matrix } from '../math/vector.ts';
import type { ScanKind } from '../scan/scan.ts';
import type { FilterCounts } from '../search/hits.ts';
import type { Space } from '../space.ts';

/** What an open collection is, and how much of it is in the browser. */
export interface CollectionInfo {
  /** Under which it rests in the browser. */
  readonly name: string;
  /** Of the manifest, absolute; null for one that was built in a page. */
  readonly url: string | null;
  /** `built`: in a page, by `Engine.build`. */
  readonly origin: 'network' | 'built';
  /** Hash of its content. */
  readonly build: string;
  /** Pages in it. */
  readonly pages: number;
  /** Passages in it. */
  readonly passages: number;
  /** The language of most pages first. */
  readonly languages: readonly string[];
  /** Filter → value → pages of the whole collection. */
  readonly filters: FilterCounts;
  /** Keys that results can be sorted by. */
  readonly sortKeys: readonly string[];
  /** Of all its parts, as they are stored. */
  readonly bytes: number;
  /** Bytes that `download` has still to bring; 0 when everything is here. */
  readonly missingBytes: number;
  /** Space of the passages' vectors; null for a collection without vectors, which is searched by keywords alone. */
  readonly space: Space | null;
  /**
   * The model that made them, with the address of its files (null where these are not published); null for a collection
   * without vectors.
   */
  readonly encoder: { readonly model: string; readonly modelBase: string | null } | null;
  /** Trained adapters that are published with it for the paths that are possible. */
  readonly adapters: readonly {
    readonly path: QueryPath;
    readonly stage: 'aligned' | 'adapted';
    readonly file: string;
  }[];
  /** `store`: everything is in the browser. */
  readonly source: 'network' | 'store';
  /** Where a copy is kept; `memory` ends with the tab. */
  readonly store: 'indexeddb' | 'memory';
  /** Why it rests in memory only, where that was not asked for; null where it does not, or nothing is complete yet. */
  readonly storeProblem: string | null;
  /** An extension's retriever, in place of the vectors; null for none. */
  readonly retriever: { readonly needsVector: boolean } | null;
  /** Where they are compared; null until they are here. */
  readonly vectors: { readonly scan: ScanKind; readonly scanRefused: readonly Refusal[] } | null;
}

/**
 * What models made of a query: vectors, one row each, and the id of the adapter that they go through; null for the
 * local vector as it is.
 */
export interface QueryReading {
  readonly local: Matrix | null;
  readonly remote: Matrix | null;
  readonly adapter: string | null;
}
