// The search worker's state of an open collection: its manifest, the parts that have arrived, its vectors once they are
// loaded, and the adapters of queries. It connects the rooms that search, store and fetch, and maps query vectors
// through their adapters.

import { createPause } from '../src/pause.ts';
import { applyAdapter, checkAdapter, queryInput, type LinearAdapter, type QueryPath } from '../src/adapter/adapter.ts';
import type { CollectionBundle } from '../src/build/make-bundle.ts';
import { EraError, isEraError, messageOf } from '../src/errors.ts';
import type { Extension } from '../src/extension/extension.ts';
import type { Curation, CurationReport } from '../src/format/curation.ts';
import { allParts, joinFiles, jointFiles, searchParts, sizeOf } from '../src/format/manifest-parts.ts';
import { passageText, type Passage } from '../src/format/passage.ts';
import type { SiteContent } from '../src/format/site.ts';
import {
  parseSiteManifest,
  siteManifestText,
  SITE_MANIFEST_FILE,
  type SiteManifest,
  type SitePart,
} from '../src/format/site-manifest.ts';
import { dequantizeRows, type QuantizedVectors } from '../src/math/quantize.ts';
import { row } from '../src/math/vector.ts';
import type { CollectionInfo, QueryReading } from '../src/rpc/collection-messages.ts';
import type { SearchApi } from '../src/rpc/protocol.ts';
import { openScanner, prepareScanner } from '../src/scan/open-scanner.ts';
import type { Scanner, ScannerOptions } from '../src/scan/scan.ts';
import { Collection, type CollectionFindings } from '../src/search/collection.ts';
import { DenseRetriever } from '../src/search/dense-retriever.ts';
import { countFilters } from '../src/search/filters.ts';
import type { SearchQuery } from '../src/search/query.ts';
import type { QueryVector, Retriever } from '../src/search/retriever.ts';
import { parseSpaceId } from '../src/space.ts';
import { packContainer } from '../src/store/container.ts';
import { isNotStored } from '../src/store/storage-error.ts';
import type { FileStore, NewFile, StoreCallOptions } from '../src/store/store.ts';
import { downloadParts } from '../src/transfer/download-parts.ts';
import { fetchManifest, manifestUrl } from '../src/transfer/manifest.ts';
import { PartSource, type PartBytes } from '../src/transfer/part-source.ts';
import { keepScanChoice, readScanChoice } from './scan-choice.ts';
import { readContainer, visitContainer } from './stored-parts.ts';

/** Shared by all collections of the worker. */
export interface SessionContext {
  readonly store: FileStore;
  readonly scan: ScannerOptions['backend'];
  readonly extension: Extension;
}

interface Dense {
  readonly vectors: QuantizedVectors;
  readonly scanner: Scanner;
  readonly retriever: DenseRetriever;
}

export class CollectionSession {
  readonly #context: SessionContext;
  readonly #name: string;
  readonly #origin: CollectionInfo['origin'];
  readonly #collection: Collection;
  readonly #paths: readonly QueryPath[];
  /** Published adapters of the requested paths. */
  readonly #published: SiteManifest['adapters'];
  readonly #adapters = new Map<string, LinearAdapter>();
  /** Of the extension, in place of the vectors. */
  readonly #own: Retriever | null;
  /** True while the store has this very build, vectors included. */
  #isStored: boolean;
  /** Of the last write. */
  #storeProblem: string | null = null;
  #dense: Promise<Dense> | undefined;
  #scan: { readonly scanner: Scanner; readonly isKept: boolean } | null = null;
  #rows: Promise<ReadonlyMap<string, number>> | undefined;
  #newer: Promise<CollectionSession | null> | undefined;

