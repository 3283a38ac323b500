// One build of a site's index as the search sees it: the keyword index, and pages and passages that are fetched when they are asked for.

import { EraError, isEraError } from '../src/errors.ts';
import type { NumberedPassage, SitePage } from '../src/format/site.ts';
import { assembleIndex } from '../src/format/site-index.ts';
import { decodeFacets, type SiteFacets } from '../src/format/site-facets.ts';
import type { NumberedPart, SiteManifest, SitePart } from '../src/format/site-manifest.ts';
import { decodePagePart, decodeTextPart, decodeVectorPart, joinVectorParts } from '../src/format/site-parts.ts';
import { KeywordIndex } from '../src/lexical/keyword-index.ts';
import type { KeywordHits } from '../src/lexical/keyword-document.ts';
import { LruCache } from '../src/query/lru-cache.ts';
import type { PageFacts } from '../src/retrieve/filter-pages.ts';
import { parseSpaceId } from '../src/space.ts';
import type { PartSource } from './site-parts.ts';

/** Parts kept unpacked; others are unpacked again when they are needed again. */
const UNPACKED_PARTS = 1024;

type Unpacked<T> = LruCache<number, Promise<readonly T[]> | undefined>;

export class SiteIndex {
  readonly manifest: SiteManifest;
  /** Of the manifest, absolute. */
  readonly url: string;
  readonly parts: PartSource;
  /** True once no search needs the network. */
  isComplete = false;
  readonly #root: string;
  readonly #keywords: KeywordIndex;
  readonly #facts: readonly PageFacts[];
  #pages: Unpacked<SitePage> = new LruCache(UNPACKED_PARTS);
  #texts: Unpacked<NumberedPassage> = new LruCache(UNPACKED_PARTS);

  /** Fetches what every search needs. @throws EraError `network`, `timeout`, `index-format` */
  static async open(manifest: SiteManifest, url: string, parts: PartSource): Promise<SiteIndex> {
    const { keyword, facets } = manifest;
    const [base, columns] = await Promise.all([parts.read(keyword.base, (bytes) => bytes), facets ? parts.read(facets, (bytes) => decodeFacets(bytes, manifest.pages)) : null]);
    try {
      return new SiteIndex(manifest, url, parts, base, factsOfPages(manifest, columns));
    } catch (error) {
      parts.drop(keyword.base);
      throw error;
    }
  }

  private constructor(manifest: SiteManifest, url: string, parts: PartSource, base: Uint8Array, facts: readonly PageFacts[]) {
    this.manifest = manifest;
    this.url = url;
    this.parts = parts;
    this.#root = new URL(manifest.root, url).href;
    this.#facts = facts;
    const { dictionary, terms } = manifest.keyword;
    const unpacked = (part: SitePart): Promise<Uint8Array> => parts.read(part, (bytes) => bytes);
    this.#keywords = new KeywordIndex({ base, firsts: terms.map(({ first }) => first), dictionary: () => unpacked(dictionary), terms: (n) => unpacked(terms[n]!) });
    const { pages } = this.#keywords;
    if (this.#keywords.count !== manifest.passages || pages.at(-1)! >= manifest.pages) throw new EraError('index-format', 'The keyword index is of another site than the manifest.');
  }

  async keywordHits(text: string): Promise<KeywordHits> {
    try {
      return await this.#keywords.search(text);
    } catch (error) {
      // Which of the parts it was that passed for the right one and is not, nobody knows: all are asked for anew.
      const { dictionary, terms } = this.manifest.keyword;
      if (isEraError(error, 'index-format')) for (const part of [dictionary, ...terms]) this.parts.drop(part);
      throw error;
    }
  }

  pageOf(row: number): number {
    return this.#keywords.pages[row]!;
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

  async passage(row: number): Promise<NumberedPassage> {
    const { textParts } = this.manifest;
    const n = partOf(textParts, row);
    return (await this.#textPart(n))[row - textParts[n]!.first]!;
  }

  /** Of these rows the first, and those whose texts come with it or are here: what a first answer can show without more requests. */
  cheapRows(rows: readonly number[]): readonly number[] {
    if (this.isComplete) return rows;
    const { textParts } = this.manifest;
    const first = partOf(textParts, rows[0]!);
    return rows.filter((row) => {
      const n = partOf(textParts, row);
      return n === first || this.parts.has(textParts[n]!);
    });
  }

  /** Absolute address of a page or of a place in it. @param url from the site's root */
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
