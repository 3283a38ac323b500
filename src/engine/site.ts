// A site's search as the engine offers it: opens the site, asks for the query's vectors along the chain remote, cached, local, none,
// and lets the search worker answer. The ranking itself is in search/.

import type { QueryPath } from '../adapter/adapter.ts';
import { readAdapter } from '../adapter/file.ts';
import { DEFAULT_TRAINER, type TrainerName } from '../adapter/trainer.ts';
import { EraError, isEraError, messageOf } from '../errors.ts';
import { possiblePaths, type EngineOptions } from '../options.ts';
import type { Client } from '../rpc/client.ts';
import type { IndexInfo, SearchApi } from '../rpc/protocol.ts';
import type { QueryReading, SiteFindings, SiteInfo } from '../rpc/site-messages.ts';
import { toSearchQuery } from '../search/query.ts';
import { relateSpaces, spaceId, type Space } from '../space.ts';
import { fitsSpaces, usedAdapter, type AdapterSlots, type SearchSlotId, type Stage, type UsedAdapter } from './adapters.ts';
import type { Connection } from './connections.ts';
import type { QueryVectorizer } from './query-vectors.ts';
import type { AnswerSource, CompleteSiteOptions, OpenSiteOptions, SiteAnswer, SiteSearchOptions } from './site-search.ts';
import type { EngineStatus, SiteStatus } from './status.ts';

export interface SiteParts {
  readonly options: EngineOptions;
  readonly search: Connection<SearchApi>;
  readonly vectors: QueryVectorizer;
  readonly slots: AdapterSlots;
  readonly status: () => EngineStatus;
  readonly update: (change: Partial<EngineStatus>) => void;
  readonly spaces: () => { readonly local: Space | null; readonly remote: Space | null };
  /** Takes up an index that the search worker has opened. */
  readonly indexOpened: (info: IndexInfo) => Promise<IndexInfo>;
  readonly noteRemote: (path: QueryPath, problem: EraError | undefined) => void;
  /** Starts loading the small model and does not wait for it. */
  readonly loadEncoder: () => void;
  /** Ends a small model that the site's passages were not embedded with; the next use loads the site's. */
  readonly dropEncoder: () => void;
}

/** What reading the query by a model gave. */
interface Reading extends UsedAdapter {
  readonly vectors: QueryReading | null;
  readonly source: AnswerSource['vector'];
  readonly path: QueryPath | null;
  readonly degraded?: EraError;
  readonly ms: number;
}

interface Plan {
  readonly path: QueryPath;
  readonly adapter: SearchSlotId | null;
}

const UNREAD: Reading = { vectors: null, source: 'none', path: null, stage: 'none', trainer: null, ms: 0 };
/** Best first: what the vectors at hand allow. */
const PATHS: readonly QueryPath[] = ['both', 'remote', 'local'];

export class Site {
  readonly #parts: SiteParts;

  constructor(parts: SiteParts) {
    this.#parts = parts;
  }

  /** What the small model is loaded with: the engine's own options first, then what the site names. */
  get encoderOptions(): { readonly model?: string; readonly modelBase?: string } {
    const own = this.#parts.options.encoder || {};
    const published = this.#parts.status().site?.encoder;
    if (!published || own.fromHub || (own.model !== undefined && own.model !== published.model)) return {};
    return { model: published.model, ...(own.modelBase === undefined && published.modelBase !== null ? { modelBase: published.modelBase } : {}) };
  }

