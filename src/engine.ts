// The engine as a page sees it: open or build an index, search, align, adapt, evaluate, close. Talks to its workers through rpc only.

import type { QueryPath } from './adapter/adapter.ts';
import { readAdapter, writeAdapter } from './adapter/file.ts';
import { DEFAULT_TRAINER, TRAINERS, type TrainerName } from './adapter/trainer.ts';
import { AdapterSlots, fitsSpaces, KEPT, usedAdapter, type Stage } from './engine/adapters.ts';
import { Connection } from './engine/connections.ts';
import { QueryVectorizer } from './engine/query-vectors.ts';
import { RememberedQueries } from './engine/remembered-queries.ts';
import type { BuildIndexOptions, OpenIndexOptions, SearchOptions, SearchResult } from './engine/search-options.ts';
import { Site } from './engine/site.ts';
import type { CompleteSiteOptions, OpenSiteOptions, SiteAnswer, SiteSearchOptions } from './engine/site-search.ts';
import type { EngineStatus } from './engine/status.ts';
import { LazyTrainer } from './engine/lazy-trainer.ts';
import type { AdaptOptions, AlignOptions, EvaluateOptions, Evaluation, LearningCurve, LearningCurveOptions } from './engine/training-options.ts';
import { EraError, isEraError, messageOf } from './errors.ts';
import type { LabelledQuery } from './evaluate/task.ts';
import { passageText, type Passage } from './format/index-file.ts';
import { checkK, checkOptions, possiblePaths, type EngineOptions } from './options.ts';
import type { QueryEncoder } from './query/query-encoder.ts';
import { createRemoteEncoder } from './query/remote-encoder.ts';
import type { EncoderApi, IndexInfo, SearchApi, TrainingOutcome } from './rpc/protocol.ts';
import type { SiteInfo } from './rpc/site-messages.ts';
import { assertCompatible } from './space.ts';

/** Passages embedded by one call to the encoder worker: small enough to show progress and to be cancelled soon. */
const BUILD_SLICE = 64;

export class Engine {
  readonly #options: EngineOptions;
  readonly #encoder: Connection<EncoderApi> | null;
  readonly #search: Connection<SearchApi>;
  readonly #remote: QueryEncoder | null;
  readonly #vectors: QueryVectorizer;
  readonly #slots = new AdapterSlots();
  readonly #trainer: LazyTrainer;
  readonly #site: Site;
  #status: EngineStatus;
  /** Where the open index was downloaded from; null where it was built here or taken from the store. */
  #indexAddress: string | null = null;

