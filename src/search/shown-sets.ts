// The passages that a query's answer may show: those in the visitor's language, and of these those that pass the filters.

import { LruCache } from '../lru-cache.ts';
import type { Documents } from './documents.ts';
import { nearestVariant, passes, speaks, type PageFacts } from './filters.ts';
import type { Among } from './hybrid-retriever.ts';
import type { SearchQuery } from './query.ts';

/** Queries with other filters that are remembered. */
const KEPT = 4;

export class ShownSets {
  readonly #collection: Pick<Documents, 'languages' | 'defaultFilters'>;
  readonly #facts: readonly PageFacts[];
  readonly #pages: Int32Array;
  /** A set stays the same object, since a scanner prepares for each. */
  readonly #known = new LruCache<string, Among>(KEPT);

  /** @param facts of each page @param pages the page of each passage */
  constructor(
    collection: Pick<Documents, 'languages' | 'defaultFilters'>,
    facts: readonly PageFacts[],
    pages: Int32Array,
  ) {
    this.#collection = collection;
    this.#facts = facts;
    this.#pages = pages;
  }

  /** The second where it leaves something out; the first too where that does, or where there is a second. */
  of({ language, filters }: Pick<SearchQuery, 'language' | 'filters'>): Among {
    const { languages, defaultFilters } = this.#collection;
    const wanted = nearestVariant(language, languages);
    const chosen = { ...defaultFilters, ...filters };
    const key = JSON.stringify([wanted, chosen]);
    const known = this.#known.get(key);
    if (known) return known;
    const spoken = this.#facts.map((facts) => speaks(facts, wanted));
    const passing = this.#facts.map((facts, page) => spoken[page]! && passes(facts, chosen));
    const narrows = passing.some((does, page) => does !== spoken[page]);
    const among = [
      ...(narrows || spoken.includes(false) ? [this.#setOf(spoken)] : []),
      ...(narrows ? [this.#setOf(passing)] : []),
    ];
    this.#known.set(key, among);
    return among;
  }

  #setOf(pages: readonly boolean[]): Uint8Array {
    return Uint8Array.from(this.#pages, (page) => Number(pages[page]));
  }
}
