// The Node API for indexes: takes pages, records and folders, and writes a folder that a site can publish. `era-search
// index --site` calls it.

import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { describeModel } from '../../encode/describe-model.ts';
import { locateModel, type ModelChoice } from '../../encode/model-choice.ts';
import { ModelFiles } from '../../encode/model-files.ts';
import { DEFAULT_MODEL, portableWeights, spaceOf } from '../../encode/models.ts';
import { limitOf } from '../../encode/open-encoder.ts';
import { loadTokenizer } from '../../encode/tokenizer.ts';
import { checkRecord, divideRecords, parseRecords, type CollectionRecord } from '../../build/records.ts';
import { EraError, messageOf } from '../../errors.ts';
import type { Extension } from '../../extension/extension.ts';
import { openOwnEncoder } from '../../extension/open-own-encoder.ts';
import { checkCuration, parseCuration, type Curation } from '../../format/curation.ts';
import { ProgressMeter, type OnProgress } from '../../progress.ts';
import { spaceId, type Space } from '../../space.ts';
import { extensionFrom } from '../extension-from.ts';
import { packageRoot } from '../package-root.ts';
import type { QueryModelOptions } from './align-queries.ts';
import { defaultCacheDir, openCache } from './cache-dir.ts';
import { collectSite, type LeftOut, type SiteSource } from './collect-site.ts';
import { CrawlCache } from './crawl/crawl-cache.ts';
import { crawl, type CrawlOptions } from './crawl/crawl.ts';
import { canonicalLanguage } from './extract/canonical-language.ts';
import { extractPage } from './extract/extract-page.ts';
import type { ExtractOptions } from './extracted-page.ts';
import { cutOnce, extractOnce, openPageCache, openPassageCache } from './page-cache.ts';
import { readFolder, urlOfPath } from './read-folder.ts';
import { roughTokens } from './text-cost.ts';
import { checkOutput } from './write-folder.ts';
import { writeSite, type SiteSummary, type WriteSettings } from './write-site.ts';

/** What an index is made with. A model and its prompts are part of every vector's space. */
export interface CreateIndexOptions extends ExtractOptions {
  /** Addresses keep `index.html`. @default false */
  readonly keepIndexUrl?: boolean | undefined;
  /**
   * Version of the software that is searched where a query names none; `all` for all. @default that of the pages outside
   * the folders of versions, else `stable`, `latest` or the like, else the highest number that is released
   */
  readonly currentVersion?: string | undefined;
  /** Root address of the pages, where the index is not published below them. */
  readonly baseUrl?: string | undefined;
  /** `false`: keywords only. @default true */
  readonly vectors?: boolean | undefined;
  /** The small model: a name below `modelsDir`, its folder, or a description. @default 'Xenova/all-MiniLM-L6-v2' */
  readonly model?: ModelChoice | undefined;
  /** Folder that holds `<model>/…`. @default the models that come with era-search */
  readonly modelsDir?: string | undefined;
  /**
   * Models that make vectors side by side, each in about 200 MB of memory. @default one for each core, at most four;
   * fewer where there are few new texts
   */
  readonly jobs?: number | undefined;
  /** Publish the small model beside the index, for visitors who allow it. @default true */
  readonly modelFiles?: boolean | undefined;
  /**
   * Make a static query encoder, so that first answers are by meaning without a model. It is left out where it agrees too
   * little with the model. @default true
   */
  readonly static?: boolean | undefined;
  /**
   * Publish the keywords as soon as the pages are read, and the whole index in their place when the vectors are made;
   * where an index with vectors is there already, it stays until then. @default false
   */
  readonly keywordsFirst?: boolean | undefined;
  /** Called when the keywords are published by themselves, see `keywordsFirst`. */
  readonly onKeywords?: (() => void) | undefined;
  /** Files of adapters to publish with the index. Those of an earlier run are kept while they fit. @default none */
  readonly adapters?: readonly string[] | undefined;
  /** Large query model to align to this index. @default none */
  readonly queryModel?: QueryModelOptions | undefined;
  /**
   * Synonyms, boosts, pins and excluded words: the path of a `synonyms.json`, or its content. `addDirectory` looks for
   * none. @default none
   */
  readonly curation?: string | Curation | undefined;
  /**
   * Folder with vectors and pages of earlier runs, also of those that did not end; null for none.
   * @default node_modules/.cache/era-search, else the user's cache folder
   */
  readonly cacheDir?: string | null | undefined;
  /**
   * Folder with the files of `<era-search>`; null to publish the index alone. @default those that come with era-search
   */
  readonly elementDir?: string | null | undefined;
  /**
   * Analyzers or an encoder of your own: the path of a module whose default export is an `Extension`, or the extension
   * itself, see `era-search/extend`. Pages need the same module. @default none
   */
  readonly extension?: string | Extension | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  readonly onProgress?: OnProgress | undefined;
}

