// Connects an element to its site: joins the shared one, and decides on its search options and on the offers of the
// status line.

import {
  encoderDownloadBytes,
  isEraError,
  type Answer,
  type ChosenFilters,
  type Collection,
  type CollectionInfo,
  type EraError,
  type SearchOptions,
  type Literal,
} from '../index.ts';
import { allowModel, isModelAllowed } from './consent.ts';
import type { SearchAttributes } from './search-attributes.ts';
import type { SearchRun } from './search-run.ts';
import { defaultFilters, resultLanguage, toSettings } from './settings.ts';
import { savesData, SharedSite } from './shared-site.ts';
import type { Texts } from './interface-texts.ts';
import { hasModel, type StateView } from './view/state-line.ts';

export interface LinkHost {
  readonly attributes: SearchAttributes;
  readonly pageLanguage: () => string;
  readonly changed: () => void;
  /** A search would now have a better answer. */
  readonly refined: () => void;
  /** Called once for every site that was opened. */
  readonly ready: (site: CollectionInfo) => void;
}

/** No query API and no extension. */
const PLAIN = { queryUrl: '', queryModel: '', queryPrompt: '', queryDimensions: null, queryOptions: '', extension: '' };

export class SiteLink {
  readonly #host: LinkHost;
  #site: SharedSite | null = null;
  #readySite: SharedSite | null = null;
  /** Bytes of the language model's download; 0 while they are unknown. */
  #modelBytes = 0;
  #measuredSite: SharedSite | null = null;

  constructor(host: LinkHost) {
    this.#host = host;
  }

  get info(): CollectionInfo | null {
    return this.#site?.info ?? null;
  }

  /**
   * Joins the site that the attributes name; without a usable query API, or with an extension of another site, searches
   * work without these.
   * @returns the address of the index where it has changed, else null
   */
  join(home: string, failed: (error: EraError) => void): string | null {
    const before = this.#site;
    try {
      this.#site = SharedSite.join(toSettings(this.#host.attributes, home), this.#changed);
    } catch (error) {
      if (!isEraError(error, 'invalid-option')) throw error;
      failed(error);
      const { bundle } = this.#host.attributes;
      const plain = { ...PLAIN, bundle: URL.canParse(bundle, location.href) ? bundle : '' };
      this.#site = SharedSite.join(toSettings(plain, home), this.#changed);
    }
    if (before === this.#site) return null;
    before?.leave(this.#changed);
    return this.#site.settings.bundle;
  }

  leave(): void {
    this.#site?.leave(this.#changed);
    this.#site = null;
  }

  async open(): Promise<Collection> {
    const site = this.#site!;
    const collection = await site.open();
    if (this.#readySite !== site) {
      this.#readySite = site;
      this.#host.ready(collection.info);
    }
    return collection;
  }

  /** Search options from the attributes and the visitor's choices. */
  get options(): SearchOptions {
    const { language, limit, sections, semantic, literal } = this.#host.attributes;
    return {
      limit,
      sections,
      mode: semantic === 'off' ? 'keyword' : 'hybrid',
      literal: literal.split(/\s+/).filter((part) => part !== '') as Literal[],
      language: resultLanguage(language, this.#host.pageLanguage(), this.info),
      encoder: this.#mayLoadModel ? 'load' : 'if-ready',
    };
  }

  /** Filters that apply where the visitor has chosen none: the version that the page is about, else the current one. */
  get defaultFilters(): ChosenFilters {
    return this.info ? defaultFilters(this.info, document) : {};
  }

  completeWhenIdle(): void {
    if (this.#host.attributes.semantic === 'auto') this.#site?.completeWhenIdle();
  }

  stateView(run: SearchRun, texts: Texts, language: string): StateView {
    const site = this.#site!;
    const { semantic } = this.#host.attributes;
    const isSemantic = semantic === 'auto' && (site.info?.space ?? null) !== null;
    const asksForIndex =
      run.answer !== null && isSemantic && savesData() && site.missingBytes > 0 && site.progress === null;
    return {
      texts,
      language,
      answer: run.answer,
      isImproving: run.isImproving,
      isSemantic,
      isOnline: navigator.onLine,
      isComplete: site.isComplete,
      encoder: site.encoder,
      progress: site.progress,
      consentBytes: isSemantic && this.#asksForModel(site, run.answer) ? this.#measure(site) : null,
      indexBytes: asksForIndex ? site.missingBytes : null,
      allowModel: () => {
        allowModel();
        void site.complete();
        this.#host.refined();
        this.#host.changed();
      },
      loadIndex: () => void site.complete(),
    };
  }

  get #mayLoadModel(): boolean {
    const { semantic, encoder } = this.#host.attributes;
    if (semantic === 'off' || encoder === 'off') return false;
    return isModelAllowed() || (encoder === 'auto' && !savesData());
  }

  /** True only where nothing else reads the query, the site publishes a model, and the visitor has not decided yet. */
  #asksForModel({ info, encoder }: SharedSite, answer: Answer | null): boolean {
    return (
      answer !== null &&
      !hasModel(answer.source) &&
      this.#host.attributes.encoder !== 'off' &&
      !this.#mayLoadModel &&
      encoder.state === 'idle' &&
      (info?.encoder?.modelBase ?? null) !== null
    );
  }

  #measure(site: SharedSite): number {
    const { encoder } = site.info ?? {};
    if (this.#measuredSite !== site && encoder && encoder.modelBase !== null) {
      this.#measuredSite = site;
      this.#modelBytes = 0;
      const measured = encoderDownloadBytes({ model: encoder.model, modelBase: encoder.modelBase });
      void measured
        .catch(() => 0)
        .then((bytes) => {
          if (this.#measuredSite !== site) return;
          this.#modelBytes = bytes;
          this.#host.changed();
        });
    }
    return this.#modelBytes;
  }

  readonly #changed = (isRefined: boolean): void => {
    if (isRefined) this.#host.refined();
    this.#host.changed();
  };
}
