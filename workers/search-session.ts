// What the search worker holds between calls: the store, the open index, its scanner and the adapters. Composes rooms, computes nothing.

import { applyAdapter, checkAdapter, queryInput, type LinearAdapter } from '../src/adapter/adapter.ts';
import { EraError, isEraError, messageOf } from '../src/errors.ts';
import type { IndexView } from '../src/format/index-file.ts';
import { parseManifest } from '../src/format/manifest.ts';
import { readIndex } from '../src/format/reader.ts';
import { writeIndex } from '../src/format/writer.ts';
import { dequantizeRows, quantizeRows, type QuantizedVectors } from '../src/math/quantize.ts';
import type { IndexInfo, IndexSource, PassageHit, SearchApi } from '../src/rpc/protocol.ts';
import type { QueryReading } from '../src/rpc/site-messages.ts';
import { DenseRetriever } from '../src/search/dense-retriever.ts';
import { openScanner } from '../src/scan/open-scanner.ts';
import type { Scanner, ScannerOptions } from '../src/scan/scan.ts';
import { spaceId } from '../src/space.ts';
import { openStore } from '../src/store/open-store.ts';
import type { FileStore, OpenedStore, StoreCallOptions } from '../src/store/store.ts';
import { downloadIndex, fetchManifest, manifestUrl } from '../src/transfer/manifest.ts';

interface OpenIndex {
  readonly info: IndexInfo;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: IndexView;
  readonly scanner: Scanner;
  readonly dense: DenseRetriever;
  readonly rowOf: ReadonlyMap<string, number>;
}

export class SearchSession {
  #storeMode: 'auto' | 'memory' = 'auto';
  #scan: ScannerOptions['backend'] = 'auto';
  #store: Promise<OpenedStore> | undefined;
  #index: OpenIndex | undefined;
  readonly #adapters = new Map<string, LinearAdapter>();

  configure(store: 'auto' | 'memory', scan: NonNullable<ScannerOptions['backend']>): void {
    this.#storeMode = store;
    this.#scan = scan;
  }

  async open(name: string, url: string | null, options: StoreCallOptions): Promise<IndexInfo> {
    const { store } = await this.openStore();
    const address = url === null ? null : manifestUrl(url, 'index.json');
    const manifest = address === null ? null : await fetchManifest(address, parseManifest, (await store.stat(fileName(name))) !== null, options);
    const stored = await store.read(fileName(name), options);
    if (stored && (!manifest || stored.meta.sha256 === manifest.sha256)) {
      const view = tryRead(stored.bytes);
      if (view) return this.#use(name, stored.bytes, view, 'store');
      await store.remove(fileName(name));
    }
    if (address === null || !manifest) throw new EraError('no-index', `There is no index “${name}” in this browser, and none could be downloaded.`);
    const { bytes, view } = await downloadIndex(address, manifest, options);
    return this.keep(name, bytes, view, 'network', options);
  }

  async build({ name, passages, vectors, space }: SearchApi['build']['args'], options: StoreCallOptions): Promise<IndexInfo> {
    const bytes = writeIndex({ space, vectors: quantizeRows(vectors, space.dims), passages });
    return this.keep(name, bytes, readIndex(bytes), 'built', options);
  }

  setAdapter(id: string, adapter: LinearAdapter | null): void {
    if (adapter) this.#adapters.set(id, checkAdapter(adapter));
    else this.#adapters.delete(id);
  }

  async search({ k, ...query }: SearchApi['search']['args']): Promise<PassageHit[]> {
    const { dense, view } = this.#opened();
    const { ids, scores } = await dense.retrieve({ vector: this.queryVector(query) }, { k });
    return Array.from(ids, (row, i) => ({ ...view.passage(row), row, score: scores[i]! }));
  }

  /** Over the open index, if it is the file with this hash. */
  denseRetriever(sha256: string): DenseRetriever | null {
    return this.#index?.info.sha256 === sha256 ? this.#index.dense : null;
  }

  /** A query's vectors as one in the space of the passages. @throws EraError `no-adapter`, and what `queryInput` throws */
  queryVector({ local, remote, adapter: id }: QueryReading): Float32Array {
    const adapter = id === null ? null : this.#adapters.get(id);
    if (adapter === undefined) throw new EraError('no-adapter', `There is no adapter “${String(id)}”.`);
    return adapter ? applyAdapter(adapter, queryInput({ local, remote }, adapter.path, 1)) : queryInput({ local, remote }, 'local', 1);
  }