/** A page at `url`, or one whose address follows from its path in the site. */
export type HTMLFile =
  { readonly url: string; readonly content: string } | { readonly sourcePath: string; readonly content: string };

/** @throws EraError `invalid-option`, `invalid-input` for a curation, `model-load`, `bad-extension` */
export async function createIndex(options: CreateIndexOptions = {}): Promise<SiteIndex> {
  const { vectors = true, jobs, signal } = options;
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0))
    throw new EraError('invalid-option', `“jobs” is a whole number above 0, not ${String(jobs)}.`, {
      details: { option: 'jobs' },
    });
  const curation = options.curation === undefined ? null : await readCuration(options.curation);
  const { model, base: modelsDir } = locateModel(
    options.model ?? DEFAULT_MODEL,
    options.modelsDir ?? join(packageRoot(), 'public/models'),
  );
  const extension = await extensionFrom(options.extension);
  const own = vectors ? await openOwnEncoder(extension, { signal }) : null;
  const files = new ModelFiles(`${modelsDir}${model.name}/`, { signal });
  const description = vectors && !own ? await describeModel(model, files) : null;
  return new SiteIndex(options, {
    encoder: own?.encoder ?? null,
    analyzers: extension.analyzers ?? [],
    description,
    modelsDir,
    jobs,
    modelFiles: vectors && (options.modelFiles ?? true),
    static: vectors && (options.static ?? true),
    keywordsFirst: options.keywordsFirst ?? false,
    adapters: options.adapters ?? [],
    queryModel: options.queryModel,
    curation,
    cacheDir: options.cacheDir === undefined ? defaultCacheDir() : options.cacheDir,
    isCacheNamed: options.cacheDir !== undefined,
    elementDir: options.elementDir === undefined ? join(packageRoot(), 'dist/site') : options.elementDir,
    ...(own ?? (description ? limitOf(description, await loadTokenizer(files)) : WITHOUT_MODEL)),
    counter: own?.encoder.space ?? (description && spaceOf(description, portableWeights(description).dtype)),
  });
}

export interface IndexSettings extends WriteSettings {
  readonly countTokens: (text: string) => number;
  readonly maxTokens: number;
  /** Of the model whose tokens are counted; null where letters are counted. */
  readonly counter: Space | null;
}

/** The result of `createIndex`. Added sources are read, and folders listed, when the index is written. */
export class SiteIndex {
  readonly #options: CreateIndexOptions;
  readonly #settings: IndexSettings;
  readonly #baseUrl: string | undefined;
  readonly #pages: SiteSource[] = [];
  readonly #records: CollectionRecord[] = [];
  readonly #folders: { readonly path: string; readonly glob: string | undefined }[] = [];
  readonly #crawls: CrawlOptions[] = [];
  #closed = false;

  constructor(options: CreateIndexOptions, settings: IndexSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#baseUrl = options.baseUrl === undefined ? undefined : checkBaseUrl(options.baseUrl);
  }

