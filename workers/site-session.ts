// What the search worker holds of a site between calls: its manifest, the parts that have arrived, and whether all of it is here.
// Composes rooms, computes nothing.

import { EraError, isEraError, messageOf } from '../src/errors.ts';
import { readIndex } from '../src/format/reader.ts';
import { parseSiteManifest, siteManifestText, SITE_MANIFEST_FILE, type SiteAdapter, type SiteManifest, type SitePart } from '../src/format/site-manifest.ts';
import { countFilters } from '../src/search/filters.ts';
import type { IndexInfo, SearchApi } from '../src/rpc/protocol.ts';
import type { SiteFindings, SiteInfo } from '../src/rpc/site-messages.ts';
import { Collection } from '../src/search/collection.ts';
import { parseSpaceId } from '../src/space.ts';
import { packContainer, unpackContainer } from '../src/store/container.ts';
import type { StoreCallOptions } from '../src/store/store.ts';
import { fetchManifest, manifestUrl } from '../src/transfer/manifest.ts';
import type { SearchSession } from './search-session.ts';
import { PartSource, type PartBytes } from '../src/transfer/part-source.ts';

/** Requests at a time while the rest of a site is downloaded. */
const LANES = 6;

interface OpenSite {
  readonly name: string;
  readonly index: Collection;
  /** Those of the paths that were asked for. */
  readonly adapters: readonly SiteAdapter[];
  /** True when the store holds all parts of this build, vectors aside. */
  isStored: boolean;
  storeProblem: string | null;
}

interface Stored {
  readonly manifest: SiteManifest;
  readonly files: ReadonlyMap<string, PartBytes>;
}

export class SiteSession {
  readonly #session: SearchSession;
  #site: OpenSite | undefined;

  constructor(session: SearchSession) {
    this.#session = session;
  }

  async open({ name, url, paths }: SearchApi['openSite']['args'], signal: AbortSignal): Promise<SiteInfo> {
    const address = manifestUrl(url, SITE_MANIFEST_FILE);
    const stored = await this.#stored(name);
    const manifest = await fetchManifest(address, parseSiteManifest, stored !== null, { signal });
    const index = await this.#openIndex(address, manifest, stored);
    signal.throwIfAborted();
    this.#site?.index.parts.close();
    const adapters = index.manifest.adapters.filter(({ path }) => paths.includes(path));
    const site: OpenSite = { name, index, adapters, isStored: false, storeProblem: null };
    index.isComplete = partsOf(site).every((part) => index.parts.has(part));
    site.isStored = index.isComplete && stored?.manifest.build === index.manifest.build;
    this.#site = site;
    return this.#info(site);
  }

  async search({ query, reading }: SearchApi['searchSite']['args'], signal: AbortSignal): Promise<SiteFindings> {
    const { index } = this.#opened();
    const sha256 = index.manifest.index?.sha256;
    const dense = reading && sha256 !== undefined ? this.#session.denseRetriever(sha256) : null;
    const vector = reading && dense ? this.#session.queryVector(reading) : null;
    const findings = await index.search(query, { vector, isAdapted: (reading?.adapter ?? null) !== null }, dense, signal);
    return { ...findings, index: index.isComplete ? 'store' : 'network' };
  }