  /** What is open, if it is the file with this hash. */
  current(sha256: string): IndexInfo | null {
    return this.#index?.info.sha256 === sha256 ? this.#index.info : null;
  }

  /** Opens the stored index `name` if it is the file with this hash. */
  async openStored(name: string, sha256: string, options: StoreCallOptions): Promise<IndexInfo | null> {
    const { store } = await this.openStore();
    if ((await store.stat(fileName(name)))?.sha256 !== sha256) return null;
    const stored = await store.read(fileName(name), options);
    const view = stored && tryRead(stored.bytes);
    return view ? this.#use(name, stored.bytes, view, 'store') : null;
  }

  passages(rows: readonly number[]): SearchApi['passages']['result'] {
    const { view } = this.#opened();
    return rows.map((row) => view.passage(row));
  }

  rows(ids: readonly string[]): Int32Array<ArrayBuffer> {
    const { rowOf } = this.#opened();
    return Int32Array.from(ids, (id) => rowOf.get(id) ?? -1);
  }

  vectors(rows: readonly number[]): Float32Array<ArrayBuffer> {
    return dequantizeRows(this.#opened().view.vectors, rows);
  }

  snapshot(): QuantizedVectors {
    const { codes, scales, dims } = this.#opened().view.vectors;
    return { codes: codes.slice(), scales: scales.slice(), dims };
  }

  exportFile(): Uint8Array<ArrayBuffer> {
    return this.#opened().bytes.slice();
  }

  async file(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const { store } = await this.openStore();
    return (await store.read(name))?.bytes ?? null;
  }

  async writeFile(name: string, bytes: Uint8Array): Promise<void> {
    const { store } = await this.openStore();
    await store.write(name, bytes, {});
  }

  async removeFile(name: string): Promise<void> {
    const { store } = await this.openStore();
    await store.remove(name);
  }

  openStore(): Promise<OpenedStore> {
    this.#store ??= openStore({ mode: this.#storeMode });
    return this.#store;
  }

  #opened(): OpenIndex {
    if (!this.#index) throw new EraError('no-index', 'No index is open.');
    return this.#index;
  }

  /** Stores the file, then opens it; an index that cannot be stored is used from memory all the same. */
  async keep(name: string, bytes: Uint8Array<ArrayBuffer>, view: IndexView, source: IndexSource, options: StoreCallOptions): Promise<IndexInfo> {
    const { store } = await this.openStore();
    try {
      await store.write(fileName(name), bytes, { space: spaceId(view.space) }, options);
    } catch (error) {
      if (!isEraError(error, 'quota') && !isEraError(error, 'storage')) throw error;
      return this.#use(name, bytes, view, source, messageOf(error));
    }
    return this.#use(name, bytes, view, source);
  }

  async #use(name: string, bytes: Uint8Array<ArrayBuffer>, view: IndexView, source: IndexSource, problem?: string): Promise<IndexInfo> {
    const { store, fallbackReason } = await this.openStore();
    const scanner = await openScanner(view.vectors, { backend: this.#scan });
    this.#index?.scanner.dispose();
    const storeProblem = problem ?? fallbackReason;
    const info: IndexInfo = {
      name,
      space: view.space,
      passages: view.count,
      sha256: view.sha256,
      bytes: bytes.byteLength,
      source,
      store: storeKind(store, problem),
      ...(storeProblem === undefined ? {} : { storeProblem }),
      scan: scanner.kind,
      scanRefused: scanner.refused,
    };
    this.#index = { info, bytes, view, scanner, dense: new DenseRetriever(scanner, view.vectors), rowOf: new Map(view.ids().map((id, row) => [id, row])) };
    return info;
  }
}

const fileName = (index: string): string => `index/${index}`;

function storeKind(store: FileStore, problem: string | undefined): 'indexeddb' | 'memory' {
  return problem === undefined ? store.kind : 'memory';
}

/** A stored file of another version or a damaged one counts as absent: the store is a cache. */
function tryRead(bytes: Uint8Array<ArrayBuffer>): IndexView | null {
  try {
    return readIndex(bytes);
  } catch (error) {
    if (isEraError(error)) return null;
    throw error;
  }
}
