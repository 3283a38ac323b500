// Writes a site's content to the folder that is published: vectors, the index in parts, adapters, the element and the
// small model; written beside the old folder, then renamed. create-index.ts gathers the content.

import type { LanguageAnalyzer } from '../../analysis/analyzer.ts';
import { hasAnalyzer, type Analyzers } from '../../analysis/analyzers.ts';
import { createWordStore, type WordsOf } from '../../analysis/word-store.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { portableWeights, spaceOf, type ModelDescription } from '../../encode/models.ts';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkContent } from '../../build/check-content.ts';
import { contentAnalyzers, makeBundle } from '../../build/make-bundle.ts';
import { EraError, isEraError } from '../../errors.ts';
import { encodeCuration } from '../../format/curation-part.ts';
import { isEmpty, placeCuration, type Curation, type CurationReport } from '../../format/curation.ts';
import { passageText } from '../../format/passage.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import { toPassage, type SiteContent } from '../../format/site.ts';
import { isPartName, parseSiteManifest, SITE_MANIFEST_FILE, type SiteManifest } from '../../format/site-manifest.ts';
import { dequantizeRows } from '../../math/quantize.ts';
import { ProgressMeter, type OnProgress } from '../../progress.ts';
import { allParts, jointFiles, sizeOf } from '../../format/manifest-parts.ts';
import type { Space } from '../../space.ts';
import { findGeneralTable } from '../general-table.ts';
import { alignQueries, type Alignment, type QueryModelOptions } from './align-queries.ts';
import type { RemovedText } from './boilerplate.ts';
import { openCache, type CacheSettings } from './cache-dir.ts';
import type { LeftOut } from './collect-site.ts';
import { cutPassages, makeStatic, staticTexts, type StaticTexts, type StaticVectors } from './collection-static.ts';
import { EmbedCache } from './embed-cache.ts';
import {
  embedByEncoder,
  embedPassages,
  type EmbeddedPassages,
  type EmbeddedTexts,
  type EmbedProgress,
} from './embed-passages.ts';
import { copyFiles, elementFiles, sideBySide, writeIn } from './published-files.ts';
import { modelFiles, publishModel, zipped } from './published-model.ts';
import { keptAdapters, mergeAdapters, readOwnersAdapter, type PublishedAdapter } from './site-adapters.ts';
import { VERSION_FILTER } from './versions.ts';
import { replaceFolder } from './write-folder.ts';

export interface WriteSettings extends CacheSettings {
  /** Of an extension: goes before the model of `description`. */
  readonly encoder: Encoder | null;
  /** Of an extension: go before those of this release. */
  readonly analyzers: readonly LanguageAnalyzer[];
  /** Description of the small model; null for a collection without vectors. */
  readonly description: ModelDescription | null;
  readonly modelsDir: string;
  /** Models that embed side by side; undefined for one for each core. */
  readonly jobs: number | undefined;
  readonly modelFiles: boolean;
  /** Whether queries are also read without a model. */
  readonly static: boolean;
  /** Whether the keywords are published by themselves before vectors are made. */
  readonly keywordsFirst: boolean;
  readonly adapters: readonly string[];
  readonly queryModel: QueryModelOptions | undefined;
  /** Checked; null for none. */
  readonly curation: Curation | null;
  readonly elementDir: string | null;
}

