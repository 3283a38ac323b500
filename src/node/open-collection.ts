// Searches a published folder in Node: the same collection and ranking code as in a page, read from files, with the
// small model in this process.

import { createReadStream, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { applyAdapter, type LinearAdapter } from '../adapter/adapter.ts';
import { readAdapter } from '../adapter/file.ts';
import { DEFAULT_TRAINER } from '../adapter/trainer.ts';
import type { Encoder } from '../encode/encoder.ts';
import { openEncoder } from '../encode/open-encoder.ts';
import { answerOf, Answers, UNREAD, type Answer, type ReadBy, type UsedAdapter } from '../answer.ts';
import { EraError, messageOf } from '../errors.ts';
import type { Extension } from '../extension/extension.ts';
import { openOwnEncoder } from '../extension/open-own-encoder.ts';
import { openOwnRetriever } from '../extension/open-own-retriever.ts';
import type { Curation, CurationReport } from '../format/curation.ts';
import { SITE_MANIFEST_FILE, type SiteManifest } from '../format/site-manifest.ts';
import { openScanner } from '../scan/open-scanner.ts';
import type { Scanner } from '../scan/scan.ts';
import { Collection } from '../search/collection.ts';
import { DenseRetriever } from '../search/dense-retriever.ts';
import { assertVectors } from '../math/vector.ts';
import type { QueryVector, Retriever } from '../search/retriever.ts';
import { toSearchQuery, type SearchOptions } from '../search/query.ts';
import { assertCompatible, parseSpaceId } from '../space.ts';
import type { Fetch } from '../transfer/download.ts';
import { fetchManifest } from '../transfer/manifest.ts';
import { PartSource } from '../transfer/part-source.ts';
import { extensionFrom } from './extension-from.ts';
import { packageRoot } from './package-root.ts';

/** How a published folder is opened. */
export interface OpenCollectionOptions {
  /**
   * Folder that contains `<model>/…`. @default the one published with the collection, else the models of this package
   */
  readonly models?: string | undefined;
  /** Address at which the folder is published, the base of the hits' addresses. @default its own on this machine */
  readonly url?: string | undefined;
  /**
   * `cpu`, or `wasm` as in a page; `none`: no model, so that only queries with a vector are ranked by meaning. @default
   * 'cpu'
   */
  readonly device?: 'cpu' | 'wasm' | 'none' | undefined;
  /**
   * Analyzers, an encoder or a retriever of your own: the path of a module whose default export is an `Extension`, or
   * the extension itself, see `era-search/extend`. @default none
   */
  readonly extension?: string | Extension | undefined;
}

/** What can be asked of a search in Node, besides the query. */
export interface CollectionSearchOptions extends SearchOptions {
  /** [dims] query vector in the passages' space, unit length, instead of the small model's. */
  readonly vector?: Float32Array | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A published folder that is open in Node: the same ranking as in a page. */
export interface OpenedCollection {
  /** Numbers of pages and passages; the language of most pages first. */
  readonly info: { readonly pages: number; readonly passages: number; readonly languages: readonly string[] };
  /** Present as in a page; in Node everything is read when the collection is opened. */
  download: () => Promise<void>;
  /**
   * Searches as in a page, see `Collection.search` there.
   * @throws EraError while it is read: `invalid-input` for an empty query, `invalid-option`, `dimension-mismatch`,
   * `model-load`, `no-vectors`, `closed`; the signal's reason
   */
  search: (text: string, options?: CollectionSearchOptions) => Answers;
  /**
   * Tries synonyms, boosts, pins and excluded words in place of the published ones; null for those.
   * @param curation or the text of a `synonyms.json`
   * @returns what it has, and what of it names no page
   * @throws EraError `invalid-input`, `closed`
   */
  tune: (curation: Curation | string | null) => Promise<CurationReport>;
  /** Frees the model and the vectors; later calls reject with `closed`. */
  close: () => Promise<void>;
}

/**
 * Opens a collection that `era-search index` has written. It is read completely; the small model is loaded when a query
 * first needs it.
 * @param folder of `era-search.json`, or that of the site above it
 * @throws EraError `no-index` where there is none, `index-format`, `unsupported-version`, `unknown-analyzer`,
 * `bad-extension`
 */
export async function openCollection(
  folder: string,
  { models, url, device = 'cpu', extension: given }: OpenCollectionOptions = {},
): Promise<OpenedCollection> {
  const extension = await extensionFrom(given);
  const { address, manifest } = await findManifest(resolve(folder));
  const published = url === undefined ? address : new URL(SITE_MANIFEST_FILE, url.replace(/\/?$/, '/')).href;
  const collection = await Collection.open(
    manifest,
    published,
    new PartSource(address, [], fetchFile),
    extension.analyzers,
  );
  await collection.load();
  const vectors = manifest.space === null ? null : await collection.vectors();
  const scanner = vectors && (await openScanner(vectors));
  const documents = { count: manifest.passages, url: published, ids: () => collection.ids() };
  const own = await openOwnRetriever(extension, documents);
  const dense = own ?? (vectors && scanner ? new DenseRetriever(scanner, vectors) : null);
  const adapter = await localAdapter(collection);
  return new NodeCollection(
    collection,
    scanner,
    dense,
    adapter,
    device === 'none' || manifest.space === null ? null : () => openModel(manifest, address, models, device, extension),
  );
}

interface PublishedAdapter {
  readonly adapter: LinearAdapter;
  readonly used: UsedAdapter;
}

class NodeCollection implements OpenedCollection {
  readonly info: OpenedCollection['info'];
  readonly #collection: Collection;
  readonly #scanner: Scanner | null;
  readonly #dense: Retriever | null;
  readonly #adapter: PublishedAdapter | null;
  readonly #openModel: (() => Promise<Encoder>) | null;
  #encoder: Promise<Encoder> | undefined;
  #isClosed = false;

  constructor(
    collection: Collection,
    scanner: Scanner | null,
    dense: Retriever | null,
    adapter: PublishedAdapter | null,
    open: (() => Promise<Encoder>) | null,
  ) {
    const { pages, passages, languages } = collection.manifest;
    this.info = { pages, passages, languages };
    this.#collection = collection;
    this.#scanner = scanner;
    this.#dense = dense;
    this.#adapter = adapter;
    this.#openModel = open;
  }

  search(text: string, options: CollectionSearchOptions = {}): Answers {
    return new Answers((early) => this.#answers(text, options, early));
  }

  download(): Promise<void> {
    return Promise.resolve();
  }

  async tune(curation: Curation | string | null): Promise<CurationReport> {
    if (this.#isClosed) throw new EraError('closed', 'The collection is closed.');
    return this.#collection.tune(curation);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#scanner?.dispose();
    await this.#encoder?.then(
      (encoder) => encoder.dispose(),
      () => undefined,
    );
  }

  async *#answers(
    text: string,
    { vector, signal, ...options }: CollectionSearchOptions,
    early: boolean,
  ): AsyncGenerator<Answer, void> {
    const start = performance.now();
    if (this.#isClosed) throw new EraError('closed', 'The collection is closed.');
    const query = toSearchQuery(text, options);
    if (vector) this.#checkVector(vector);
    let by: ReadBy = UNREAD;
    const read = async (): Promise<QueryVector | null> => {
      if (vector) {
        by = { ...UNREAD, vector: 'remote' };
        return { vector, isAdapted: false, isLabelled: false, keywordFactor: 1 };
      }
      const own = query.mode !== 'keyword' && this.#dense?.needsVector ? await this.#read(query.words, signal) : null;
      if (own)
        by = {
          ...UNREAD,
          vector: 'local',
          path: 'local',
          ...(this.#adapter ? this.#adapter.used : {}),
          ms: performance.now() - start,
        };
      const isLabelled = this.#adapter?.used.stage === 'adapted';
      const keywordFactor = this.#adapter?.adapter.keywordFactor ?? 1;
      return own && { vector: own, isAdapted: this.#adapter !== null, isLabelled, keywordFactor };
    };
    const reading = read();
    reading.catch(() => undefined); // the search throws it
    for await (const findings of this.#collection.search(
      query,
      reading,
      () => Promise.resolve(this.#dense),
      early,
      signal,
    ))
      yield answerOf(query.text, findings, by, 'store', performance.now() - start);
  }

  #checkVector(vector: Float32Array): void {
    const { space } = this.#collection.manifest;
    const dims = space === null ? vector.length : parseSpaceId(space).dims;
    if (vector.length !== dims)
      throw new EraError('dimension-mismatch', `The vector has ${vector.length} numbers, the passages’ have ${dims}.`, {
        details: { length: vector.length, dims },
      });
    assertVectors(vector, dims, 'The vector');
  }

  async #read(text: string, signal: AbortSignal | undefined): Promise<Float32Array | null> {
    if (!this.#openModel) return null;
    this.#encoder ??= this.#openModel().catch((error: unknown) => {
      this.#encoder = undefined;
      throw error;
    });
    const own = await (await this.#encoder).encode([text], 'query', { signal, reproducible: true });
    return this.#adapter ? applyAdapter(this.#adapter.adapter, own) : own;
  }
}

async function findManifest(folder: string): Promise<{ address: string; manifest: SiteManifest }> {
  for (const candidate of [folder, join(folder, 'era-search')]) {
    const file = join(candidate, SITE_MANIFEST_FILE);
    if (!existsSync(file)) continue;
    const address = pathToFileURL(file).href;
    return { address, manifest: (await fetchManifest(address, false, { fetch: fetchFile }))! };
  }
  throw new EraError('no-index', `There is no ${SITE_MANIFEST_FILE} in ${folder}: “era-search index” makes one.`, {
    details: { folder },
  });
}

/** The published adapter for the small model's queries, as in a page. */
async function localAdapter(collection: Collection): Promise<PublishedAdapter | null> {
  const published = collection.manifest.adapters.filter(({ path }) => path === 'local');
  const chosen = published.find(({ stage }) => stage === 'adapted') ?? published[0];
  if (!chosen) return null;
  const adapter = readAdapter(await collection.parts.file(chosen));
  if (adapter.to !== collection.manifest.space)
    throw new EraError(
      'space-mismatch',
      `The published adapter ${chosen.file} leads to ${adapter.to}, which is not the space of the passages.`,
    );
  return { adapter, used: { stage: chosen.stage, trainer: DEFAULT_TRAINER } };
}

async function openModel(
  { encoder: published, space }: SiteManifest,
  address: string,
  models: string | undefined,
  device: 'cpu' | 'wasm',
  extension: Extension,
): Promise<Encoder> {
  const beside = published?.models ? fileURLToPath(new URL(published.models, address)) : null;
  const modelBase = models ?? beside ?? join(packageRoot(), 'public/models');
  const { encoder } =
    (await openOwnEncoder(extension)) ?? (await openEncoder({ model: published!.model, modelBase, device }));
  assertCompatible(encoder.space, parseSpaceId(space!), 'the small model and the collection');
  return encoder;
}

/** A larger file is read in pieces, so that one of another size than it should have is not read whole. */
const WHOLE_BYTES = 2 ** 22;

/** Serves files of this machine as responses. */
const fetchFile: Fetch = async (url, { signal }) => {
  try {
    const path = fileURLToPath(url);
    const { size } = await stat(path);
    const options = { signal: signal ?? undefined };
    if (size <= WHOLE_BYTES) return new Response(await readFile(path, options));
    const pieces = Readable.toWeb(createReadStream(path, { ...options, highWaterMark: WHOLE_BYTES }));
    return new Response(pieces as ReadableStream<Uint8Array>, { headers: { 'content-length': String(size) } });
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Response(null, { status: 404 });
    throw new EraError('storage', `${fileURLToPath(url)} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};