  async open({ url, name, signal }: OpenSiteOptions): Promise<SiteInfo> {
    const address = new URL(url, document.baseURI).href;
    const search = await this.#parts.search.ready();
    const info = await search.call('openSite', { name: name ?? address, url: address, paths: possiblePaths(this.#parts.options) }, { signal });
    const loaded = this.#parts.status().encoder.space;
    this.#parts.update({ site: { ...info, refusedAdapters: [] } });
    if (loaded && info.encoder && loaded.model !== info.encoder.model && !(this.#parts.options.encoder || {}).model) this.#parts.dropEncoder();
    return info;
  }

  async complete({ signal, onProgress }: CompleteSiteOptions): Promise<SiteInfo> {
    this.#opened();
    const search = await this.#parts.search.ready();
    const { site, index } = await search.call('completeSite', null, { signal, onProgress });
    this.#parts.update({ site: { ...site, refusedAdapters: [] } });
    if (index) {
      await this.#parts.indexOpened(index);
      this.#parts.update({ site: { ...site, refusedAdapters: await this.#adoptAdapters(search, site, index) }, adapters: this.#parts.slots.list() });
    }
    return site;
  }

  async search(text: string, options: SiteSearchOptions): Promise<SiteAnswer> {
    const start = performance.now();
    this.#opened();
    const { signal, onKeyword } = options;
    const query = toSearchQuery(text, options);
    signal?.throwIfAborted();
    const search = await this.#parts.search.ready();
    const ask = (vectors: QueryReading | null): Promise<SiteFindings> => search.call('searchSite', { query, reading: vectors }, { signal });
    const toAnswer = (findings: SiteFindings, reading: Reading): SiteAnswer => answerOf(query.text, findings, reading, performance.now() - start);

    const reading = this.#read(query.text, options);
    reading.catch(() => undefined); // it may fail while the keywords are still being looked up
    let keyword: SiteFindings | undefined;
    if (onKeyword && !(await isSettled(reading))) {
      keyword = await ask(null);
      if (!(await isSettled(reading)) && !signal?.aborted) onKeyword(toAnswer(keyword, UNREAD));
    }
    const read = await reading;
    if (read.vectors === null) return toAnswer(keyword ?? (await ask(null)), read);
    try {
      return toAnswer(await ask(read.vectors), read);
    } catch (error) {
      if (!isMisfit(error)) throw error;
      return toAnswer(keyword ?? (await ask(null)), { ...UNREAD, degraded: error, ms: read.ms });
    }
  }

  /** Gives a fresh search worker the site that the last one had; true when the site's index is the open one again. */
  async reopen(client: Client<SearchApi>): Promise<boolean> {
    const { site, index } = this.#parts.status();
    if (!site) return false;
    try {
      const info = await client.call('openSite', { name: site.name, url: site.url, paths: possiblePaths(this.#parts.options) });
      this.#parts.update({ site: { ...info, refusedAdapters: site.refusedAdapters } });
      if (!index || index.sha256 !== site.index) return false;
      const complete = await client.call('completeSite', null);
      this.#parts.update({ site: { ...complete.site, refusedAdapters: site.refusedAdapters }, index: complete.index });
      return true;
    } catch (error) {
      if (!isEraError(error) || error.code === 'worker-died') throw error;
      this.#parts.update({ site: null });
      return false;
    }
  }

  #opened(): SiteStatus {
    const { site } = this.#parts.status();
    if (!site) throw new EraError('no-index', 'No site is open.');
    return site;
  }

  /** The site's adapters go where the browser has none of its own. What does not fit is refused, and the site works without it. */
  async #adoptAdapters(search: Client<SearchApi>, site: SiteInfo, index: IndexInfo): Promise<SiteStatus['refusedAdapters']> {
    const refused: { file: string; reason: string }[] = [];
    for (const { path, stage, file } of site.adapters) {
      if (this.#parts.slots.get(path, DEFAULT_TRAINER, stage)) continue;
      try {
        const adapter = readAdapter(await search.call('siteFile', { file }));
        if (adapter.path !== path || !fitsSpaces(adapter, index.space, this.#parts.spaces())) {
          throw new EraError('space-mismatch', `It leads from ${adapter.from.join(' and ')} to ${adapter.to}, which are not the spaces of this page and site.`);
        }
        await this.#parts.slots.adopt(search, stage, adapter);
      } catch (error) {
        if (!isEraError(error) || error.code === 'worker-died' || error.code === 'closed') throw error;
        refused.push({ file, reason: messageOf(error) });
      }
    }
    return refused;
  }

  /** The query's vectors by the first way that works; never rejects for want of one, only when aborted. */
  async #read(text: string, options: SiteSearchOptions): Promise<Reading> {
    const { site, index } = this.#parts.status();
    if (options.semantic === 'off' || !site || !index || index.sha256 !== site.index) return UNREAD;
    const start = performance.now();
    const { plans, missing } = this.#plans(options, index.space);
    let problem = missing;
    let remoteIsAway = false;
    for (const { path, adapter } of plans) {
      if (path !== 'local' && remoteIsAway) continue;
      try {
        const { local, remote, remoteSource } = await this.#parts.vectors.only(text, path, options.signal);
        if (path !== 'local') this.#parts.noteRemote(path, undefined);
        return {
          vectors: { local: copyOf(local), remote: copyOf(remote), adapter },
          source: remoteSource === 'none' ? 'local' : remoteSource === 'cache' ? 'cache' : 'remote',
          path,
          ...usedAdapter(adapter),
          ...(problem ? { degraded: problem } : {}),
          ms: performance.now() - start,
        };
      } catch (error) {
        if (options.signal?.aborted || !isEraError(error) || error.code === 'closed') throw error;
        problem ??= error;
        if (path === 'local') continue;
        remoteIsAway = true;
        this.#parts.noteRemote(path, error);
      }
    }
    return { ...UNREAD, ...(problem ? { degraded: problem } : {}), ms: performance.now() - start };
  }

  /** Ways to read a query, best first. `missing` says why the way that was asked for is not among them. */
  #plans({ path: wanted, stage = 'best', trainer = DEFAULT_TRAINER, encoder = 'if-ready' }: SiteSearchOptions, to: Space): { plans: Plan[]; missing: EraError | undefined } {
    const possible = possiblePaths(this.#parts.options);
    const { state, space, problem } = this.#parts.status().encoder;
    const fits = !space || relateSpaces(space, to) !== 'different';
    const isReady = state === 'ready' && fits;
    const mayLoad = encoder === 'load' && (state === 'idle' || state === 'loading');
    const known = (wanted ? [wanted, ...PATHS.filter((path) => path !== wanted)] : PATHS)
      .filter((path) => possible.includes(path))
      .flatMap((path): Plan[] => {
        const adapter = stage === 'none' ? null : this.#slot(path, trainer, stage);
        return adapter === null && path !== 'local' ? [] : [{ path, adapter }];
      });
    const ready = known.filter(({ path }) => isReady || path === 'remote');
    const later = mayLoad ? known.filter((plan) => !ready.includes(plan)) : [];
    // An answer that can be had now is not kept waiting for a model that has to be downloaded, unless that path was asked for by name.
    const plans = wanted !== undefined && later.some(({ path }) => path === wanted) ? [...later.filter(({ path }) => path === wanted), ...ready] : [...ready, ...later.filter(({ path }) => path === 'local')];
    if (later.length > 0) this.#parts.loadEncoder();
    return { plans, missing: this.#missing(wanted, plans, { fits, failed: encoder === 'load' && state === 'failed' ? problem : null, to }) };
  }

  #missing(wanted: QueryPath | undefined, plans: readonly Plan[], { fits, failed, to }: { fits: boolean; failed: string | null; to: Space }): EraError | undefined {
    if (!fits) return new EraError('space-mismatch', `The small model in this page is not the one that made the site's vectors (${spaceId(to)}).`);
    if (failed !== null) return new EraError('model-load', failed);
    if (wanted === undefined || plans[0]?.path === wanted) return undefined;
    if (wanted !== 'local' && this.#parts.slots.best(wanted) === null) return new EraError('no-adapter', `The path “${wanted}” has no adapter yet.`);
    return new EraError('no-encoder', `The path “${wanted}” needs a model that is not here.`);
  }

  #slot(path: QueryPath, trainer: TrainerName, stage: Stage | 'best'): SearchSlotId | null {
    const { slots } = this.#parts;
    if (stage !== 'best' && slots.get(path, trainer, stage)) return `${path}/${trainer}/${stage}`;
    return slots.best(path, trainer) ?? slots.best(path);
  }
}

function answerOf(query: string, findings: SiteFindings, { source, path, stage, trainer, degraded, ms }: Reading, totalMs: number): SiteAnswer {
  const { pages, total, filters, ranking, index, corrections, timings } = findings;
  const usesVectors = ranking === 'hybrid';
  return {
    query,
    pages,
    total,
    filters,
    source: { ranking, vector: usesVectors ? source : 'none', path: usesVectors ? path : null, stage: usesVectors ? stage : 'none', trainer: usesVectors ? trainer : null, index },
    corrections,
    ...(degraded ? { degraded } : {}),
    timings: { ...timings, vectorMs: ms, totalMs },
  };
}

/** True when the promise has an outcome already, or gets one without waiting for anything outside the page. */
function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, new Promise<boolean>((resolve) => setTimeout(resolve, 0, false))]);
}

/** The query's vectors do not fit the passages'; the site can still be searched by keywords. */
function isMisfit(error: unknown): error is EraError {
  return isEraError(error) && ['dimension-mismatch', 'not-finite', 'no-adapter', 'space-mismatch'].includes(error.code);
}

function copyOf(vector: Float32Array | null): Float32Array<ArrayBuffer> | null {
  return vector && new Float32Array(vector);
}
