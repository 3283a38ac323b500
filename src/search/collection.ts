// A published collection: its keyword index, pages and passages, fetched when they are asked for, and the one search over them. The page's
// worker and Node open it alike; vectors are given to it once they are here.

import type { Analyzer } from '../analysis/analyzer.ts';
import { analyzerOf } from '../analysis/analyzers.ts';
import { EraError, isEraError } from '../errors.ts';
import type { NumberedPassage, SitePage } from '../format/site.ts';
import { assembleIndex } from '../format/site-index.ts';
import { decodeFacets, type SiteFacets } from '../format/site-facets.ts';
import type { NumberedPart, SiteManifest, SitePart } from '../format/site-manifest.ts';
import { decodePagePart, decodeTextPart, decodeVectorPart, joinVectorParts } from '../format/site-parts.ts';
import { KeywordIndex } from '../lexical/keyword-index.ts';
import type { KeywordHits, KeywordSearchOptions } from '../lexical/keyword-document.ts';
import { LruCache } from '../lru-cache.ts';
import { parseSpaceId } from '../space.ts';
import type { PartSource } from '../transfer/part-source.ts';
import { answerFrom } from './answer.ts';
import type { Documents } from './documents.ts';
import type { NamedPassage } from './exact-match.ts';
import type { PageFacts } from './filters.ts';
import { HybridRetriever } from './hybrid-retriever.ts';
import { KeywordRetriever } from './keyword-retriever.ts';
import type { Findings, SearchQuery } from './query.ts';
import type { Query, RankedList, Retriever } from './retriever.ts';

/** Parts kept unpacked; others are unpacked again when they are needed again. */
const UNPACKED_PARTS = 1024;

type Unpacked<T> = LruCache<number, Promise<readonly T[]> | undefined>;

export interface CollectionFindings extends Findings {
  readonly timings: { readonly keywordMs: number; readonly scanMs: number };
}

export class Collection implements Documents {
  readonly manifest: SiteManifest;
  /** Of the manifest, absolute. */
  readonly url: string;
  readonly parts: PartSource;
  /** True once no search needs the network. */
  isComplete = false;
  readonly analyzer: Analyzer;
  readonly #root: string;
  readonly #keywords: KeywordIndex;
  readonly #facts: readonly PageFacts[];
  #pages: Unpacked<SitePage> = new LruCache(UNPACKED_PARTS);
  #texts: Unpacked<NumberedPassage> = new LruCache(UNPACKED_PARTS);

  /** Fetches what every search needs. @throws EraError `unknown-analyzer`, `network`, `timeout`, `index-format` */
  static async open(manifest: SiteManifest, url: string, parts: PartSource): Promise<Collection> {
    const { keyword, facets } = manifest;
    const analyzer = analyzerOf(manifest.analyzer);
    const [base, columns] = await Promise.all([parts.read(keyword.base, (bytes) => bytes), facets ? parts.read(facets, (bytes) => decodeFacets(bytes, manifest.pages)) : null]);
    try {
      return new Collection(manifest, url, parts, analyzer, base, factsOfPages(manifest, columns));
    } catch (error) {
      parts.drop(keyword.base);
      throw error;
    }
  }

