// Messages between page and search worker about a collection.

import type { QueryPath, QueryVectors } from '../adapter/adapter.ts';
import type { Refusal } from '../device.ts';
import type { Curation } from '../format/curation.ts';
import type { Matrix } from '../math/vector.ts';
import type { ScanKind } from '../scan/scan.ts';
import type { ChosenFilters } from '../search/filters.ts';
import type { FilterCounts } from '../search/hits.ts';
import type { Space } from '../space.ts';

/** What an open collection is, and how much of it is in the browser. */
export interface CollectionInfo {
  /** Name under which it is stored in the browser. */
  readonly name: string;
  /** Absolute address of the manifest; null for a collection that was built in a page. */
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
  /** Filters of a search that does not name them, such as the current version of a documentation. */
  readonly defaultFilters: ChosenFilters;
  /** Keys that results can be sorted by. */
  readonly sortKeys: readonly string[];
  /** What the site's owner says about its search, as published or as `tune` tries it; null for nothing. */
  readonly curation: Curation | null;
  /** Size of all its parts, as they are stored. */
  readonly bytes: number;
  /** Bytes that `download` still has to fetch; 0 when the collection is complete. */
  readonly missingBytes: number;
  /** Space of the passages' vectors; null for a collection without vectors, which is searched by keywords alone. */
  readonly space: Space | null;
  /**
   * The model that made them, with the address of its files (null where these are not published); null for a collection
   * without vectors.
   */
  readonly encoder: { readonly model: string; readonly modelBase: string | null } | null;
  /** Whether its static query encoder can read queries without a model. */
  readonly readsWithoutModel: boolean;
  /** Published trained adapters for the possible paths. */
  readonly adapters: readonly {
    readonly path: QueryPath;
    readonly stage: 'aligned' | 'adapted';
    readonly file: string;
  }[];
  /** `store`: the collection is completely in the browser. */
  readonly source: 'network' | 'store';
  /** Where a copy is kept; `memory` ends with the tab. */
  readonly store: 'indexeddb' | 'memory';
  /** Why it is in memory only, where that was not asked for; null where it is stored, or not yet complete. */
  readonly storeProblem: string | null;
  /** An extension's retriever, in place of the vectors; null for none. */
  readonly retriever: { readonly needsVector: boolean } | null;
  /** The device that compares vectors; null until they are loaded. */
  readonly vectors: {
    readonly scan: ScanKind;
    readonly scanRefused: readonly Refusal[];
    /** Whether GPU and WebAssembly were timed at an earlier visit, and not now. */
    readonly scanKept: boolean;
  } | null;
}

/** Texts by each reader, [n, dims]; null where it was not asked. */
export type ReadTexts = Readonly<Record<keyof QueryVectors, Matrix | null>>;

/**
 * A query as it was read, one row each, and the id of the adapter that it goes through; null for the vector of the
 * static encoder or the small model without an adapter.
 */
export interface QueryReading extends ReadTexts {
  readonly path: QueryPath;
  readonly adapter: string | null;
  /** Whether that adapter learned from labels. */
  readonly isLabelled: boolean;
}
