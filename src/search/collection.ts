// A published collection: its keyword index, pages and passages, fetched on demand, and the search over them. The
// page's worker and Node open it alike; vectors are passed in once they are loaded.

import type { Analyzer, LanguageAnalyzer } from '../analysis/analyzer.ts';
import { analyzersOf, type Analyzers } from '../analysis/analyzers.ts';
import { rememberTokens } from '../analysis/remember-tokens.ts';
import { isDone, isSettledWithin } from '../abort.ts';
import { digestHex } from '../digest.ts';
import { meansTheSame } from '../encode/static/static-encoder.ts';
import { EraError, isEraError, orNull } from '../errors.ts';
import type { Curation, CurationReport } from '../format/curation.ts';
import { jointFiles, searchParts } from '../format/manifest-parts.ts';
import type { Passage } from '../format/passage.ts';
import { toPassage, type NumberedPassage, type SitePage } from '../format/site.ts';
import { damagedSite } from '../format/site-json.ts';
import { decodeFacets, type SiteFacets } from '../format/site-facets.ts';
import { contentHash, type SiteManifest, type SitePart } from '../format/site-manifest.ts';
import { rowBytes } from '../format/static-row.ts';
import { decodePagePart, decodeTextPart } from '../format/site-parts.ts';
import { baseOf } from '../lexical/base-part.ts';
import { KeywordIndex } from '../lexical/keyword-index.ts';
import type { KeywordHits, KeywordSearchOptions } from '../lexical/keyword-document.ts';
import { termPartsOf } from '../lexical/term-parts.ts';
import { kept, LruCache } from '../lru-cache.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { parseSpaceId } from '../space.ts';
import type { PartSource } from '../transfer/part-source.ts';
import { answerFrom } from './answer.ts';
import { readerOf } from './answerable.ts';
import type { Curator } from './curation.ts';
import { denseOnly } from './dense-only.ts';
import type { Documents } from './documents.ts';
import type { NamedPassage } from './exact-match.ts';
import type { ChosenFilters, PageFacts } from './filters.ts';
import { DENSE_CANDIDATES, HybridRetriever, type HybridList, nearestAmong } from './hybrid-retriever.ts';
import { KeywordRetriever, type KeywordList } from './keyword-retriever.ts';
import { partOf, rowsIn } from './numbered-parts.ts';
import { resolveSyntax, withSyntax } from './operators.ts';
import { inView, matchingOf, toSearchQuery, type Findings, type SearchQuery } from './query.ts';
import { rankingsByFactor, type RankByFactor } from './rankings-by-factor.ts';
import type { QueryVector, Retriever, RetrieveOptions } from './retriever.ts';
import { factsOfPages } from './page-facts.ts';
import { readVectors, type VisitStored } from './read-vectors.ts';
import { once, timed } from './retriever-wrappers.ts';
import { isReplaced, shortfallOf, type Shortfall } from './shortfall.ts';
import { ShownSets } from './shown-sets.ts';
import { StaticSource } from './static-source.ts';

/** Unpacked parts that are cached; others are unpacked again when needed. */
const UNPACKED_PARTS = 1024;

/** Queries whose hits by keywords are kept. */
const KEPT_QUERIES = 4;
/** Milliseconds that a first answer by keywords waits at least for meaning. */
const LEAST_PATIENCE_MS = 200;

type Unpacked<T> = LruCache<number, Promise<readonly T[]>>;

export interface CollectionFindings extends Findings {
  /** @default none */
  readonly shortfall?: Shortfall | undefined;
  /** False while a better answer to the same question is being computed. */
  readonly isLast: boolean;
  /** Whether meaning was read without a model, by the static query encoder. */
  readonly isStatic: boolean;
  readonly timings: { readonly keywordMs: number; readonly scanMs: number };
}

