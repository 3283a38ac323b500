// An open collection of a page: it searches, downloads and learns. The work is done in the workers; rpc/ has the
// messages.

import type { QueryPath } from '../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../adapter/file.ts';
import { DEFAULT_TRAINER, TRAINERS, type TrainerName } from '../adapter/trainer.ts';
import { answerOf, Answers, UNREAD, type Answer, type ReadBy, type Stage } from '../answer.ts';
import { unlessAborted } from '../abort.ts';
import { EraError, isEraError, messageOf } from '../errors.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { Curation, CurationReport } from '../format/curation.ts';
import { possiblePaths, type EngineOptions } from '../options.ts';
import { dot, row } from '../math/vector.ts';
import { ProgressMeter } from '../progress.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import type { Client } from '../rpc/client.ts';
import type { CollectionInfo } from '../rpc/collection-messages.ts';
import type { SearchApi, TrainingOutcome } from '../rpc/protocol.ts';
import type { CollectionFindings } from '../search/collection.ts';
import { toSearchQuery } from '../search/query.ts';
import type { Space } from '../space.ts';
import { AdapterSlots, fitsSpaces, KEPT } from './adapters.ts';
import { WHOLE_MS, type Connection } from './connections.ts';
import { LazyTrainer } from './lazy-trainer.ts';
import { loaded } from './loaded.ts';
import { modelOf, type LocalModel } from './local-model.ts';
import { planQuery } from './query-plan.ts';
import { QueryVectorizer, type Reading } from './query-vectors.ts';
import type { RememberedQueries } from './remembered-queries.ts';
import type { CollectionChanges, DownloadOptions, SearchOptions } from './search-options.ts';
import { OFF, UNTRAINED, type CollectionStatus, type TrainerStatus } from './status.ts';
import { streamOf } from './stream.ts';
import type {
  AdaptOptions,
  AlignOptions,
  EvaluateOptions,
  Evaluation,
  LearningCurve,
  LearningCurveOptions,
} from './training-options.ts';

/**
 * Lowest accepted cosine of a passage's vector with the one in the collection: between the loss by number formats and
 * the effect of another model. Eight-bit weights, another processor and the collection's eight-bit codes leave 0.97 and
 * more; another model, or another pooling of the same, is far below. encode/self-test.ts is the finer test.
 */
const LEAST_COSINE = 0.9;

export interface CollectionParts {
  readonly options: EngineOptions;
  readonly search: Pick<Connection<SearchApi>, 'ready'>;
  /** Number by which the search worker knows it. */
  readonly number: number;
  readonly model: LocalModel | null;
  readonly remote: QueryEncoder | null;
  readonly remembered: RememberedQueries | null;
  readonly noteRemote: (problem: EraError | null) => void;
  readonly changed: () => void;
  readonly closed: () => void;
}

/** An open collection: searched, downloaded, and learned on. Made by `Engine.open`, `openStored` and `build`. */
export class Collection {
  readonly #parts: CollectionParts;
  readonly #vectors: QueryVectorizer;
  readonly #slots: AdapterSlots;
  readonly #trainer: LazyTrainer;
  #info: CollectionInfo;
  #training: TrainerStatus = UNTRAINED;
  #refusedAdapters: CollectionStatus['refusedAdapters'] = [];
  #restoring: Promise<void> | undefined;
  #agreement: Promise<void> | undefined;
  /** Undefined while the published one is in use. */
  #tuned: Curation | string | undefined;
  /** The last one that was asked for; never rejects. */
  #update: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  /** The worker in which it is open. A restarted one opens it again when it is next needed. */
  #home: Promise<Client<SearchApi>>;