  /** @throws EraError `invalid-option` */
  constructor(options: EngineOptions = {}) {
    this.#options = checkOptions(options);
    const paths = possiblePaths(options);
    this.#remote = options.query ? toEncoder(options.query) : null;
    this.#encoder = options.encoder === false ? null : new Connection<EncoderApi>('encoder', (client) => this.#openEncoder(client));
    this.#search = new Connection<SearchApi>('search', (client) => this.#prepareSearch(client));
    const remote = this.#remote;
    this.#vectors = new QueryVectorizer(this.#encoder, remote, remote && new RememberedQueries(this.#search, () => remote.space, options.rememberQueries ?? true));
    this.#trainer = new LazyTrainer({
      options,
      search: this.#search,
      vectors: this.#vectors,
      slots: this.#slots,
      remote: this.#remote,
      paths,
      index: () => this.#openIndexInfo(),
      onStatus: (trainer) => this.#update({ trainer, adapters: this.#slots.list() }),
    });
    this.#site = new Site({
      options,
      search: this.#search,
      vectors: this.#vectors,
      slots: this.#slots,
      status: () => this.#status,
      update: (change) => this.#update(change),
      spaces: () => this.#spaces(),
      indexOpened: (info) => this.#opened(info, null),
      noteRemote: (path, problem) => this.#noteRemote(path, problem),
      loadEncoder: () => void this.warmUp().catch(() => undefined), // status.encoder tells what went wrong
      dropEncoder: () => {
        this.#encoder?.stop();
        this.#update({ encoder: { ...this.#status.encoder, state: 'idle', device: null, space: null } });
      },
    });
    this.#status = {
      path: options.path ?? paths.at(-1)!,
      encoder: { state: this.#encoder ? 'idle' : 'off', device: null, space: null, refused: [], load: null, problem: null },
      remote: { state: this.#remote ? 'unknown' : 'off', model: this.#remote?.space.model ?? null, problem: null },
      trainer: { device: null, refused: [], running: null },
      index: null,
      site: null,
      adapters: [],
    };
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Starts loading the small model now, so that the first search need not wait. */
  async warmUp(): Promise<void> {
    await this.#encoder?.ready();
  }

  /**
   * Opens an index: from the browser's storage when it is the one at `url` or the network is away, else downloaded and stored.
   * @throws EraError `no-index`, `index-format`, `network`, `space-mismatch`
   */
  async openIndex({ name, url, signal, onProgress }: OpenIndexOptions): Promise<IndexInfo> {
    const search = await this.#search.ready();
    const address = url === undefined ? null : new URL(url, document.baseURI).href;
    const info = await search.call('open', { name, url: address }, { signal, onProgress });
    const { local } = this.#spaces();
    if (local) assertCompatible(local, info.space, 'the small model and the index');
    return this.#opened(info, address);
  }

  /**
   * Embeds the passages with the small model, writes the index, stores and opens it.
   * @throws EraError `empty-corpus`, `duplicate-id`, `invalid-input`, `no-encoder`
   */
  async buildIndex(passages: readonly Passage[], { name, signal, onProgress }: BuildIndexOptions): Promise<IndexInfo> {
    checkPassages(passages);
    if (!this.#encoder) throw new EraError('no-encoder', 'Building an index needs the small model.');
    const encoder = await this.#encoder.ready();
    const space = this.#status.encoder.space!;
    const vectors = new Float32Array(passages.length * space.dims);
    for (let start = 0; start < passages.length; start += BUILD_SLICE) {
      const texts = passages.slice(start, start + BUILD_SLICE).map(passageText);
      const part = await encoder.call(
        'encode',
        { texts, role: 'passage' },
        { signal, onProgress: ({ doneTexts }) => onProgress?.({ donePassages: start + doneTexts, totalPassages: passages.length }) },
      );
      vectors.set(part, start * space.dims);
      onProgress?.({ donePassages: start + texts.length, totalPassages: passages.length });
    }
    const search = await this.#search.ready();
    const info = await search.call('build', { name, passages, vectors, space }, { signal, transfer: [vectors.buffer] });
    return this.#opened(info, null);
  }

  /**
   * Reads a JSONL corpus, rows `{id, doc}` or `{id, text, title?, url?}`, without blocking the page.
   * @throws EraError `malformed-jsonl` and `duplicate-id` with the line, `empty-corpus`
   */
  async readPassages(text: string): Promise<readonly Passage[]> {
    return (await this.#search.ready()).call('parsePassages', { text });
  }

  /**
   * @throws EraError `no-index`, `invalid-input` for an empty query, `no-adapter` for a stage that is not there,
   * the network family where only the remote path is possible
   */
  async search(text: string, { k = 10, path = this.#status.path, stage = 'best', trainer = DEFAULT_TRAINER, signal }: SearchOptions = {}): Promise<SearchResult> {
    this.#openIndexInfo();
    const query = text.trim();
    if (query === '') throw new EraError('invalid-input', 'The query is empty.');
    const plan = this.#slots.plan(path, trainer, stage);
    const vectors = await this.#vectors.forQuery(query, plan.path, signal);
    this.#noteRemote(plan.path, vectors.degraded);
    const isThere = stage !== 'best' && stage !== 'none' && this.#slots.get(vectors.path, trainer, stage);
    const { adapter } = vectors.path === plan.path ? plan : isThere ? this.#slots.plan(vectors.path, trainer, stage) : this.#slots.plan(vectors.path, DEFAULT_TRAINER, 'best');
    const search = await this.#search.ready();
    const start = performance.now();
    const hits = await search.call('search', { local: asMatrix(vectors.local), remote: asMatrix(vectors.remote), adapter, k: checkK(k) }, { signal });
    return {
      hits,
      path: vectors.path,
      ...usedAdapter(adapter),
      remoteSource: vectors.remoteSource,
      ...(vectors.degraded ? { degraded: vectors.degraded } : {}),
      timings: { localMs: vectors.localMs, remoteMs: vectors.remoteMs, scanMs: performance.now() - start },
    };
  }

  /**
   * Opens the search of a site that `era-search index --site` made; searches can begin, by keywords. A copy in the browser stands in while
   * the network is away, and makes room for a newer build when it is not. The small model is the site's where the options name none; it is not loaded yet.
   * @throws EraError `network`, `index-format`, `unsupported-version`
   */
  openSite(options: OpenSiteOptions): Promise<SiteInfo> {
    return this.#site.open(options);
  }

  /**
   * Pages of the open site with their best sections. Without vectors, or until `completeSite` has brought the passages', keywords answer alone; `source` says so.
   * @throws EraError `no-index`, `invalid-input` for an empty query, `invalid-option`; `network` and `index-format` for a part that is needed and cannot be had
   */
  searchSite(text: string, options: SiteSearchOptions = {}): Promise<SiteAnswer> {
    return this.#site.search(text, options);
  }

  /**
   * Brings the rest of the site into the browser, so that it is searched by meaning and without a network, and opens its index for
   * `search`, `align`, `adapt` and `evaluate`; takes up the adapters that the site publishes where the browser has none of its own.
   * @throws EraError `no-index`, `network`, `index-format`
   */
  completeSite(options: CompleteSiteOptions = {}): Promise<SiteInfo> {
    return this.#site.complete(options);
  }

  /** Learns the map from the remote space to the index's from the index's own passages, without labels. */
  align(options: AlignOptions = {}): Promise<TrainingOutcome> {
    return this.#trainer.align(options);
  }

  /** Learns from labelled queries on top of the alignment, for every path that is possible; keeps what is better only, unless forced. */
  adapt(labels: readonly LabelledQuery[], options: AdaptOptions = {}): Promise<TrainingOutcome> {
    return this.#trainer.adapt(labels, options);
  }

  /**
   * How rankings get better with the number of labels: nDCG@10 on held-out queries, of adapters that are made for this and not kept.
   * @throws EraError `no-adapter`, `too-few-labels`, `missing-id`, `invalid-option`
   */
  learningCurve(labels: readonly LabelledQuery[], options: LearningCurveOptions = {}): Promise<LearningCurve> {
    return this.#trainer.learningCurve(labels, options);
  }

  /** nDCG@10, recall@100 and MRR of every path and stage on labelled queries, with intervals against the small model alone. */
  evaluate(labels: readonly LabelledQuery[], options: EvaluateOptions = {}): Promise<Evaluation> {
    return this.#trainer.evaluate(labels, options);
  }

  /** The adapter as a safetensors file (`proj.weight` [out, in], `proj.bias` [out]); the best of the trainer's where no stage is named. @throws EraError `no-adapter` */
  exportAdapter(path: QueryPath = this.#status.path, stage?: Stage, trainer: TrainerName = DEFAULT_TRAINER): Uint8Array<ArrayBuffer> {
    const adapter = stage ? this.#slots.get(path, trainer, stage) : (this.#slots.get(path, trainer, 'adapted') ?? this.#slots.get(path, trainer, 'aligned'));
    if (!adapter) throw new EraError('no-adapter', `There is no such adapter for the path “${path}”.`);
    return writeAdapter(adapter);
  }

  /** Takes up an adapter file for its path. @throws EraError `adapter-format`, `space-mismatch` */
  async importAdapter(bytes: Uint8Array<ArrayBuffer>, stage: Stage = 'adapted', trainer: TrainerName = DEFAULT_TRAINER): Promise<void> {
    const index = this.#openIndexInfo();
    const adapter = readAdapter(bytes);
    if (!fitsSpaces(adapter, index.space, this.#spaces())) {
      throw new EraError('space-mismatch', `The adapter leads from ${adapter.from.join(' and ')} to ${adapter.to}, which are not the spaces of this engine and index.`);
    }
    await this.#slots.set(await this.#search.ready(), index.name, trainer, stage, adapter, null);
    this.#update({ adapters: this.#slots.list() });
  }

  /** Goes back, now and for later visits: drops the adapted maps of all paths, or the aligned ones with them; of every trainer unless one is named. */
  async revert(to: 'aligned' | 'none' = 'aligned', trainer?: TrainerName): Promise<void> {
    const index = this.#openIndexInfo();
    await this.#slots.remove(await this.#search.ready(), index.name, trainer ? [trainer] : TRAINERS, to === 'none' ? KEPT : ['adapted']);
    this.#update({ adapters: this.#slots.list() });
  }

  /** The open index as a file, the same bytes that `era-search index` writes. */
  async exportIndex(): Promise<Uint8Array<ArrayBuffer>> {
    this.#openIndexInfo();
    return (await this.#search.ready()).call('exportFile', null);
  }

  /** Ends all workers; every pending call rejects with `closed`. */
  close(): void {
    this.#encoder?.close();
    this.#search.close();
    this.#trainer.close();
  }

  async #openEncoder(client: Parameters<ConstructorParameters<typeof Connection<EncoderApi>>[1]>[0]): Promise<void> {
    const { model, modelBase = './models/', fromHub, device, runtimeBase } = { ...(this.#options.encoder || {}), ...this.#site.encoderOptions };
    const encoder = this.#status.encoder;
    this.#update({ encoder: { ...encoder, state: 'loading', problem: null } });
    try {
      const opened = await client.call(
        'open',
        defined({ model, modelBase: new URL(modelBase, document.baseURI).href, fromHub, device, runtimeBase }),
        { onProgress: (load) => this.#update({ encoder: { ...this.#status.encoder, load } }) },
      );
      this.#update({ encoder: { state: 'ready', device: opened.device, space: opened.space, refused: opened.refused, load: null, problem: null } });
      if (this.#status.index) assertCompatible(opened.space, this.#status.index.space, 'the small model and the index');
    } catch (error) {
      this.#update({ encoder: { ...this.#status.encoder, state: 'failed', load: null, problem: messageOf(error) } });
      throw error;
    }
  }

  /** A worker that is started anew opens again what the last one had open. */
  async #prepareSearch(client: Parameters<ConstructorParameters<typeof Connection<SearchApi>>[1]>[0]): Promise<void> {
    await client.call('configure', { store: this.#options.store ?? 'auto', scan: this.#options.scan ?? 'auto' });
    const isReopened = await this.#site.reopen(client);
    if (!this.#status.index) return;
    try {
      if (!isReopened) await client.call('open', { name: this.#status.index.name, url: this.#indexAddress });
      await this.#slots.replay(client);
    } catch (error) {
      if (!isEraError(error) || error.code === 'worker-died') throw error;
      this.#update({ index: null }); // only memory had it: the engine goes on, and another index can be opened
    }
  }

  async #opened(info: IndexInfo, address: string | null): Promise<IndexInfo> {
    this.#trainer.forgetIndex();
    this.#status = { ...this.#status, index: info };
    this.#indexAddress = address;
    await this.#slots.restore(await this.#search.ready(), info.name, info.space, this.#spaces());
    this.#update({ index: info, adapters: this.#slots.list() });
    return info;
  }

  #spaces(): { local: EngineStatus['encoder']['space']; remote: QueryEncoder['space'] | null } {
    return { local: this.#status.encoder.space, remote: this.#remote?.space ?? null };
  }

  #noteRemote(path: QueryPath, problem: EraError | undefined): void {
    if (path === 'local' || !this.#remote) return;
    const state = problem ? 'away' : 'ready';
    if (this.#status.remote.state !== state) this.#update({ remote: { ...this.#status.remote, state, problem: problem ? messageOf(problem) : null } });
  }

  #openIndexInfo(): IndexInfo {
    if (!this.#status.index) throw new EraError('no-index', 'No index is open.');
    return this.#status.index;
  }

  #update(change: Partial<EngineStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.onStatus?.();
  }
}

function toEncoder(query: NonNullable<EngineOptions['query']>): QueryEncoder {
  return 'encode' in query ? query : createRemoteEncoder(query);
}

/** The checks that can be made before minutes of embedding. */
function checkPassages(passages: readonly Passage[]): void {
  if (passages.length === 0) throw new EraError('empty-corpus', 'There are no passages.');
  const ids = new Set<string>();
  passages.forEach(({ id, text }, i) => {
    if (ids.has(id)) throw new EraError('duplicate-id', `Two passages have the id “${id}”.`, { details: { id } });
    if (text.trim() === '') throw new EraError('invalid-input', `Passage ${String(i + 1)} (“${id}”) has no text.`, { details: { passage: i, id } });
    ids.add(id);
  });
}

function asMatrix(vectors: Float32Array | null): Float32Array<ArrayBuffer> | null {
  return vectors ? new Float32Array(vectors) : null;
}

function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