export class Collection implements Documents {
  readonly manifest: SiteManifest;
  /** Absolute address of the manifest. */
  readonly url: string;
  readonly parts: PartSource;
  /** True once no search needs the network. */
  isComplete = false;
  readonly analyzer: Analyzer;
  readonly languages: readonly string[];
  readonly defaultFilters: ChosenFilters;
  readonly #problemOf: Analyzers['problemOf'];
  readonly #static: StaticSource | null;
  readonly #root: string;
  readonly #keywords: KeywordIndex;
  readonly #facts: readonly PageFacts[];
  readonly #pages: Unpacked<SitePage> = new LruCache(UNPACKED_PARTS);
  readonly #texts: Unpacked<NumberedPassage> = new LruCache(UNPACKED_PARTS);
  /** Of the last queries, with the synonyms of `#curator`. */
  #found = new LruCache<string, Promise<KeywordHits>>(KEPT_QUERIES);
  readonly #sets: ShownSets;
  readonly #published: Curator | null;
  #curator: Curator | null;

  /**
   * Fetches the parts that every search needs.
   * @param own analyzers from outside, before those of this release
   * @throws EraError `unknown-analyzer`, `bad-extension`, `network`, `timeout`, `index-format`
   */
  static async open(
    manifest: SiteManifest,
    url: string,
    parts: PartSource,
    own?: readonly LanguageAnalyzer[],
  ): Promise<Collection> {
    const { keyword, facets, curation, start } = manifest;
    const held = start ? jointFiles(manifest)[0]!.parts : [];
    if (start && !held.some((part) => parts.has(part))) parts.openTogether(start, held);
    const [analyzers, base, columns, curated] = await Promise.all([
      analyzersOf(manifest.analyzer, own),
      parts.read(keyword.base, (bytes) => baseOf(bytes, manifest.passages)),
      facets ? parts.read(facets, (bytes) => decodeFacets(bytes, manifest.pages)) : null,
      curation
        ? import('./curation.ts').then(({ publishedCuration }) =>
            parts.read(curation, (bytes) => publishedCuration(bytes, manifest.pages)),
          )
        : null,
    ]);
    try {
      return new Collection(manifest, url, parts, analyzers, base, columns, curated?.(analyzers.ofQuery) ?? null);
    } catch (error) {
      parts.drop(keyword.base);
      throw error;
    }
  }