export interface WriteSiteOptions extends WriteSettings {
  /** Path from `checkOutput`. */
  readonly output: string;
  readonly root: string;
  /** Gets problems that do not stop the run. */
  readonly warnings: string[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
  /** Called when the keywords are published by themselves. */
  readonly onKeywords: (() => void) | undefined;
}

/** What was written, and what was left out. */
export interface SiteSummary {
  /** Folder that was written, absolute. */
  readonly outputPath: string;
  /** Whether there was no index before. */
  readonly isFirst: boolean;
  /** Hash of the content: the same content has the same. */
  readonly build: string;
  /** Pages in the index. */
  readonly pages: number;
  /** Passages in the index. */
  readonly passages: number;
  /** Most pages first. */
  readonly languages: readonly string[];
  /** Those of `languages` without an analyzer: their words are found whole, and misspelt, but not in other forms. */
  readonly wholeWords: readonly string[];
  /** The small model, and those of `languages` that it does not know; null where it knows all, or does not say. */
  readonly unknownToModel: { readonly model: string; readonly languages: readonly string[] } | null;
  /** Filter → number of its values. */
  readonly filters: Readonly<Record<string, number>>;
  /** Version that is searched where a query names none; null where the site has not two, or all are searched. */
  readonly currentVersion: string | null;
  /** Keys that results can be sorted by. */
  readonly sorts: readonly string[];
  /** Bytes of what was written, by part. */
  readonly bytes: {
    /** With what the static query encoder knows of their words. */
    readonly keywords: number;
    /** Passages in the form that queries without a model are compared with, and words that no passage has. */
    readonly static: number;
    readonly texts: number;
    readonly pages: number;
    readonly vectors: number;
    readonly adapters: number;
    readonly element: number;
    readonly model: number;
    /** Number of kept parts of the previous index. */
    readonly kept: number;
  };
  /** Passages whose vectors come from an earlier run, and distinct texts that were embedded now. */
  readonly reused: number;
  /** Different texts that were embedded in this run. */
  readonly embedded: number;
  /** Adapters that are published with the index. */
  readonly adapters: readonly { readonly path: string; readonly stage: string }[];
  /** Passages that the query model has embedded; null without one. */
  readonly aligned: { readonly passages: number; readonly hasBase: boolean } | null;
  /**
   * How far queries that are read without a model agree with the model, see `agreement` of encode/static; null where
   * there is too little text to tell. Queries are read so where it helps. Null where it was not wanted.
   */
  readonly static: { readonly agreement: number | null; readonly helps: boolean } | null;
  /** Synonyms, boosted pages, pinned queries and excluded words; null where none were given. */
  readonly curation: CurationReport | null;
  /** Pages that are not in the index, with the reason. */
  readonly leftOut: readonly LeftOut[];
  /** Texts that were removed from pages because most pages share them, those of most pages first. */
  readonly boilerplate: readonly RemovedText[];
  /** Problems that did not stop the run. */
  readonly warnings: readonly string[];
  /** How long the run took. */
  readonly seconds: number;
}

/** An index that was there before the run. */
interface EarlierIndex {
  readonly manifest: SiteManifest;
  /** Paths of all parts in its folder, those of the build before it too. */
  readonly parts: readonly string[];
}

/** What a published folder has besides what every collection has. */
interface Publication {
  readonly embedded: EmbeddedTexts | null;
  readonly adapters: readonly PublishedAdapter[];
  readonly static: StaticIndex | null;
  /** Files of the small model. */
  readonly model: readonly string[];
}

type OtherBytes = Pick<SiteSummary['bytes'], 'adapters' | 'element' | 'model' | 'kept'>;

const MODELS_FOLDER = 'models/';
const PARTS_FOLDER = 'parts';

/** @throws as `SiteIndex.write` */
export async function writeSite(
  content: SiteContent,
  options: WriteSiteOptions,
): Promise<Omit<SiteSummary, 'leftOut' | 'boilerplate' | 'seconds'>> {
  const { output, warnings, signal, onProgress } = options;
  // Before any vector is made, so that missing or wrong files are found early.
  checkContent(content);
  const { description, modelsDir, jobs, encoder } = options;
  const hasVectors = description !== null || encoder !== null;
  const model = description && options.modelFiles ? await modelFiles(modelsDir, description) : [];
  const runtimes = {
    vectors: hasVectors,
    webgpu: model.length > 0 && portableWeights(description!).dtype === 'fp32',
  };
  const element = options.elementDir === null ? [] : await elementFiles(options.elementDir, runtimes);
  const earlier = await readEarlier(output, warnings);
  const said = options.curation && !isEmpty(options.curation) ? options.curation : null;
  const curation = said && placeCuration(said, content.pages);
  for (const name of curation?.report.missing ?? [])
    warnings.push(`No page is boosted or pinned by “${name}”: there is none of that path.`);

  const openEmbedCache = (space: Space): EmbedCache | null =>
    openCache(options, warnings, (folder) => new EmbedCache(folder, space));
  const report = (model: 'local' | 'remote'): ((progress: EmbedProgress) => void) => {
    let meter: ProgressMeter | undefined;
    return ({ done, total, tokens, share }) => {
      meter ??= new ProgressMeter(onProgress, { phase: 'embed', unit: 'texts', model });
      meter.at(share, 1, { done, total, tokens });
    };
  };
  const texts = hasVectors
    ? content.passages.map((passage) => passageText(toPassage(content.pages[passage.page]!, passage, 0)))
    : [];
  const analyzers = await contentAnalyzers(content, options.analyzers);
  const wordsOf = hasVectors && options.static ? createWordStore() : undefined;
  const publish = async ({
    embedded,
    adapters,
    static: encoding,
    model,
  }: Publication): Promise<{ manifest: SiteManifest; bytes: OtherBytes }> => {
    const { manifest, files } = await makeBundle(content, embedded?.vectors ?? null, embedded?.space ?? null, {
      root: options.root,
      encoder: embedded && { model: embedded.space.model, models: model.length > 0 ? MODELS_FOLDER : null },
      analyzers,
      wordsOf,
      adapters: adapters.map(({ entry }) => entry),
      static: encoding,
      curation: curation && encodeCuration(curation.placed),
      zip: zipped,
      signal,
    });
    const bytes = { adapters: 0, element: 0, model: 0, kept: 0 };
    await replaceFolder(output, async (folder) => {
      await sideBySide([...files], async ([name, part]) => {
        signal?.throwIfAborted();
        await writeIn(folder, name, part);
      });
      for (const { entry, bytes: adapter } of adapters) bytes.adapters += await writeIn(folder, entry.file, adapter);
      if (options.elementDir !== null) bytes.element = await copyFiles(options.elementDir, folder, element);
      signal?.throwIfAborted();
      if (description && model.length > 0)
        bytes.model = await publishModel({
          modelsDir,
          description,
          files: model,
          output: join(folder, MODELS_FOLDER),
          signal,
        });
      if (earlier)
        bytes.kept = await copyFiles(
          output,
          folder,
          partsToKeep(earlier, manifest).filter((name) => !files.has(name)),
        );
      signal?.throwIfAborted();
    });
    return { manifest, bytes };
  };
  // An index with vectors that is there already answers better than keywords alone.
  if (hasVectors && options.keywordsFirst && (earlier?.manifest.space ?? null) === null) {
    await publish({ embedded: null, adapters: [], static: null, model: [] });
    options.onKeywords?.();
  }

  const read = wordsOf ? await textsToRead(content, texts, analyzers, wordsOf, options) : null;
  const embedding = { signal, openCache: openEmbedCache, onProgress: report('local'), others: read && othersOf(read) };
  const embedded = encoder
    ? await embedByEncoder(texts, encoder, embedding)
    : description && (await embedPassages(texts, { description, modelsDir, jobs, ...embedding }));
  const given = embedded
    ? await Promise.all(options.adapters.map((path) => readOwnersAdapter(path, embedded.space)))
    : [];
  const alignment =
    embedded && options.queryModel
      ? await alignQueries(
          { texts, ...embedded, openCache: openEmbedCache, signal, onProgress: report('remote') },
          options.queryModel,
        )
      : null;
  const adapters = await chooseAdapters(embedded, earlier, output, alignment, given);

  const encoding = read && embedded && (await makeStatic(read, vectorsOf(read, embedded), analyzers.ofQuery, signal));
  const { manifest, bytes } = await publish({
    embedded,
    adapters,
    static: encoding?.helps ? encoding.index : null,
    model,
  });
  return {
    outputPath: output,
    isFirst: earlier === null,
    build: manifest.build,
    pages: content.pages.length,
    passages: content.passages.length,
    languages: manifest.languages,
    wholeWords: manifest.languages.filter((language) => !hasAnalyzer(language, options.analyzers)),
    unknownToModel: description && unknownLanguages(description, manifest.languages),
    ...namesOf(content),
    currentVersion: content.defaultFilters?.[VERSION_FILTER]?.[0] ?? null,
    bytes: { ...partBytes(manifest), ...bytes },
    reused: embedded?.reused ?? 0,
    embedded: embedded?.embedded ?? 0,
    adapters: adapters.map(({ entry: { path, stage } }) => ({ path, stage })),
    aligned: alignment && { passages: alignment.passages, hasBase: alignment.hasBase },
    static: encoding && { agreement: encoding.agreement, helps: encoding.helps },
    curation: curation?.report ?? null,
    warnings,
  };
}

function unknownLanguages(
  { name, languages: known }: ModelDescription,
  languages: readonly string[],
): SiteSummary['unknownToModel'] {
  const unknown = known ? languages.filter((language) => !known.includes(language.split('-')[0]!)) : [];
  return unknown.length === 0 ? null : { model: name, languages: unknown };
}

async function textsToRead(
  content: SiteContent,
  texts: readonly string[],
  analyzers: Analyzers,
  wordsOf: WordsOf,
  { description, modelsDir }: WriteSettings,
): Promise<StaticTexts> {
  const space = description && spaceOf(description, portableWeights(description).dtype);
  const found = space && (await findGeneralTable(modelsDir, space));
  return staticTexts(cutPassages(content, texts, analyzers, wordsOf), found?.general ?? null);
}

function othersOf({ terms, sentences }: StaticTexts): string[] {
  return [...terms, ...sentences.map(({ text }) => text)];
}

function vectorsOf({ terms }: StaticTexts, { vectors, others }: EmbeddedPassages): StaticVectors {
  const { dims } = vectors;
  const rows = dequantizeRows(others);
  const end = terms.length * dims;
  return { dims, passages: dequantizeRows(vectors), terms: rows.subarray(0, end), sentences: rows.subarray(end) };
}

/** The existing index; null where there is none that this release can read. */
async function readEarlier(output: string, warnings: string[]): Promise<EarlierIndex | null> {
  const json = await readFile(join(output, SITE_MANIFEST_FILE), 'utf8').catch(() => null);
  if (json === null) return null;
  try {
    const manifest = parseSiteManifest(json);
    const names = await readdir(join(output, PARTS_FOLDER)).catch(() => []);
    return { manifest, parts: names.map((name) => `${PARTS_FOLDER}/${name}`).filter(isPartName) };
  } catch (error) {
    if (!isEraError(error)) throw error;
    warnings.push(`The index that was there could not be read, so nothing of it is kept: ${error.message}`);
    return null;
  }
}

/**
 * Two of the owner's for one path and stage are an error; those of an earlier run are replaced by the owner's and by a
 * new alignment.
 */
async function chooseAdapters(
  embedded: EmbeddedTexts | null,
  earlier: EarlierIndex | null,
  output: string,
  alignment: Alignment | null,
  given: readonly PublishedAdapter[],
): Promise<PublishedAdapter[]> {
  if (!embedded) return [];
  if (mergeAdapters(given).length < given.length) {
    throw new EraError('invalid-option', 'Two of the adapters are for the same path and stage.', {
      details: { adapters: given.length },
    });
  }
  const kept = earlier ? await keptAdapters(output, earlier.manifest.adapters, embedded.space) : [];
  return mergeAdapters(kept, alignment?.adapters ?? [], given);
}

/**
 * The parts of the previous index are kept for one more build: a page that was opened before the deployment, or
 * received the old manifest from a cache, still finds its parts. Where nothing has changed, the same older parts are
 * kept.
 */
function partsToKeep({ manifest: earlier, parts }: EarlierIndex, manifest: SiteManifest): string[] {
  const named = new Set(partsOf(earlier).map(({ file }) => file));
  return parts.filter((file) => named.has(file) || earlier.build === manifest.build).sort();
}

function partsOf(manifest: SiteManifest): readonly { readonly file: string; readonly bytes: number }[] {
  return [...jointFiles(manifest).map(({ file }) => file), ...allParts(manifest), ...manifest.vectorParts];
}

function partBytes({
  keyword,
  pageParts,
  textParts,
  vectorParts,
  static: encoding,
  facets,
  curation,
}: SiteManifest): Pick<SiteSummary['bytes'], 'keywords' | 'static' | 'texts' | 'pages' | 'vectors'> {
  return {
    keywords: sizeOf([keyword.base, keyword.dictionary, ...keyword.terms]),
    static: encoding ? sizeOf([encoding.head, ...encoding.clusters, ...encoding.words]) : 0,
    texts: sizeOf(textParts),
    pages: sizeOf([...pageParts, ...(facets ? [facets] : []), ...(curation ? [curation] : [])]),
    vectors: sizeOf(vectorParts),
  };
}

function namesOf({ pages }: SiteContent): Pick<SiteSummary, 'filters' | 'sorts'> {
  const values = new Map<string, Set<string>>();
  for (const { filters } of pages) {
    for (const [name, found] of Object.entries(filters)) {
      const known = values.get(name) ?? new Set();
      for (const value of found) known.add(value);
      values.set(name, known);
    }
  }
  const names = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    filters: Object.fromEntries(names.map(([name, set]) => [name, set.size])),
    sorts: [...new Set(pages.flatMap(({ sort }) => Object.keys(sort)))].sort(),
  };
}