  private constructor(
    context: SessionContext,
    name: string,
    origin: CollectionInfo['origin'],
    collection: Collection,
    paths: readonly QueryPath[],
    isStored: boolean,
    own: Retriever | null,
  ) {
    this.#context = context;
    this.#name = name;
    this.#origin = origin;
    this.#collection = collection;
    this.#paths = paths;
    this.#published = collection.manifest.adapters.filter(({ path }) => paths.includes(path));
    this.#isStored = isStored;
    this.#own = own;
    collection.isComplete = this.#textParts().every((part) => collection.parts.has(part));
  }

  /**
   * @param url of the manifest or its folder; null for the collection stored under the name
   * @throws EraError `no-index`; as `fetchManifest` and `Collection.open`
   */
  static async open(
    context: SessionContext,
    { name, url, paths }: { readonly name: string; readonly url: string | null; readonly paths: readonly QueryPath[] },
    signal: AbortSignal,
  ): Promise<CollectionSession> {
    const stored = await readStored(context, name);
    const address = url === null ? null : manifestUrl(url);
    const manifest = address === null ? null : await fetchManifest(address, stored !== null, { signal });
    if (!manifest && !stored) throw new EraError('no-index', `There is no collection “${name}” in this browser.`);
    const base = address ?? addressOf(name);
    const use = (used: SiteManifest): Promise<Collection> =>
      Collection.open(used, base, new PartSource(base, stored?.files ?? []), context.extension.analyzers);
    const collection = await (manifest && stored
      ? use(manifest).catch((error: unknown) =>
          isEraError(error) ? use(stored.manifest) : Promise.reject(error as Error),
        )
      : use(manifest ?? stored!.manifest));
    signal.throwIfAborted();
    const { build } = collection.manifest;
    const isStored =
      stored?.manifest.build === build &&
      (collection.manifest.space === null || (await context.store.stat(vectorsFile(name)))?.facts['build'] === build);
    const own = await openOwn(context, collection);
    return new CollectionSession(context, name, url === null ? 'built' : 'network', collection, paths, isStored, own);
  }

  /** Opens and stores a collection that was built in this page. */
  static async build(
    context: SessionContext,
    name: string,
    { manifest, files }: CollectionBundle,
    paths: readonly QueryPath[],
    options: StoreCallOptions,
  ): Promise<CollectionSession> {
    const base = addressOf(name);
    const collection = await Collection.open(manifest, base, new PartSource(base, files), context.extension.analyzers);
    const own = await openOwn(context, collection);
    const session = new CollectionSession(context, name, 'built', collection, paths, false, own);
    await session.download(options);
    return session;
  }

  /**
   * The same collection as its site publishes it now, with the adapters of this one; null where that is this build, or
   * cannot be told. Several calls that miss a file open it once.
   * @throws as `open`
   */
  newer(): Promise<CollectionSession | null> {
    this.#newer ??= this.#openNewer().finally(() => (this.#newer = undefined));
    return this.#newer;
  }