  async complete(options: StoreCallOptions): Promise<{ site: SiteInfo; index: IndexInfo | null }> {
    const site = this.#opened();
    const { name, index } = site;
    const { signal } = options;
    const target = index.manifest.index;
    const here = target && (this.#session.current(target.sha256) ?? (await this.#session.openStored(name, target.sha256, { signal })));
    await download(index.parts, target && !here ? [...partsOf(site), ...index.manifest.vectorParts] : partsOf(site), options);
    const opened = target && (here ?? (await this.#assemble(site, options)));
    index.isComplete = true;
    if (!site.isStored) await this.#store(site, options);
    signal?.throwIfAborted();
    if (this.#site !== site) throw new EraError('no-index', `The site “${name}” was replaced while it was downloaded.`);
    return { site: await this.#info(site), index: opened };
  }

  async file(file: string): Promise<PartBytes> {
    const { adapters, index } = this.#opened();
    const adapter = adapters.find((candidate) => candidate.file === file);
    if (!adapter) throw new EraError('invalid-input', `The site has no file “${file}”.`);
    return (await index.parts.file(adapter)).slice();
  }

  /** The build of the manifest; the stored one where the network is away, or answers but for the parts. */
  async #openIndex(address: string, manifest: SiteManifest | null, stored: Stored | null): Promise<Collection> {
    const open = (build: SiteManifest): Promise<Collection> => Collection.open(build, address, new PartSource(address, stored?.files ?? []));
    if (!manifest) return open(stored!.manifest);
    try {
      return await open(manifest);
    } catch (error) {
      if (!stored || !isEraError(error)) throw error;
      return open(stored.manifest);
    }
  }

  async #assemble({ name, index }: OpenSite, { signal }: StoreCallOptions): Promise<IndexInfo> {
    const bytes = await index.indexFile();
    const info = await this.#session.keep(name, bytes, readIndex(bytes), 'network', { signal });
    for (const part of index.manifest.vectorParts) index.parts.release(part); // the index has them now
    return info;
  }

  /** What cannot be stored is used from memory all the same. */
  async #store(site: OpenSite, { signal }: StoreCallOptions): Promise<void> {
    const { manifest, parts } = site.index;
    const { store, fallbackReason } = await this.#session.openStore();
    site.storeProblem = fallbackReason ?? null;
    try {
      const files = await Promise.all(partsOf(site).map(async (part) => [part.file, await parts.file(part)] as const));
      await store.write(fileName(site.name), packContainer(siteManifestText(manifest), files), { build: manifest.build }, { signal });
      site.isStored = true;
    } catch (error) {
      if (!isEraError(error, 'quota') && !isEraError(error, 'storage')) throw error;
      site.storeProblem = messageOf(error);
    }
  }

  /** Null also for a file that this release cannot read: the store is a cache. */
  async #stored(name: string): Promise<Stored | null> {
    const { store } = await this.#session.openStore();
    const file = await store.read(fileName(name));
    const container = file && unpackContainer(file.bytes);
    if (!container) return null;
    try {
      return { manifest: parseSiteManifest(container.facts), files: container.files };
    } catch (error) {
      if (isEraError(error)) return null;
      throw error;
    }
  }

  #opened(): OpenSite {
    if (!this.#site) throw new EraError('no-index', 'No site is open.');
    return this.#site;
  }

  async #info(site: OpenSite): Promise<SiteInfo> {
    const { name, index, adapters, storeProblem } = site;
    const { manifest, parts, url } = index;
    const missing = [...partsOf(site), ...((await this.#hasVectors(site)) ? [] : manifest.vectorParts)].filter((part) => !parts.has(part));
    return {
      name,
      url,
      build: manifest.build,
      pages: manifest.pages,
      passages: manifest.passages,
      languages: manifest.languages,
      filters: countFilters(index.allFacts, {}),
      sortKeys: [...new Set(index.allFacts.flatMap(({ sort }) => Object.keys(sort)))].sort(),
      missingBytes: missing.reduce((sum, { bytes }) => sum + bytes, 0),
      space: manifest.space === null ? null : parseSpaceId(manifest.space),
      encoder: manifest.encoder && { model: manifest.encoder.model, modelBase: manifest.encoder.models === null ? null : new URL(manifest.encoder.models, url).href },
      index: manifest.index?.sha256 ?? null,
      adapters: adapters.map(({ path, stage, file }) => ({ path, stage, file })),
      source: missing.length === 0 ? 'store' : 'network',
      storeProblem,
    };
  }

  async #hasVectors({ name, index: { manifest } }: OpenSite): Promise<boolean> {
    if (!manifest.index) return true;
    const { sha256 } = manifest.index;
    if (this.#session.current(sha256)) return true;
    const { store } = await this.#session.openStore();
    return (await store.stat(`index/${name}`))?.sha256 === sha256;
  }
}

const fileName = (site: string): string => `site/${site}`;

/** All parts but the vectors, which rest in the index that they make. */
function partsOf({ index: { manifest }, adapters }: OpenSite): SitePart[] {
  const { keyword, pageParts, textParts, facets } = manifest;
  return [keyword.base, keyword.dictionary, ...keyword.terms, ...pageParts, ...textParts, ...(facets ? [facets] : []), ...adapters];
}

/** Fetches what is not here, some at a time. A failure ends all; what has arrived stays and is not asked for again. */
async function download(parts: PartSource, wanted: readonly SitePart[], { signal, onProgress }: StoreCallOptions): Promise<void> {
  const missing = wanted.filter((part) => !parts.has(part));
  const totalBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const report = (): void => onProgress?.({ loadedBytes: missing.reduce((sum, part) => sum + parts.loadedBytes(part), 0), totalBytes });
  const stop = new AbortController();
  const joint = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  const queue = [...missing];
  const lane = async (): Promise<void> => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      await parts.file(part, { signal: joint, onBytes: report });
      report();
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
