// The engine of a page: opens and builds collections, owns the workers and the models. It talks to its workers through
// rpc only.

import { locateModel } from './encode/model-choice.ts';
import { DEFAULT_MODEL } from './encode/models.ts';
import { Collection } from './engine/collection.ts';
import { Connection } from './engine/connections.ts';
import { loaded } from './engine/loaded.ts';
import { LocalModel, modelOf } from './engine/local-model.ts';
import { RememberedQueries } from './engine/remembered-queries.ts';
import type { BuildOptions, OpenOptions } from './engine/search-options.ts';
import { IDLE, OFF, type EngineStatus } from './engine/status.ts';
import { unlessAborted } from './abort.ts';
import { EraError, messageOf } from './errors.ts';
import type { CollectionRecord } from './build/records.ts';
import { extensionOf } from './engine/extension-of.ts';
import { checkOptions, possiblePaths, type EngineOptions, type LocalEncoderOptions } from './options.ts';
import type { QueryEncoder } from './query/query-encoder.ts';
import { createRemoteEncoder } from './query/remote-encoder.ts';
import type { Client } from './rpc/client.ts';
import type { CollectionInfo } from './rpc/collection-messages.ts';
import type { SearchApi } from './rpc/protocol.ts';

/**
 * Opens collections and builds them, and owns the workers and models that search them. One is enough for a page; `close` it
 * when it is no longer needed.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #search: Connection<SearchApi>;
  readonly #remote: QueryEncoder | null;
  readonly #remembered: RememberedQueries | null;
  /** Models by their options: collections with the same model share it. */
  readonly #models = new Map<string, LocalModel>();
  readonly #collections = new Map<number, Collection>();
  #lastModel: LocalModel | null = null;
  #remoteStatus: EngineStatus['remote'];
  #numbers = 0;

  /** @throws EraError `invalid-option` */
  constructor(options: EngineOptions = {}) {
    this.#options = checkOptions(options);
    this.#search = new Connection<SearchApi>('search', async (client) => {
      await client.call('configure', {
        store: this.#options.store ?? 'auto',
        scan: this.#options.scan ?? 'auto',
        extension: extensionOf(this.#options),
      });
    });
    const remote = options.query ? toEncoder(options.query) : null;
    this.#remote = remote;
    this.#remembered =
      remote && new RememberedQueries(this.#search, () => remote.space, options.rememberQueries ?? true);
    this.#remoteStatus = { state: remote ? 'unknown' : 'off', model: remote?.space.model ?? null, problem: null };
  }

  /** What runs where, and what was refused and why. `onStatus` is called with every change. */
  get status(): EngineStatus {
    return {
      encoder: this.#lastModel?.status ?? (this.#options.encoder === false ? OFF : IDLE),
      remote: this.#remoteStatus,
    };
  }

  /**
   * Starts loading the small model now (that of the open collections, where there are any), so that the first search
   * need not wait.
   * @throws EraError `model-load`, `closed`
   */
  async warmUp(): Promise<void> {
    if (this.#collections.size > 0)
      await Promise.all([...this.#collections.values()].map((collection) => collection.warmUp()));
    else await this.#model(null)?.ready();
  }

  /**
   * Opens a collection that `era-search index` has made. Keyword searches can begin at once. Without a network the copy
   * in the browser is used; with a network a newer build replaces it. The small model is the collection's where the
   * options name none; it is not loaded yet.
   * @param url of the folder or of the `era-search.json` in it, relative to the page
   * @throws EraError `network`, `timeout`, `index-format`, `unsupported-version`, `old-index`, `closed`
   */
  open(url: string, { name, signal }: OpenOptions = {}): Promise<Collection> {
    const address = new URL(url, document.baseURI).href;
    return this.#open(name ?? address, address, signal);
  }

  /**
   * Opens a collection that is stored in this browser under a name, such as one that `build` made on an earlier visit.
   * @throws EraError `no-index` where there is none, `closed`
   */
  openStored(name: string, { signal }: Pick<OpenOptions, 'signal'> = {}): Promise<Collection> {
    return this.#open(name, null, signal);
  }

  /**
   * Makes a collection from records in the page: cuts and embeds them with the small model, stores the collection and
   * opens it. The content equals that of `era-search index --corpus`.
   * @throws EraError `empty-corpus`, `duplicate-id`, `invalid-input` with the number of the record, `no-encoder`,
   * `model-load`, `closed`
   */
  async build(records: readonly CollectionRecord[], options: BuildOptions): Promise<Collection> {
    const model = modelOf(this.#model(null));
    const { buildCollection } = await loaded(import('./engine/build-collection.ts'), 'The builder');
    const collection = ++this.#numbers;
    const { info, home } = await buildCollection(records, options, {
      model,
      search: () => this.#search.ready(),
      collection,
      paths: possiblePaths(this.#options),
    });
    return this.#opened(collection, info, home);
  }

  /**
   * Reads records from JSON or JSONL without blocking the page, see `era-search index --corpus`.
   * @param name for messages
   * @throws EraError `malformed-jsonl` with the line
   */
  async readRecords(text: string, name = 'the file'): Promise<readonly CollectionRecord[]> {
    return (await this.#search.ready()).call('parseRecords', { text, name });
  }

  /** Ends all workers; every pending call rejects with `closed`. */
  close(): void {
    for (const collection of this.#collections.values()) collection.close();
    for (const model of this.#models.values()) model.close();
    this.#search.close();
  }

  async #open(name: string, url: string | null, signal: AbortSignal | undefined): Promise<Collection> {
    const search = await unlessAborted(this.#search.ready(), signal);
    const collection = ++this.#numbers;
    const info = await search.call('open', { collection, name, url, paths: possiblePaths(this.#options) }, { signal });
    return this.#opened(collection, info, search);
  }

  #opened(number: number, info: CollectionInfo, home: Client<SearchApi>): Collection {
    const model = this.#model(info.encoder);
    const collection = new Collection(
      {
        options: this.#options,
        search: this.#search,
        number,
        model,
        remote: this.#remote,
        remembered: this.#remembered,
        noteRemote: (problem) => this.#noteRemote(problem),
        changed: () => this.#changed(),
        closed: () => this.#forget(number),
      },
      info,
      home,
    );
    this.#collections.set(number, collection);
    this.#changed();
    return collection;
  }

  #forget(number: number): void {
    this.#collections.delete(number);
    // a dead worker holds no collection
    void this.#search.running?.call('close', { collection: number }).catch(() => undefined);
  }

  /**
   * The model for a collection: the engine's own options first, then the collection's description. Null where the page
   * may use none.
   */
  #model(published: CollectionInfo['encoder']): LocalModel | null {
    if (this.#options.encoder === false) return null;
    const own = this.#options.encoder ?? {};
    const takes =
      published !== null &&
      !own.fromHub &&
      (own.model === undefined || locateModel(own.model, '').model.name === published.model);
    const { model: chosen, base } = locateModel(
      own.model ?? (takes ? published.model : DEFAULT_MODEL),
      own.modelBase ?? (takes ? published.modelBase : null) ?? './models/',
    );
    const options: LocalEncoderOptions = { ...own, model: chosen, modelBase: new URL(base, document.baseURI).href };
    const key = JSON.stringify([options.model, options.modelBase]);
    let model = this.#models.get(key);
    if (!model) {
      const made = new LocalModel({ ...options, extension: extensionOf(this.#options) ?? undefined }, () => {
        this.#lastModel = made;
        this.#changed();
      });
      this.#models.set(key, (model = made));
    }
    return (this.#lastModel = model);
  }

  #noteRemote(problem: EraError | null): void {
    const state = problem ? 'away' : 'ready';
    if (this.#remoteStatus.state === state) return;
    this.#remoteStatus = { ...this.#remoteStatus, state, problem: problem && messageOf(problem) };
    this.#changed();
  }

  #changed(): void {
    this.#options.onStatus?.();
  }
}

function toEncoder(query: NonNullable<EngineOptions['query']>): QueryEncoder {
  return 'encode' in query ? query : createRemoteEncoder(query);
}