  async #openNewer(): Promise<CollectionSession | null> {
    if (this.#origin === 'built') return null;
    const { url, manifest, parts } = this.#collection;
    const published = await fetchManifest(url, true);
    if (!published || published.build === manifest.build) return null;
    const source = new PartSource(url, parts.held());
    const collection = await Collection.open(published, url, source, this.#context.extension.analyzers);
    const own = await openOwn(this.#context, collection);
    const session = new CollectionSession(this.#context, this.#name, 'network', collection, this.#paths, false, own);
    for (const [id, adapter] of this.#adapters) session.setAdapter(id, adapter);
    return session;
  }

  info(): CollectionInfo {
    const { manifest, allFacts, defaultFilters, curation, url } = this.#collection;
    const parts = this.#isStored ? [] : this.#missing();
    return {
      name: this.#name,
      url: this.#origin === 'built' ? null : url,
      origin: this.#origin,
      build: manifest.build,
      pages: manifest.pages,
      passages: manifest.passages,
      languages: manifest.languages,
      filters: countFilters(allFacts, {}),
      defaultFilters,
      curation,
      sortKeys: [...new Set(allFacts.flatMap(({ sort }) => Object.keys(sort)))].sort(),
      bytes: sizeOf([...this.#textParts(), ...manifest.vectorParts]),
      missingBytes: sizeOf(parts.filter((part) => !this.#collection.parts.isExpected(part))),
      space: manifest.space === null ? null : parseSpaceId(manifest.space),
      encoder: manifest.encoder && {
        model: manifest.encoder.model,
        modelBase: manifest.encoder.models === null ? null : new URL(manifest.encoder.models, url).href,
      },
      readsWithoutModel: manifest.static !== null,
      adapters: this.#published.map(({ path, stage, file }) => ({ path, stage, file })),
      source: parts.length === 0 ? 'store' : 'network',
      store: this.#context.store.kind,
      storeProblem: this.#context.store.problem ?? this.#storeProblem,
      retriever: this.#own && { needsVector: this.#own.needsVector ?? false },
      vectors: this.#scan && {
        scan: this.#scan.scanner.kind,
        scanRefused: this.#scan.scanner.refused,
        scanKept: this.#scan.isKept,
      },
    };
  }

  async *search(
    query: SearchQuery,
    reading: Promise<QueryReading | null>,
    early: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<CollectionFindings> {
    const read = reading.then((vectors) => vectors && this.#queryVector(vectors));
    read.catch(() => undefined); // handles a rejection while the keywords are still being looked up
    // Vectors are used where they are in the browser; they are fetched where their mode was named.
    const dense = async (isRead: boolean): Promise<Retriever | null> => {
      if (this.#own) return this.#own;
      if (query.mode !== 'dense' && !(isRead && (this.#dense !== undefined || this.#isStored))) return null;
      return (await this.#opened()).retriever;
    };
    yield* this.#collection.search(query, read, dense, early, signal);
  }

  /** As adapters that learned from labels map them. */
  async rankings(
    { texts, sets, factors, k }: Omit<SearchApi['rankings']['args'], 'collection'>,
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
  ): Promise<SearchApi['rankings']['result']> {
    const retriever = this.#own ?? (await this.#opened()).retriever;
    const pause = createPause(signal);
    const rankings = sets.map(() => new Int32Array(texts.length * factors.length * k));
    for (const [i, text] of texts.entries()) {
      const rank = this.#collection.ranker(text, retriever, factors, { k, signal });
      for (const [s, vectors] of sets.entries()) {
        await pause();
        rankings[s]!.set(await rank(row(vectors, i, vectors.length / texts.length)), i * factors.length * k);
        onProgress(i * sets.length + s + 1);
      }
    }
    return rankings;
  }

  /** Downloads everything and stores it. `info` reports a store without room. */
  async download({ signal, onProgress }: StoreCallOptions): Promise<void> {
    const { parts, manifest } = this.#collection;
    if (!this.#dense && !this.#isStored) await this.#takeStoredVectors();
    await downloadParts(parts, this.#missing(), { signal, onProgress, together: jointFiles(manifest) });
    if (!this.#isStored) await this.#collection.verify();
    if (manifest.space !== null) await this.#opened();
    this.#collection.isComplete = true;
    if (!this.#isStored) await this.#store({ signal });
    // the scanner has a copy now
    if (this.#isStored) for (const part of manifest.vectorParts) parts.release(part);
    signal?.throwIfAborted();
  }

  /** Path below the folder → bytes, copied. @throws as `download` */
  async export(signal: AbortSignal): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
    const { manifest, parts } = this.#collection;
    await this.#takeStoredVectors();
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const part of [...allParts(manifest), ...this.#published, ...manifest.vectorParts])
      files.set(part.file, (await parts.file(part, { signal })).slice());
    for (const { file, parts: held } of jointFiles(manifest)) files.set(file.file, joinFiles(held, files));
    files.set(SITE_MANIFEST_FILE, new TextEncoder().encode(siteManifestText(manifest)));
    return files;
  }

  tune(curation: Curation | string | null): Promise<CurationReport> {
    return this.#collection.tune(curation);
  }

  setAdapter(id: string, adapter: LinearAdapter | null): void {
    if (adapter) this.#adapters.set(id, checkAdapter(adapter));
    else this.#adapters.delete(id);
  }

  /** An adapter that the collection publishes. */
  async file(file: string): Promise<PartBytes> {
    const adapter = this.#published.find((candidate) => candidate.file === file);
    if (!adapter) throw new EraError('invalid-input', `The collection has no file “${file}”.`);
    return (await this.#collection.parts.file(adapter)).slice();
  }

  /** What a collection was built of, in a page. @throws as `passages` */
  async built(): Promise<{ readonly content: SiteContent; readonly root: string }> {
    const collection = this.#collection;
    const { pages, passages, root } = collection.manifest;
    const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    const content = {
      pages: await Promise.all(numbers(pages).map((page) => collection.page(page))),
      passages: await Promise.all(numbers(passages).map((id) => collection.passage(id))),
    };
    return { content, root };
  }

  passages(rows: readonly number[]): Promise<Passage[]> {
    return Promise.all(rows.map((row) => this.#collection.source(row)));
  }

  /** The shortest of the first passages, which are in one part: a model reads them in some ten milliseconds. */
  async samples(): Promise<SearchApi['samples']['result']> {
    const first = Array.from({ length: Math.min(this.#collection.manifest.passages, LOOKED_AT) }, (_, row) => row);
    const texts = (await this.passages(first)).map(passageText);
    const rows = first.sort((a, b) => texts[a]!.length - texts[b]!.length).slice(0, SAMPLES);
    return { texts: rows.map((row) => texts[row]!), vectors: await this.vectors(rows) };
  }

  async rows(ids: readonly string[]): Promise<Int32Array<ArrayBuffer>> {
    this.#rows ??= this.#rowsById().catch((error: unknown) => {
      this.#rows = undefined;
      throw error;
    });
    const rows = await this.#rows;
    return Int32Array.from(ids, (id) => rows.get(id) ?? -1);
  }

  async vectors(rows: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
    return dequantizeRows((await this.#opened()).vectors, rows);
  }

  readStatic(texts: readonly string[]): Promise<(Float32Array<ArrayBuffer> | null)[]> {
    return this.#collection.readStatic(texts);
  }

  async snapshot(): Promise<QuantizedVectors> {
    const { codes, scales, dims } = (await this.#opened()).vectors;
    return { codes: codes.slice(), scales: scales.slice(), dims };
  }

  close(): void {
    this.#collection.parts.close();
    void this.#dense?.then(
      ({ scanner }) => scanner.dispose(),
      () => undefined,
    );
  }

  /**
   * A query's vectors as one vector in the passages' space.
   * @throws EraError `no-adapter`, and what `queryInput` throws
   */
  #queryVector({ path, adapter: id, isLabelled, ...vectors }: QueryReading): QueryVector {
    const adapter = id === null ? null : this.#adapters.get(id);
    if (adapter === undefined) throw new EraError('no-adapter', `There is no adapter “${String(id)}”.`);
    const input = queryInput(vectors, path, 1);
    return {
      vector: adapter ? applyAdapter(adapter, input) : input,
      isAdapted: adapter !== null,
      isLabelled,
      keywordFactor: adapter?.keywordFactor ?? 1,
    };
  }

  /** Continues to its end even if the caller aborts, since the next search needs the same. */
  #opened(): Promise<Dense> {
    this.#dense ??= this.#openVectors().catch((error: unknown) => {
      this.#dense = undefined;
      throw error;
    });
    return this.#dense;
  }

  async #openVectors(): Promise<Dense> {
    const { parts, manifest } = this.#collection;
    const { store } = this.#context;
    const scan = { backend: this.#context.scan };
    const kept = this.#isStored && scan.backend === 'auto' ? readScanChoice(store, this.#name) : null;
    if (manifest.space !== null) void prepareScanner(parseSpaceId(manifest.space).dims, scan);
    const areHere = manifest.vectorParts.every((part) => parts.has(part));
    const vectors = await this.#collection.vectors(
      async (visit) => !areHere && (await visitContainer(store, vectorsFile(this.#name), visit)),
    );
    const choice = await kept;
    const scanner = await openScanner(vectors, { ...scan, choice });
    if (this.#isStored && scanner.choice !== choice) void keepScanChoice(store, this.#name, scanner.choice);
    this.#scan = { scanner, isKept: choice !== null && scanner.choice === choice };
    return { vectors, scanner, retriever: new DenseRetriever(scanner, vectors) };
  }

  async #takeStoredVectors(): Promise<void> {
    const { parts, manifest } = this.#collection;
    if (manifest.vectorParts.every((part) => parts.has(part))) return;
    const container = await readContainer(this.#context.store, vectorsFile(this.#name));
    if (container) parts.offer(container.files);
  }

  /** All parts but those of the vectors, which are stored separately. */
  #textParts(): SitePart[] {
    return [...searchParts(this.#collection.manifest), ...this.#published];
  }

  #missing(): SitePart[] {
    const { parts, manifest } = this.#collection;
    const isHeld = this.#dense !== undefined || this.#isStored;
    return [...this.#textParts(), ...(isHeld ? [] : manifest.vectorParts)].filter((part) => !parts.has(part));
  }

  /** Stores the parts; those that cannot be stored are still used from memory. */
  async #store({ signal }: StoreCallOptions): Promise<void> {
    const { store } = this.#context;
    const { manifest, parts } = this.#collection;
    const file = (name: string, facts: string, wanted: readonly SitePart[]): NewFile => ({
      name,
      bytes: async () =>
        packContainer(
          facts,
          await Promise.all(wanted.map(async (part) => [part.file, await parts.file(part)] as const)),
        ),
      facts: { build: manifest.build },
    });
    this.#storeProblem = null;
    try {
      // Together: texts of one build beside the vectors of another would be a search by keywords alone.
      await store.writeAll(
        [
          ...(manifest.vectorParts.length > 0 ? [file(vectorsFile(this.#name), '', manifest.vectorParts)] : []),
          file(textsFile(this.#name), siteManifestText(manifest), this.#textParts()),
        ],
        { signal },
      );
      this.#isStored = true;
    } catch (error) {
      if (!isNotStored(error)) throw error;
      this.#storeProblem = messageOf(error);
    }
  }

  async #rowsById(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.#collection.ids()).map((id, row) => [id, row]));
  }
}

async function openOwn({ extension }: SessionContext, collection: Collection): Promise<Retriever | null> {
  if (!extension.openRetriever) return null;
  const { openOwnRetriever } = await import('../src/extension/open-own-retriever.ts');
  const { manifest, url } = collection;
  return openOwnRetriever(extension, { count: manifest.passages, url, ids: () => collection.ids() });
}

/** Number of passages that samples are taken from, and number of samples. */
const LOOKED_AT = 16;
const SAMPLES = 2;

const textsFile = (name: string): string => `site/${name}`;
const vectorsFile = (name: string): string => `vectors/${name}`;

/** Address of a collection that is not on the network. */
const addressOf = (name: string): string => `collection:///${encodeURIComponent(name)}/${SITE_MANIFEST_FILE}`;

/** Null also for a file that this release cannot read: the store is a cache. */
async function readStored(
  { store }: SessionContext,
  name: string,
): Promise<{ readonly manifest: SiteManifest; readonly files: ReadonlyMap<string, PartBytes> } | null> {
  const container = await readContainer(store, textsFile(name));
  if (!container) return null;
  try {
    return { manifest: parseSiteManifest(container.facts), files: container.files };
  } catch (error) {
    if (isEraError(error)) return null;
    throw error;
  }
}