  private constructor(
    manifest: SiteManifest,
    url: string,
    parts: PartSource,
    analyzers: Analyzers,
    base: Uint8Array,
    facets: SiteFacets | null,
    curator: Curator | null,
  ) {
    this.manifest = manifest;
    this.url = url;
    this.parts = parts;
    this.analyzer = rememberTokens(analyzers.ofQuery);
    this.#problemOf = analyzers.problemOf;
    this.#root = new URL(manifest.root, url).href;
    this.#facts = factsOfPages(manifest, facets);
    this.languages = [...new Set(this.#facts.map(({ language, fallbackFor = language }) => fallbackFor))];
    this.defaultFilters = Object.fromEntries(facets?.defaults ?? []);
    this.#published = curator;
    this.#curator = curator;
    const { dictionary, terms } = manifest.keyword;
    const unpacked = (part: SitePart): Promise<Uint8Array> => parts.read(part, (bytes) => bytes);
    this.#keywords = new KeywordIndex(
      {
        base,
        dictionary: () => unpacked(dictionary),
        terms: termPartsOf(terms, unpacked),
        codes: termPartsOf(manifest.static?.words ?? [], unpacked),
      },
      {
        analyzer: this.analyzer,
        codeBytes: manifest.static ? rowBytes(manifest.static.dims) : 0,
        meansTheSame: (row, other) => meansTheSame(row, other, manifest.static!.dims),
      },
    );
    this.#static =
      manifest.static &&
      new StaticSource(manifest.static, {
        passages: manifest.passages,
        parts,
        analyzer: this.analyzer,
        // A word that no passage has is left out where its part cannot be had, as without a network.
        row: (term) => this.#keywords.code(term).catch(orNull),
      });
    this.#sets = new ShownSets(this, this.#facts, this.#keywords.pages);
    if (this.#keywords.pages.at(-1)! >= manifest.pages)
      throw new EraError('index-format', 'The keyword index is of another site than the manifest.');
  }

  /**
   * Answers a query, each answer better than the previous one: first by keywords and by meaning without a model, where
   * the collection has a static query encoder, else by keywords alone; then by what the query's mode asks for. In the
   * mode `hybrid` the first answer stays where the retriever by meaning fails, and the findings have the reason.
   * @param early whether answers before the last are wanted
   * @param reading the query as a model read it; null where none could: keywords then rank alone
   * @param dense the retriever by meaning, told whether a model has read the query; null where it is not loaded
   * @throws EraError `network`, `timeout`, `index-format` for a needed part that cannot be fetched; in the mode `dense`
   * also what reading the query and ranking by meaning throw, `no-encoder` and `no-vectors`
   */
  async *search(
    typed: SearchQuery,
    reading: Promise<QueryVector | null>,
    dense: (isRead: boolean) => Promise<Retriever | null>,
    early: boolean,
    signal?: AbortSignal,
  ): AsyncGenerator<CollectionFindings> {
    const curator = this.#curator;
    const resolved = { ...typed, ...(await resolveSyntax(typed, this.#keywords)) };
    const query = curator ? { ...resolved, words: curator.wordsOf(resolved.words) } : resolved;
    const times = { keywordMs: 0, scanMs: 0 };
    const keyword = once(timed(this.#keywordRetriever(query, curator), (ms) => (times.keywordMs += ms)));
    const unread = this.#problemOf(query.words);
    const timedScan = (nearest: Retriever): Retriever => timed(nearest, (ms) => (times.scanMs += ms));
    const find = async (
      read: QueryVector | null,
      nearest: Retriever | null,
      isLast: boolean,
      asked = query,
      isStatic = false,
    ): Promise<CollectionFindings> => {
      const ranked = await this.#rank(asked, read, keyword, nearest && timedScan(nearest), signal);
      const curated = curator ? curator.curate(ranked, resolved.words, this.#keywords.pages) : ranked;
      const list = await withSyntax(curated, asked, this.#keywords, this);
      const findings = await answerFrom(list, asked, this, readerOf(this.manifest, isStatic, read?.isAdapted));
      signal?.throwIfAborted();
      return {
        ...findings,
        isLast,
        isStatic,
        timings: { ...times },
        ...(unread ? { shortfall: shortfallOf(unread) } : {}),
      };
    };
    let meaning: Promise<Retriever | null> | undefined;
    /** One list for all answers to the query, whatever has arrived between them. */
    const openMeaning = async (): Promise<Retriever | null> => {
      const opened = query.mode === 'hybrid' ? await this.#static?.open(query.words) : null;
      return opened ? once(opened) : null;
    };
    /** What is known before any model has read the query. */
    const findFirst = async (isLast: boolean, asked = query): Promise<CollectionFindings> => {
      let failure: unknown;
      try {
        const nearest = await (meaning ??= openMeaning());
        if (nearest) return await find(null, nearest, isLast, asked, true);
      } catch (error) {
        if (signal?.aborted || !isEraError(error)) throw error; // a part that cannot be had: keywords go on
        failure = error;
      }
      const findings = await find(null, null, isLast, asked);
      return isEraError(failure) && (failure.code === 'self-test-failed' || isReplaced(failure))
        ? { ...findings, shortfall: shortfallOf(failure) }
        : findings;
    };
    let first: CollectionFindings | undefined;
    const lookUp = (): Promise<unknown> =>
      keyword.retrieve({ text: query.words, vector: null }, { k: this.#keywords.count, signal });
    // While the query is read and the vectors are loaded; a failure is told where the list is used.
    if (query.mode === 'hybrid') lookUp().catch(() => undefined);
    if (query.mode === 'hybrid' && early) {
      const isRead = isDone(reading);
      const hasVector = async (): Promise<boolean> => isRead() && (await reading) !== null;
      void this.#static?.open(query.words).catch(orNull); // fetched with the words
      const start = performance.now();
      await lookUp();
      await new Promise((resolve) => setTimeout(resolve, 0)); // includes parts that have arrived in the meantime
      if (!(await hasVector())) {
        const asked = inView(query, this);
        const meant = findFirst(false, asked);
        meant.catch(() => undefined); // handles a rejection while keywords alone are shown
        // Keywords wait for meaning as long as they took themselves, and are then shown alone.
        const patience = Math.max(LEAST_PATIENCE_MS, performance.now() - start);
        if (!(await isSettledWithin(meant, patience))) yield await find(null, null, false, asked);
        if (!(await hasVector())) {
          first = await meant;
          if (asked !== query) {
            yield first;
            first = await findFirst(false);
          }
          if (!isRead()) yield first;
        }
      }
    }
    const last = async (): Promise<CollectionFindings> => {
      const read = query.mode === 'keyword' ? null : await reading;
      const nearest = query.mode === 'keyword' ? null : await dense(read !== null);
      const ranks = nearest !== null && (read !== null || !nearest.needsVector);
      if (ranks || query.mode === 'dense') return find(read, nearest, true);
      return first ? { ...first, isLast: true } : findFirst(true);
    };
    try {
      yield await last();
    } catch (error) {
      if (query.mode !== 'hybrid' || signal?.aborted || !isEraError(error)) throw error;
      yield { ...(first ?? (await findFirst(true))), isLast: true, shortfall: shortfallOf(error) };
    }
  }

  /**
   * Ranks one query by any vectors that an adapter learned from labels, for several factors of the weight of keywords,
   * with the site’s default filters.
   * @throws as `search`
   */
  ranker(typed: string, dense: Retriever, factors: readonly number[], options: RetrieveOptions): RankByFactor {
    const query = toSearchQuery(typed, {});
    const text = this.#curator?.wordsOf(query.words) ?? query.words;
    const parts = { keyword: this.#keywordRetriever(query, this.#curator), dense, documents: this };
    const asked = { text, isAdapted: true, isLabelled: true };
    return rankingsByFactor(parts, asked, factors, options, this.#sets.of(query));
  }

  #keywordRetriever(query: SearchQuery, curator: Curator | null): KeywordRetriever {
    const matching = { ...matchingOf(query), synonyms: curator?.synonyms };
    const found = this.#found;
    return new KeywordRetriever({
      count: this.#keywords.count,
      search: (text, options) => this.#keptKeywords(found, text, { ...options, ...matching }),
    });
  }

  /** What the site's owner says about its search: as published, or as it is tried; null for nothing. */
  get curation(): Curation | null {
    return this.#curator?.source ?? null;
  }

  /**
   * Tries a curation, or the text of its file, in place of the published one; null for the published one.
   * @throws EraError `invalid-input`; as `search`, since its pages are found by their addresses
   */
  async tune(curation: Curation | string | null): Promise<CurationReport> {
    const parts = await Promise.all(this.manifest.pageParts.map((_, n) => this.#pagePart(n)));
    const { tryCuration } = await import('./curation.ts');
    const wanted = curation ?? this.#published?.source ?? {};
    const { curator, report } = tryCuration(wanted, parts.flat(), this.analyzer);
    this.#curator = curation === null ? this.#published : curator;
    this.#found = new LruCache(KEPT_QUERIES);
    return report;
  }

  async #rank(
    query: SearchQuery,
    read: QueryVector | null,
    keyword: Retriever<KeywordList>,
    dense: Retriever | null,
    signal: AbortSignal | undefined,
  ): Promise<HybridList> {
    const asked = { vector: null, ...read, text: query.words };
    const among = this.#sets.of(query);
    if (query.mode !== 'dense') {
      const retriever = new HybridRetriever({ keyword, dense, documents: this });
      return retriever.retrieve(asked, { k: retriever.count, pages: query.offset + query.limit, signal, among });
    }
    if (!dense)
      throw new EraError('no-vectors', 'The collection has no vectors, and so cannot be searched by meaning.');
    const list = await nearestAmong(dense, among, asked, { k: DENSE_CANDIDATES, signal });
    return denseOnly(list, this.analyzer, query.words);
  }

  /** One query is searched by several vectors: by each adapter in turn, and again once a model is here. */
  #keptKeywords(
    found: LruCache<string, Promise<KeywordHits>>,
    text: string,
    { synonyms, ...options }: KeywordSearchOptions,
  ): Promise<KeywordHits> {
    const search = (): Promise<KeywordHits> => this.#searchKeywords(text, { synonyms, ...options });
    // A part that could not be had may change the hits.
    return this.isComplete ? kept(found, JSON.stringify([text, options]), search) : search();
  }

  async #searchKeywords(text: string, options?: KeywordSearchOptions): Promise<KeywordHits> {
    try {
      return await this.#keywords.search(text, options);
    } catch (error) {
      // It is unknown which part is wrong although its own check passed, so all are fetched again.
      const { dictionary, terms } = this.manifest.keyword;
      if (isEraError(error, 'index-format')) {
        await this.#keywords.settled();
        for (const part of [dictionary, ...terms]) this.parts.drop(part);
      }
      throw error;
    }
  }

  /** Fetches everything that keyword search may need. @throws as `search` */
  async load(): Promise<void> {
    await Promise.all(searchParts(this.manifest).map((part) => this.parts.file(part)));
    this.isComplete = true;
  }

  pageOf(id: number): number {
    return this.#keywords.pages[id]!;
  }

  weightOf(id: number): number {
    return this.#keywords.weights[id]!;
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

  /**
   * All of them, in row order, where the scanner reads them.
   * @param visitStored @default none are stored, but for those in `parts`
   * @throws EraError `no-vectors`; as `search`
   */
  async vectors(visitStored: VisitStored = () => Promise.resolve(false)): Promise<QuantizedVectors> {
    const { space } = this.manifest;
    if (space === null)
      throw new EraError('no-vectors', 'The collection has no vectors, and so cannot be searched by meaning.');
    return readVectors(this.manifest, parseSpaceId(space).dims, this.parts, visitStored);
  }

  /**
   * Checks the content's hash once all parts are loaded.
   * @throws EraError `index-format` where they are not of one build; they are then fetched again
   */
  async verify(): Promise<void> {
    const { pageParts, textParts, vectorParts, content } = this.manifest;
    if (content === null) return; // older manifests have no content hash; each part was checked by itself
    const parts = [...pageParts, ...textParts, ...vectorParts];
    const digests: string[] = [];
    for (const part of parts) digests.push(await this.parts.read(part, digestHex));
    if (contentHash(digests) === content) return;
    for (const part of parts) this.parts.drop(part);
    throw damagedSite('its parts are not all of the build that the manifest names');
  }

  /**
   * Texts as the static query encoder reads them, in the passages' space.
   * @returns a row of `space.dims` numbers for each, at unit length; null for a text of which nothing is known
   * @throws EraError `no-encoder` for a collection without such an encoder; as `search`
   */
  async readStatic(texts: readonly string[]): Promise<(Float32Array<ArrayBuffer> | null)[]> {
    const { space } = this.manifest;
    if (!this.#static || space === null)
      throw new EraError('no-encoder', 'The collection has no static query encoder.');
    return this.#static.read(texts, parseSpaceId(space).dims);
  }

  /** A passage in the form that labels and encoders use. @throws as `search` */
  async source(id: number): Promise<Passage> {
    const [page, passage] = await Promise.all([this.page(this.pageOf(id)), this.passage(id)]);
    return toPassage(page, passage, passage.nth);
  }

  /** Ids of all passages in the order of their numbers. @throws as `search` */
  ids(): Promise<string[]> {
    const { passages } = this.manifest;
    return Promise.all(Array.from({ length: passages }, async (_, row) => (await this.source(row)).id));
  }

  #pagePart(n: number): Promise<readonly SitePage[]> {
    const { pageParts, pages } = this.manifest;
    return kept(this.#pages, n, () =>
      this.parts.read(pageParts[n]!, (bytes) => decodePagePart(bytes, rowsIn(pageParts, n, pages))),
    );
  }

  #textPart(n: number): Promise<readonly NumberedPassage[]> {
    const { textParts, passages, pages } = this.manifest;
    return kept(this.#texts, n, () =>
      this.parts.read(textParts[n]!, (bytes) =>
        decodeTextPart(bytes, { count: rowsIn(textParts, n, passages), pages }),
      ),
    );
  }
}
