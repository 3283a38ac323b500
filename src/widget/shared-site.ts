// One engine with one collection for all elements with the same folder and query API; opened on first use, closed with
// the last element.

import {
  Engine,
  isEraError,
  type Collection,
  type CollectionInfo,
  type EngineStatus,
  type RemoteOptions,
  type Progress,
} from '../index.ts';

export interface SiteSettings {
  /** Address of the site's index folder, absolute. */
  readonly bundle: string;
  readonly query: RemoteOptions | null;
  /** Address of the module of an extension, absolute; null for none. */
  readonly extension: string | null;
}

/**
 * Milliseconds that the engine outlives its last element, since an element that is moved in the document is removed and
 * added again.
 */
const CLOSE_DELAY_MS = 2000;
/** Least milliseconds between a failed download and the next try. */
const COMPLETE_AGAIN_MS = 30_000;

const sites = new Map<string, SharedSite>();

export class SharedSite {
  readonly settings: SiteSettings;
  /** Null until `open` has resolved. */
  info: CollectionInfo | null = null;
  /** Progress of the download of the whole index; null while there is none. */
  progress: Progress | null = null;
  readonly #engine: Engine;
  readonly #listeners = new Set<(isRefined: boolean) => void>();
  readonly #key: string;
  #opening: Promise<Collection> | undefined;
  #completing: Promise<void> | undefined;
  #isComplete = false;
  #failedAt = -Infinity;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(settings: SiteSettings, key: string) {
    this.settings = settings;
    this.#key = key;
    this.#engine = new Engine({
      ...(settings.query ? { query: settings.query } : {}),
      ...(settings.extension === null ? {} : { extension: settings.extension }),
      onStatus: () => this.#tell(false),
    });
  }

  /** @param listener called with every change; with true when a search would now have a better answer */
  static join(settings: SiteSettings, listener: (isRefined: boolean) => void): SharedSite {
    const key = JSON.stringify(settings);
    const site = sites.get(key) ?? new SharedSite(settings, key);
    sites.set(key, site);
    clearTimeout(site.#closeTimer);
    site.#listeners.add(listener);
    return site;
  }

  leave(listener: (isRefined: boolean) => void): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#closeTimer = setTimeout(() => {
      sites.delete(this.#key);
      this.#engine.close();
    }, CLOSE_DELAY_MS);
  }

  get encoder(): EngineStatus['encoder'] {
    return this.#engine.status.encoder;
  }

  /** Whether the whole index is in the browser. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Bytes of the index that are still missing. */
  get missingBytes(): number {
    return this.#isComplete ? 0 : (this.info?.missingBytes ?? 0);
  }

  /**
   * Opens the site once; after a failure the next call tries again. An index that is stored in the browser is loaded
   * completely.
   */
  open(): Promise<Collection> {
    this.#opening ??= this.#engine.open(this.settings.bundle).then(
      (collection) => {
        this.info = collection.info;
        if (collection.info.source === 'store') void this.complete();
        this.#tell(false);
        return collection;
      },
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }

  /** Completes the index when the browser has nothing else to do, unless the visitor asked to save data. */
  completeWhenIdle(): void {
    if (this.#isComplete || this.#completing || savesData() || performance.now() - this.#failedAt < COMPLETE_AGAIN_MS)
      return;
    whenIdle(() => void this.complete());
  }

  /** Downloads the whole index. Never rejects: without it keywords alone rank. */
  complete(): Promise<void> {
    if (this.#isComplete) return Promise.resolve();
    this.#completing ??= this.open()
      .then((collection) => collection.download({ onProgress: (progress) => this.#report(progress) }))
      .then(
        (info) => {
          this.info = info;
          this.#isComplete = true;
        },
        (error: unknown) => {
          if (!isEraError(error)) throw error;
          this.#failedAt = performance.now();
        },
      )
      .finally(() => {
        this.#completing = undefined;
        this.progress = null;
        this.#tell(this.#isComplete);
      });
    return this.#completing;
  }

  #report(progress: Progress): void {
    this.progress = progress;
    this.#tell(false);
  }

  #tell(isRefined: boolean): void {
    for (const listener of this.#listeners) listener(isRefined);
  }
}

export function savesData(): boolean {
  return (
    (navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } }).connection?.saveData === true
  );
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 500);
}