  /** @internal Called by `engine.open` and `engine.build`. */
  constructor(parts: CollectionParts, info: CollectionInfo, home: Client<SearchApi>) {
    const { options, number, model, remote, remembered, noteRemote, changed } = parts;
    this.#parts = parts;
    this.#info = info;
    this.#home = Promise.resolve(home);
    this.#vectors = new QueryVectorizer({
      local: model,
      remote,
      remembered,
      readStatic: async (texts, signal) =>
        (await this.#client(signal)).call('readStatic', { collection: number, texts }, { signal }),
      agrees: () => this.#agrees(),
      noteRemote,
    });
    this.#slots = new AdapterSlots(number, info.name);
    this.#trainer = new LazyTrainer(() => this.#restored(), {
      options,
      search: { ready: () => this.#client() },
      collection: number,
      vectors: this.#vectors,
      slots: this.#slots,
      remote,
      paths: () => this.#paths,
      info: () => this.#info,
      ask: (text, asked) => this.search(text, asked).best(),
      onStatus: (status) => {
        this.#training = status;
        changed();
      },
    });
  }

  /** What the collection is, and how much of it is in the browser. */
  get info(): CollectionInfo {
    return this.#info;
  }

  /** What runs where, and what was refused and why. */
  get status(): CollectionStatus {
    return {
      info: this.#info,
      encoder: this.#parts.model?.status ?? OFF,
      trainer: this.#training,
      adapters: this.#slots.list(),
      refusedAdapters: this.#refusedAdapters,
    };
  }

  /** Starts loading the small model now, so that the first search need not wait. @throws EraError `model-load` */
  async warmUp(): Promise<void> {
    await this.#parts.model?.ready();
  }

  /**
   * Searches pages with their best sections: first an answer by keywords, then by what the mode asks for. Each answer
   * states how it was ranked; without a model or the passages' vectors keywords alone rank. `download` fetches the
   * vectors; the mode `dense` fetches them where they are missing.
   * @throws EraError while it is read: `invalid-input` for an empty query, `invalid-option`, `closed`; `no-vectors`,
   * `no-adapter`, `no-encoder` and the network family in the mode `dense`; `network` and `index-format` for a needed
   * part that cannot be fetched; the signal's reason
   */
  search(text: string, options: SearchOptions = {}): Answers {
    return new Answers((early) => this.#answers(text, options, early));
  }

  /**
   * Tries synonyms, boosts, pins and excluded words in place of those that are published with the collection: later
   * searches of this object use them, until it is closed. Null goes back to the published ones, `{}` uses none.
   * @param curation or the text of a `synonyms.json`
   * @returns what it has, and what of it names no page
   * @throws EraError `invalid-input`; `network`, `timeout`, `index-format` for addresses of pages that cannot be fetched;
   * `closed`
   */
  async tune(curation: Curation | string | null): Promise<CurationReport> {
    const { report, info } = await (await this.#client()).call('tune', { collection: this.#parts.number, curation });
    this.#tuned = curation ?? undefined;
    this.#info = info;
    this.#parts.changed();
    return report;
  }

  /**
   * Downloads the whole collection into the browser, so that it is searched by meaning and without a network. Uses the
   * adapters that are published with it where the browser has none of its own.
   * @throws EraError `network`, `timeout`, `index-format`, `closed`; the signal's reason
   */
  async download({ signal, onProgress }: DownloadOptions = {}): Promise<CollectionInfo> {
    const search = await this.#client(signal);
    const meter = new ProgressMeter(onProgress, { phase: 'download', unit: 'bytes' });
    const info = await search.call(
      'download',
      { collection: this.#parts.number },
      {
        signal,
        patienceMs: WHOLE_MS,
        onProgress: ({ loadedBytes, totalBytes }) => meter.at(loadedBytes, totalBytes),
      },
    );
    this.#note(info);
    await this.#restored();
    await this.#adoptAdapters(search);
    this.#parts.changed();
    return this.#info;
  }

  /**
   * The files of the collection, to be published: path below the folder → bytes, as `era-search index --no-element
   * --no-model-files` writes them. Trained adapters are published by the command, see `exportAdapter`.
   * @throws EraError `network`, `timeout`, `index-format`, `closed`; the signal's reason
   */
  async export({ signal }: Pick<DownloadOptions, 'signal'> = {}): Promise<
    ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  > {
    return (await this.#client(signal)).call(
      'export',
      { collection: this.#parts.number },
      { signal, patienceMs: WHOLE_MS },
    );
  }

  /**
   * Puts records into a collection that was built in a page, in place of those with their ids or addresses, and removes
   * others. Only texts that are new are embedded; adapters stay. Searches meanwhile are answered from the collection as it
   * was, and so are those after a failure.
   * @throws EraError `invalid-input` with the number of the record, and for a collection that was not built; `duplicate-id`,
   * `empty-corpus` where nothing would be left, `no-encoder`, `model-load`, `space-mismatch` where the page has another
   * model, `closed`; the signal's reason
   */
  update(changes: CollectionChanges, options: DownloadOptions = {}): Promise<CollectionInfo> {
    // One after the other: each changes what the one before has left.
    const update = this.#update.then(() => this.#change(changes, options));
    this.#update = update.catch(() => undefined);
    return unlessAborted(update, options.signal);
  }

  async #change(changes: CollectionChanges, options: DownloadOptions): Promise<CollectionInfo> {
    const { model, number: collection, options: engine } = this.#parts;
    const { changeCollection } = await loaded(import('./build-collection.ts'), 'The builder');
    const home = await this.#client(options.signal);
    const place = { model: modelOf(model), home, collection, paths: possiblePaths(engine) };
    const info = await changeCollection(changes, this.#info, place, options);
    await this.#slots.replay(home);
    this.#note(this.#tuned ? (await home.call('tune', { collection, curation: this.#tuned })).info : info);
    return this.#info;
  }

  /** Learns the map from the remote space to the passages' space from the passages themselves, without labels. */
  align(options: AlignOptions = {}): Promise<TrainingOutcome> {
    return this.#trainer.align(options);
  }

  /**
   * Learns from labelled queries on top of the alignment, for every path that is possible; keeps only improvements,
   * unless forced.
   */
  adapt(labels: readonly LabelledQuery[], options: AdaptOptions = {}): Promise<TrainingOutcome> {
    return this.#trainer.adapt(labels, options);
  }

  /**
   * How rankings improve with the number of labels: nDCG@10 on held-out queries, of adapters that are made for this and
   * not kept.
   * @throws EraError `no-adapter`, `too-few-labels`, `missing-id`, `invalid-option`
   */
  learningCurve(labels: readonly LabelledQuery[], options: LearningCurveOptions = {}): Promise<LearningCurve> {
    return this.#trainer.learningCurve(labels, options);
  }

  /**
   * nDCG@10, recall@100 and MRR of every path and stage, and of the requested modes, on labelled queries, with
   * intervals of the difference from the small model alone.
   */
  evaluate(labels: readonly LabelledQuery[], options: EvaluateOptions = {}): Promise<Evaluation> {
    return this.#trainer.evaluate(labels, options);
  }

  /**
   * The adapter as a safetensors file (`proj.weight` [out, in], `proj.bias` [out]); the best of the trainer's where no
   * stage is named.
   * @throws EraError `no-adapter`
   */
  exportAdapter(
    path: QueryPath = this.#defaultPath,
    stage?: Stage,
    trainer: TrainerName = DEFAULT_TRAINER,
  ): Uint8Array<ArrayBuffer> {
    const adapter = stage
      ? this.#slots.get(path, trainer, stage)
      : (this.#slots.get(path, trainer, 'adapted') ?? this.#slots.get(path, trainer, 'aligned'));
    if (!adapter) throw new EraError('no-adapter', `There is no such adapter for the path “${path}”.`);
    return writeAdapter(adapter);
  }

  /** Uses an adapter file for its path. @throws EraError `adapter-format`, `space-mismatch`, `no-vectors` */
  async importAdapter(
    bytes: Uint8Array<ArrayBuffer>,
    stage: Stage = 'adapted',
    trainer: TrainerName = DEFAULT_TRAINER,
  ): Promise<void> {
    const { space } = this.#info;
    if (!space) throw new EraError('no-vectors', 'The collection has no vectors, so no adapter leads to them.');
    const adapter = readAdapter(bytes);
    if (!fitsSpaces(adapter, space, this.#spaces())) {
      throw new EraError(
        'space-mismatch',
        `The adapter leads from ${adapter.from.join(' and ')} to ${adapter.to}, which are not the spaces of this engine and collection.`,
      );
    }
    await this.#restored();
    await this.#slots.set(await this.#client(), trainer, stage, adapter, null);
    this.#parts.changed();
  }

  /**
   * Removes learned adapters, now and for later visits: the adapted maps of all paths, or the aligned ones too; of
   * every trainer unless one is named.
   */
  async revert(to: 'aligned' | 'none' = 'aligned', trainer?: TrainerName): Promise<void> {
    await this.#restored();
    await this.#slots.remove(await this.#client(), trainer ? [trainer] : TRAINERS, to === 'none' ? KEPT : ['adapted']);
    this.#parts.changed();
  }

  /** Closes the collection: the browser keeps what it has stored. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#trainer.close();
    this.#parts.closed();
  }

  /** Opens the collection in a worker that has been started since. */
  async #reopened(search: Client<SearchApi>): Promise<Client<SearchApi>> {
    const { number: collection, options } = this.#parts;
    const { name, url, vectors } = this.#info;
    this.#info = await search.call('open', { collection, name, url, paths: possiblePaths(options) });
    if (vectors) this.#info = await search.call('download', { collection }, { patienceMs: WHOLE_MS });
    if (this.#tuned) this.#info = (await search.call('tune', { collection, curation: this.#tuned })).info;
    await this.#slots.replay(search);
    return search;
  }

  /** Loads what earlier visits learned on the collection: once, when its adapters are first needed. */
  #restored(): Promise<void> {
    this.#restoring ??= this.#restore().catch((error: unknown) => {
      this.#restoring = undefined;
      throw error;
    });
    return this.#restoring;
  }

  async #restore(): Promise<void> {
    const { space } = this.#info;
    if (!space) return;
    const search = await this.#client();
    await this.#slots.restore(search, space, this.#spaces());
    await this.#adoptAdapters(search);
    this.#parts.changed();
  }

  /**
   * Rejects where the small model in the page is not the one that made the vectors: files of another model may have its
   * name. Checked once; a refused model stays refused, and a check that failed for another reason is repeated.
   */
  #agrees(): Promise<void> {
    this.#agreement ??= this.#compareModels().catch((error: unknown) => {
      if (!isEraError(error, 'self-test-failed')) this.#agreement = undefined;
      throw error;
    });
    return this.#agreement;
  }

  async #compareModels(): Promise<void> {
    const { model, number: collection } = this.#parts;
    if (!model || this.#info.origin === 'built') return; // built in this page by the same model
    const { texts, vectors } = await (await this.#client()).call('samples', { collection });
    const mine = await (await model.ready()).call('encode', { texts, role: 'passage', reproducible: true });
    const dims = vectors.length / texts.length;
    const cosines =
      mine.length === vectors.length ? texts.map((_, i) => dot(row(mine, i, dims), row(vectors, i, dims))) : [0];
    if (Math.min(...cosines) < LEAST_COSINE)
      throw new EraError(
        'self-test-failed',
        'The small model in this page is not the one that made the collection’s vectors.',
        { details: { cosine: Math.min(...cosines) } },
      );
  }

  get #defaultPath(): QueryPath {
    return this.#parts.options.path ?? possiblePaths(this.#parts.options).at(-1)!;
  }

  /** The paths that the options and the collection allow. */
  get #paths(): QueryPath[] {
    const { readsWithoutModel } = this.#info;
    return possiblePaths(this.#parts.options).filter((path) => path !== 'static' || readsWithoutModel);
  }

  /** The search worker with the collection open in it. @throws as `Connection.ready` and `Engine.open`; the signal's reason */
  #client(signal?: AbortSignal): Promise<Client<SearchApi>> {
    if (this.#isClosed) return Promise.reject(new EraError('closed', 'The collection is closed.'));
    return unlessAborted(this.#opened(), signal);
  }

  async #opened(): Promise<Client<SearchApi>> {
    const search = await this.#parts.search.ready();
    const home = this.#home;
    if ((await home.catch(() => null)) === search) return search;
    // Several calls wait for one opening; one that fails is tried again by the next call.
    if (this.#home === home) this.#home = this.#reopened(search);
    return this.#home;
  }

  /** Takes up another build of the collection; null for the one that is open. */
  #note(info: CollectionInfo | null): void {
    if (!info) return;
    if (info.build !== this.#info.build) this.#trainer.forget();
    this.#info = info;
    this.#parts.changed();
  }

  #spaces(): { local: Space | null; remote: Space | null } {
    return { local: this.#parts.model?.status.space ?? null, remote: this.#parts.remote?.space ?? null };
  }

  async *#answers(text: string, options: SearchOptions, early: boolean): AsyncGenerator<Answer, void> {
    const start = performance.now();
    const query = toSearchQuery(text, options);
    const { signal } = options;
    signal?.throwIfAborted();
    const search = await this.#client(signal);
    const reading = this.#read(query.words, options);
    let read: ReadBy = UNREAD;
    let unread: Error | undefined;
    const input = reading.then(
      ({ vectors, ...known }) => {
        read = known;
        return vectors;
      },
      (error: unknown) => {
        unread = error as Error; // handles a rejection while the keywords are still being looked up
        return null;
      },
    );
    const stop = new AbortController();
    const joint = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
    const answer = (findings: CollectionFindings, from: ReadBy): Answer =>
      answerOf(query.text, findings, from, this.#info.source, performance.now() - start);
    const found = streamOf<CollectionFindings>(async (onProgress) => {
      const args = { collection: this.#parts.number, query, early };
      this.#note(await search.call('search', args, { signal: joint, input, onProgress }));
    });
    try {
      for await (const findings of found) yield answer(findings, read);
      if (unread) throw unread; // keywords alone have answered although the query has a vector
    } catch (error) {
      throw unread ?? error;
    } finally {
      stop.abort();
    }
  }

  /** Reads the query by the first way of its plan that works. The mode `dense` requires one. */
  async #read(
    text: string,
    {
      mode = 'hybrid',
      path = this.#parts.options.path,
      stage = 'best',
      trainer = DEFAULT_TRAINER,
      encoder = 'load',
      signal,
    }: SearchOptions,
  ): Promise<Reading> {
    const { model } = this.#parts;
    const { space, vectors, source, retriever } = this.#info;
    if (retriever && !retriever.needsVector) return { ...UNREAD, vectors: null };
    const hasVectors = vectors !== null || source === 'store' || retriever !== null;
    if (mode === 'dense' || (mode === 'hybrid' && hasVectors)) await unlessAborted(this.#restored(), signal);
    const plan = planQuery(
      { mode, path, stage, trainer, encoder },
      {
        paths: this.#paths,
        space,
        hasVectors,
        model: model?.status ?? OFF,
        adapter: (...slot) => this.#slots.find(...slot),
      },
    );
    if (plan.loads) void this.warmUp().catch(() => undefined); // status.encoder has the reason
    const reading = await this.#vectors.read(text, plan, signal);
    if (mode === 'dense' && reading.vectors === null)
      throw reading.degraded ?? new EraError('no-encoder', 'No model is here to read the query.');
    return reading;
  }

  /**
   * Uses published adapters where the browser has none of its own. An adapter that does not fit is refused, and the
   * collection works without it.
   */
  async #adoptAdapters(search: Client<SearchApi>): Promise<void> {
    const { space, adapters } = this.#info;
    const refused: { file: string; reason: string }[] = [];
    for (const { path, stage, file } of space ? adapters : []) {
      if (this.#slots.get(path, DEFAULT_TRAINER, stage)) continue;
      try {
        const adapter = readAdapter(await search.call('file', { collection: this.#parts.number, file }));
        if (adapter.path !== path || !fitsSpaces(adapter, space!, this.#spaces())) {
          throw new EraError(
            'space-mismatch',
            `It leads from ${adapter.from.join(' and ')} to ${adapter.to}, which are not the spaces of this page and collection.`,
          );
        }
        await this.#slots.adopt(search, stage, adapter);
      } catch (error) {
        if (!isEraError(error) || error.code === 'worker-died' || error.code === 'closed') throw error;
        refused.push({ file, reason: messageOf(error) });
      }
    }
    this.#refusedAdapters = refused;
  }
}