  private constructor(manifest: SiteManifest, url: string, parts: PartSource, analyzer: Analyzer, base: Uint8Array, facts: readonly PageFacts[]) {
    this.manifest = manifest;
    this.url = url;
    this.parts = parts;
    this.analyzer = analyzer;
    this.#root = new URL(manifest.root, url).href;
    this.#facts = facts;
    const { dictionary, terms } = manifest.keyword;
    const unpacked = (part: SitePart): Promise<Uint8Array> => parts.read(part, (bytes) => bytes);
    this.#keywords = new KeywordIndex({ base, firsts: terms.map(({ first }) => first), dictionary: () => unpacked(dictionary), terms: (n) => unpacked(terms[n]!) }, { analyzer });
    const { pages } = this.#keywords;
    if (this.#keywords.count !== manifest.passages || pages.at(-1)! >= manifest.pages) throw new EraError('index-format', 'The keyword index is of another site than the manifest.');
  }

  /**
   * Pages for a query: by keywords, and by vectors too where both sides have them.
   * @param vector [dims] of the query in the passages' space, and whether it came through an adapter; null where no model has read it
   * @param dense over the collection's vectors; null while they are not here
   * @throws EraError `network`, `timeout`, `index-format` for a part that is needed and cannot be had; `dimension-mismatch`
   */
  async search(query: SearchQuery, { vector, isAdapted }: Omit<Query, 'text'>, dense: Retriever | null, signal?: AbortSignal): Promise<CollectionFindings> {
    const keywordTime = timed(new KeywordRetriever({ count: this.#keywords.count, search: (text, options) => this.#searchKeywords(text, options) }));
    const denseTime = dense && timed(dense);
    const retriever = new HybridRetriever({ keyword: keywordTime.retriever, dense: denseTime && denseTime.retriever, documents: this });
    const list = await retriever.retrieve({ text: query.text, vector, isAdapted }, { k: retriever.count, pages: query.limit, signal });
    const findings = await answerFrom(list, query, this);
    signal?.throwIfAborted();
    return { ...findings, timings: { keywordMs: keywordTime.ms(), scanMs: denseTime?.ms() ?? 0 } };
  }

  async #searchKeywords(text: string, options?: KeywordSearchOptions): Promise<KeywordHits> {
    try {
      return await this.#keywords.search(text, options);
    } catch (error) {
      // Which of the parts it was that passed for the right one and is not, nobody knows: all are asked for anew.
      const { dictionary, terms } = this.manifest.keyword;
      if (isEraError(error, 'index-format')) for (const part of [dictionary, ...terms]) this.parts.drop(part);
      throw error;
    }
  }

  /** Brings everything that a search may need; the vectors are `indexFile`'s. @throws as `search` */
  async load(): Promise<void> {
    const { keyword, pageParts, textParts } = this.manifest;
    await Promise.all([keyword.dictionary, ...keyword.terms, ...pageParts, ...textParts].map((part) => this.parts.file(part)));
    this.isComplete = true;
  }

  pageOf(id: number): number {
    return this.#keywords.pages[id]!;
  }

  facts(page: number): PageFacts {
    return this.#facts[page]!;
  }

  get allFacts(): readonly PageFacts[] {
    return this.#facts;
  }

  async page(number: number): Promise<SitePage> {
    const { pageParts } = this.manifest;
    const n = partOf(pageParts, number);
    return (await this.#pagePart(n))[number - pageParts[n]!.first]!;
  }

  async passage(id: number): Promise<NumberedPassage> {
    const { textParts } = this.manifest;
    const n = partOf(textParts, id);
    return (await this.#textPart(n))[id - textParts[n]!.first]!;
  }

  async named(id: number): Promise<NamedPassage> {
    const [{ title }, { headings, text }] = await Promise.all([this.page(this.pageOf(id)), this.passage(id)]);
    return { title, headings, text };
  }

  cheap(ids: readonly number[]): readonly number[] {
    if (this.isComplete) return ids;
    const { textParts } = this.manifest;
    const first = partOf(textParts, ids[0]!);
    return ids.filter((id) => {
      const n = partOf(textParts, id);
      return n === first || this.parts.has(textParts[n]!);
    });
  }

  address(url: string): string {
    return new URL(url, this.#root).href;
  }

  /** The index file that all parts together make. @throws EraError `index-format` where they do not; they are then asked for anew */
  async indexFile(): Promise<Uint8Array<ArrayBuffer>> {
    const { pageParts, textParts, vectorParts, passages, space } = this.manifest;
    const { dims } = parseSpaceId(space!);
    const [pages, texts, vectors] = await Promise.all([
      Promise.all(pageParts.map((_, n) => this.#pagePart(n))),
      Promise.all(textParts.map((_, n) => this.#textPart(n))),
      Promise.all(vectorParts.map((part, n) => this.parts.read(part, (bytes) => decodeVectorPart(bytes, rowsIn(vectorParts, n, passages), dims)))),
    ]);
    try {
      return assembleIndex(this.manifest, pages.flat(), texts.flat(), joinVectorParts(vectors));
    } catch (error) {
      for (const part of [...pageParts, ...textParts, ...vectorParts]) this.parts.drop(part);
      this.#pages = new LruCache(UNPACKED_PARTS);
      this.#texts = new LruCache(UNPACKED_PARTS);
      throw error;
    }
  }

  #pagePart(n: number): Promise<readonly SitePage[]> {
    const { pageParts, pages } = this.manifest;
    return kept(this.#pages, n, () => this.parts.read(pageParts[n]!, (bytes) => decodePagePart(bytes, rowsIn(pageParts, n, pages))));
  }

  #textPart(n: number): Promise<readonly NumberedPassage[]> {
    const { textParts, passages, pages } = this.manifest;
    return kept(this.#texts, n, () => this.parts.read(textParts[n]!, (bytes) => decodeTextPart(bytes, { count: rowsIn(textParts, n, passages), pages })));
  }
}

/** A retriever that counts the time that it takes. */
function timed<List extends RankedList>(retriever: Retriever<List>): { readonly retriever: Retriever<List>; readonly ms: () => number } {
  let ms = 0;
  const retrieve: Retriever<List>['retrieve'] = async (query, options) => {
    const start = performance.now();
    try {
      return await retriever.retrieve(query, options);
    } finally {
      ms += performance.now() - start;
    }
  };
  return { retriever: { count: retriever.count, retrieve }, ms: () => ms };
}

/** By page, from what the facets part has by value; where pages differ in nothing there is none. */
function factsOfPages({ pages, languages }: SiteManifest, facets: SiteFacets | null): PageFacts[] {
  const facts = Array.from({ length: pages }, () => ({ language: languages[0] ?? '', filters: new Map<string, string[]>(), sort: new Map<string, string>() }));
  for (const [language, numbers] of facets?.languages ?? []) for (const page of numbers) facts[page]!.language = language;
  for (const [name, values] of facets?.filters ?? []) {
    for (const [value, numbers] of values) for (const page of numbers) facts[page]!.filters.set(name, [...(facts[page]!.filters.get(name) ?? []), value]);
  }
  for (const [key, column] of facets?.sort ?? []) column.forEach((value, page) => value !== null && facts[page]!.sort.set(key, value));
  return facts.map(({ language, filters, sort }) => ({ language, filters: Object.fromEntries(filters), sort: Object.fromEntries(sort) }));
}

/** Number of the part that holds `at`. */
function partOf(parts: readonly NumberedPart[], at: number): number {
  let low = 0;
  let high = parts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (parts[middle]!.first <= at) low = middle;
    else high = middle;
  }
  return low;
}

function rowsIn(parts: readonly NumberedPart[], n: number, total: number): number {
  return (parts[n + 1]?.first ?? total) - parts[n]!.first;
}

/** What is under way or done already, or `make`; a failure is not kept. */
function kept<T>(cache: Unpacked<T>, n: number, make: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const known = cache.get(n);
  if (known) return known;
  const made = make();
  cache.set(n, made);
  made.catch(() => cache.set(n, undefined));
  return made;
}