  /**
   * @returns why the page will be left out; null if it is included so far
   * @throws EraError `invalid-input` for an address, `invalid-option` for a selector, `closed`
   */
  addHTMLFile(file: HTMLFile): Promise<{ readonly leftOut: string | null }> {
    this.#assertOpen();
    const path = 'url' in file ? file.url : file.sourcePath.split(sep).join('/');
    const url =
      'url' in file
        ? checkRecord({ url: file.url, content: '' }, file.url).url!.replace(/#.*$/s, '')
        : urlOfPath(path, this.#options.keepIndexUrl ?? false);
    const extracted = extractPage(file.content, this.#options);
    if (extracted.kind === 'left-out') {
      this.#pages.push({ path, reason: extracted.reason });
      return Promise.resolve({ leftOut: extracted.reason });
    }
    // Copies the strings, since a substring keeps the whole string, here the HTML, in memory.
    this.#pages.push({ path, url, extracted: structuredClone(extracted), isRecord: false });
    return Promise.resolve({ leftOut: null });
  }

  /** @throws EraError `invalid-input`, `closed` */
  addRecord(record: CollectionRecord): Promise<void> {
    this.#assertOpen();
    this.#records.push(checkRecord(record, `The record ${record.id ?? record.url ?? ''}`));
    return Promise.resolve();
  }

  /**
   * Adds a JSON array or JSONL.
   * @returns number of records
   * @throws EraError `invalid-option` when it cannot be read, `malformed-jsonl`, `closed`
   */
  async addCorpus(path: string): Promise<number> {
    this.#assertOpen();
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new EraError('invalid-option', `${path} cannot be read: ${messageOf(cause)}`, { details: { path }, cause });
    });
    const records = parseRecords(utf8(bytes, path), path);
    for (const record of records) this.#records.push(record);
    return records.length;
  }

  /**
   * @param folder its glob is '**​/*.{html,htm,xhtml}' by default, in any case
   * @throws EraError `invalid-option` where there is none, `closed`
   */
  async addDirectory({ path, glob }: { readonly path: string; readonly glob?: string | undefined }): Promise<void> {
    this.#assertOpen();
    const found = await stat(path).catch(() => null);
    if (!found?.isDirectory())
      throw new EraError('invalid-option', `There is no folder ${path}.`, { details: { path } });
    this.#folders.push({ path: await realpath(path), glob });
  }

  /** Adds pages of named hosts, see crawl/crawl.ts. @throws EraError `closed` */
  addAddresses(options: CrawlOptions): Promise<void> {
    this.#assertOpen();
    this.#crawls.push(options);
    return Promise.resolve();
  }

  /**
   * Writes the whole folder and replaces an earlier one. When it fails or is cancelled, the earlier folder is kept, or
   * the keywords that were published first.
   * @throws EraError `invalid-option` for a folder that cannot be written or has other files, `empty-corpus` when no
   * page has text, and whatever reading, embedding and the query model throw; the signal's reason
   */
  async write({ outputPath }: { readonly outputPath: string }): Promise<SiteSummary> {
    this.#assertOpen();
    const startMs = performance.now();
    const { signal, onProgress, onKeywords } = this.#options;
    signal?.throwIfAborted();
    const output = await checkOutput(outputPath);
    const root = this.#rootFrom(output);
    const meter = new ProgressMeter(onProgress, { phase: 'pages', unit: 'pages' });
    const cutting = new ProgressMeter(onProgress, { phase: 'cut', unit: 'passages' });
    const onPage = (done: number): void => meter.at(done, null);
    const onPassages = (done: number): void => cutting.at(done, null);
    const warnings: string[] = [];
    // A cache is read whole when it is opened, so only those that the sources need are.
    const isCrawl = this.#crawls.length > 0;
    const readsHTML = isCrawl || this.#folders.length > 0;
    const open = <T>(make: (folder: string) => T): T | null => openCache(this.#settings, warnings, make);
    const pages = readsHTML ? open((folder) => openPageCache(folder, this.#options)) : null;
    const { counter } = this.#settings;
    const cutsPages = readsHTML || this.#pages.length > 0 || this.#records.some(({ id }) => id === undefined);
    const passages = cutsPages && counter ? open((folder) => openPassageCache(folder, spaceId(counter))) : null;
    const crawled = isCrawl ? open((folder) => new CrawlCache(folder)) : null;
    try {
      const { content, leftOut, boilerplate } = await collectSite(this.#sources(output, crawled), {
        ...this.#options,
        ...this.#settings,
        extract: pages ? (html) => extractOnce(pages, html, this.#options) : undefined,
        cut: passages ? (sections, cutting) => cutOnce(passages, sections, cutting) : undefined,
        signal,
        onPage,
        onPassages,
      });
      pages?.end();
      passages?.end();
      const summary = await writeSite(content, {
        ...this.#settings,
        output,
        root,
        warnings,
        signal,
        onProgress,
        onKeywords,
      });
      crawled?.end();
      return { ...summary, leftOut, boilerplate, seconds: (performance.now() - startMs) / 1000 };
    } finally {
      pages?.close();
      passages?.close();
      crawled?.close();
    }
  }

  /** Drops all added sources. */
  close(): void {
    this.#closed = true;
    for (const list of [this.#pages, this.#records, this.#folders, this.#crawls]) list.length = 0;
  }

  async *#sources(output: string, crawled: CrawlCache | null): AsyncGenerator<SiteSource> {
    yield* this.#pages;
    const { signal, keepIndexUrl, forceLanguage } = this.#options;
    const forced = forceLanguage === undefined ? {} : { language: canonicalLanguage(forceLanguage) };
    yield* sourcesOfRecords(this.#records.map((record) => ({ ...record, ...forced })));
    for (const { path, glob } of this.#folders)
      yield* readFolder(path, { glob, outputDirs: [output], keepIndexUrl, signal });
    for (const options of this.#crawls) {
      for await (const page of crawl({ ...options, signal }, crawled)) {
        yield page.kind === 'page'
          ? { path: page.url, url: this.#belowBase(page.url), html: page.html }
          : ({ path: page.url, reason: page.reason } satisfies LeftOut);
      }
    }
  }

  /** Makes the address relative to the base where that is a whole address and the page is below it. */
  #belowBase(url: string): string {
    const base = this.#baseUrl;
    if (base === undefined || !/^https?:/i.test(base) || !url.startsWith(base)) return url;
    return url === base ? './' : url.slice(base.length);
  }

  /** The base address, else the relative path from the output to the folder of the pages. */
  #rootFrom(output: string): string {
    const ways = this.#folders.map(({ path }) => relative(output, path).split(sep));
    const above = ways.findIndex(([step]) => step !== '..');
    if (above >= 0)
      throw new EraError('invalid-option', `${output} holds the pages themselves, and would replace them.`, {
        details: { outputPath: output },
      });
    const [up] = ways;
    if (this.#baseUrl !== undefined || !up) return this.#baseUrl ?? '../';
    if (up.every((step) => step === '..')) return `${up.join('/')}/`;
    throw new EraError(
      'invalid-option',
      `${output} is not below the pages: say at which address these will be (--base-url).`,
      { details: { outputPath: output } },
    );
  }

  #assertOpen(): void {
    if (this.#closed) throw new EraError('closed', 'The index was closed.');
  }
}

function* sourcesOfRecords(records: readonly CollectionRecord[]): Generator<SiteSource> {
  const { pages, whole: uncut } = divideRecords(records);
  for (const { url, page } of pages) yield { path: url, url, extracted: { ...RECORD, ...page }, isRecord: true };
  for (const { id, whole } of uncut) yield whole ? { path: id, whole } : { path: id, reason: 'no-text' };
}

const RECORD = {
  kind: 'page',
  canonical: null,
  documentTitle: '',
  generator: null,
  isLinks: false,
  versions: [],
  isTitleSaid: true,
  hasBody: false,
} as const;

async function readCuration(given: string | Curation): Promise<Curation> {
  if (typeof given !== 'string') return checkCuration(given, 'curation');
  const bytes = await readFile(given).catch((cause: unknown) => {
    throw new EraError('invalid-option', `${given} cannot be read: ${messageOf(cause)}`, {
      details: { path: given },
      cause,
    });
  });
  return parseCuration(new TextDecoder().decode(bytes), given);
}

/** Without a model there is no token limit: passages get about the same length as with one. */
const WITHOUT_MODEL = { countTokens: roughTokens, maxTokens: 254 };

/** Adds a slash at the end. @throws EraError `invalid-option` */
function checkBaseUrl(url: string): string {
  const whole = 'https://site.example/';
  if (url === '' || !URL.canParse(url, whole) || !/^https?:$/.test(new URL(url, whole).protocol) || /[?#]/.test(url)) {
    throw new EraError('invalid-option', `The base address is relative or http(s), without ? and #: not “${url}”.`, {
      details: { baseUrl: url },
    });
  }
  return url.endsWith('/') ? url : `${url}/`;
}

function utf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EraError('malformed-jsonl', `${path} is not UTF-8 text.`, { details: { path }, cause });
  }
}
