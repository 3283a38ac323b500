// `era-search.json`, the small file that a page requests first: it names every part of a site's index by its hash, so
// that parts can be cached for ever. FORMAT.md has the fields.

import { isEraError, EraError } from '../errors.ts';
import { parseSpaceId, spaceId } from '../space.ts';
import { hasItsParts, jointFiles, type JointFile } from './manifest-parts.ts';
import { checkRoom, MAX_FILE_BYTES } from './part-sizes.ts';
import { sha256Hex } from './sha256.ts';
import {
  damagedSite,
  fieldsOf,
  integerOf,
  listOf,
  numbersOfSteps,
  readJsonText,
  stepsOf,
  textOf,
} from './site-json.ts';

export const SITE_MANIFEST_FILE = 'era-search.json';
/**
 * Name of the manifest that older builds made: `index.json` beside `index-<hash>.era`, one file of passages and
 * vectors.
 */
export const OLD_MANIFEST_FILE = 'index.json';
const OLD_FORMAT = 'era-search-index';
export const SITE_FORMAT = 'era-search-site';
export const SITE_VERSION = 5;
/** Version 1 does not name its analyzer, since this was the only one. */
const ANALYZER_OF_VERSION_1 = 'standard/1';

export interface SitePart {
  /** `parts/<kind>-<first 16 hex digits of sha-256 of the file>.bin`, relative to the manifest. */
  readonly file: string;
  /** Size of the file on disk: gzipped, for all kinds but vectors. */
  readonly bytes: number;
}

/** A part that holds rows or pages from `first` on, up to the next part's first. */
export interface NumberedPart extends SitePart {
  readonly first: number;
}

/** A part of the keyword index: terms from `first` on, in code unit order, up to the next part's first. */
export interface TermPart extends SitePart {
  readonly first: string;
}

export interface SiteAdapter {
  readonly path: 'static' | 'local' | 'remote' | 'both';
  readonly stage: 'aligned' | 'adapted';
  /** A safetensors file. */
  readonly file: string;
  readonly bytes: number;
}

export interface SiteManifest {
  readonly format: typeof SITE_FORMAT;
  readonly version: 1 | 2 | 3 | 4 | typeof SITE_VERSION;
  /**
   * First 16 hex digits of the sha-256 over all fields that follow, and from version 4 on over the version, so that
   * another build has another name.
   */
  readonly build: string;
  /** The site's root relative to the manifest: `../`, or an address; pages are relative to it. */
  readonly root: string;
  readonly pages: number;
  readonly passages: number;
  /** Ordered by the number of pages, most first; without the empty one. */
  readonly languages: readonly string[];
  /** The analyzer that made the terms of the keyword index and must cut a query: its `analyzerId`. */
  readonly analyzer: string;
  /** Space id of the vectors; null for a site without vectors. */
  readonly space: string | null;
  /** Versions 1 and 2 named one file made of all parts. Null where there are no vectors, and from version 3 on. */
  readonly index: { readonly sha256: string; readonly bytes: number } | null;
  /** `contentHash` of all parts of pages, texts and vectors; null before version 3. */
  readonly content: string | null;
  /**
   * Name of the document model, for the encoder in the page; `models` is the folder of its files relative to the
   * manifest, null where they are not published with it.
   */
  readonly encoder: { readonly model: string; readonly models: string | null } | null;
  readonly keyword: { readonly base: SitePart; readonly dictionary: SitePart; readonly terms: readonly TermPart[] };
  readonly pageParts: readonly NumberedPart[];
  readonly textParts: readonly NumberedPart[];
  readonly vectorParts: readonly NumberedPart[];
  /**
   * The static query encoder: its dimensions, the part that all queries need, one part for each cluster of passages,
   * parts with the rows of words that no passage has (the terms parts have those of the others), and its directions in
   * the passages' space. Null where queries are not read so, and before version 5.
   */
  readonly static: {
    readonly dims: number;
    readonly head: SitePart;
    readonly clusters: readonly SitePart[];
    readonly words: readonly TermPart[];
    readonly directions: SitePart;
  } | null;
  /**
   * One file of the first `parts` of `searchParts`, as they are, one after another, so that a first visit makes one
   * request for them. Null where the first of them is large, and before version 5.
   */
  readonly start: JointFile | null;
  /** Files of the parts that follow, to the last, for the background. Empty before version 5. */
  readonly rest: readonly JointFile[];
  /** Values of filters and sort keys of all pages; null where there are none. */
  readonly facets: SitePart | null;
  /** Synonyms, boosted and pinned pages, excluded words; null where there are none, and before version 5. */
  readonly curation: SitePart | null;
  readonly adapters: readonly SiteAdapter[];
}

type Version = SiteManifest['version'];

export type PartKind =
  | 'base'
  | 'dictionary'
  | 'terms'
  | 'pages'
  | 'texts'
  | 'vectors'
  | 'facets'
  | 'curation'
  | 'static'
  | 'cluster'
  | 'words'
  | 'directions'
  | 'start'
  | 'rest';

/** @param hash hex of the sha-256 of the file */
export function partName(kind: PartKind, hash: string, version: Version = SITE_VERSION): string {
  return `parts/${kind}-${hash.slice(0, HASH_DIGITS)}${version < 4 ? OLD_PART_END : PART_END}`;
}

/** Whether a file has the name of a part, of any version. */
export function isPartName(file: string): boolean {
  return file.endsWith(PART_END) || file.endsWith(OLD_PART_END);
}

const MAX_STATIC_DIMS = 4096;
/** Most passages of a collection. */
export const MAX_PASSAGES: number = 2 ** 24;
/** Known to every host: some answer 404 for an extension that they do not know. */
const PART_END = '.bin';
/** Of versions 1 to 3. */
const OLD_PART_END = '.era-part';
const HASH_DIGITS = 16;
const encoder = new TextEncoder();

/** @throws EraError `index-format` for content that `parseSiteManifest` would refuse */
export function makeSiteManifest(content: Omit<SiteManifest, 'format' | 'version' | 'build' | 'index'>): SiteManifest {
  const unnamed = { format: SITE_FORMAT, version: SITE_VERSION, index: null, ...content } as const;
  return parseSiteManifest(siteManifestText({ ...unnamed, build: buildOf(unnamed) }));
}

/**
 * The text of the file. Lists of parts are packed by columns, since a site of 10,000 passages has some hundred parts.
 */
export function siteManifestText(manifest: SiteManifest): string {
  return JSON.stringify(named(manifest));
}

function named(manifest: SiteManifest): Record<string, unknown> {
  const { format, version, build } = manifest;
  return { format, version, build, ...packed(manifest) };
}

function buildOf(manifest: Omit<SiteManifest, 'build'>): string {
  return sha256Hex(encoder.encode(JSON.stringify(packed(manifest)))).slice(0, HASH_DIGITS);
}

/** @throws EraError `unsupported-version`; `index-format` for everything else that `makeSiteManifest` would not make */
export function parseSiteManifest(text: string): SiteManifest {
  const manifest = readJsonText(text, unpacked, named);
  if (buildOf(manifest) !== manifest.build) throw damagedSite('the manifest does not match its build');
  return manifest;
}

function packed(content: Omit<SiteManifest, 'format' | 'build'>): Record<string, unknown> {
  const {
    version,
    root,
    pages,
    passages,
    languages,
    analyzer,
    space,
    index,
    content: digest,
    encoder: model,
    keyword,
    pageParts,
    textParts,
    vectorParts,
    static: encoding,
    start,
    rest,
    facets,
    curation,
    adapters,
  } = content;
  const hashOf = ({ file }: SitePart): string => file.split(/[-.]/)[1] ?? '';
  const single = (part: SitePart): Record<string, unknown> => ({ hash: hashOf(part), bytes: part.bytes });
  const columns = (parts: readonly SitePart[], firsts?: unknown): Record<string, unknown> => ({
    ...(firsts === undefined ? {} : { firsts }),
    hashes: parts.map(hashOf).join(''),
    bytes: parts.map(({ bytes }) => bytes),
  });
  const numbered = (parts: readonly NumberedPart[]): unknown =>
    columns(parts, stepsOf(parts.map(({ first }) => first)));
  return {
    ...(version < 4 ? {} : { version }),
    root,
    pages,
    passages,
    languages,
    ...(version === 1 ? {} : { analyzer }),
    space,
    ...(version < 3 ? { index: index && { sha256: index.sha256, bytes: index.bytes } } : { content: digest }),
    encoder: model && { model: model.model, models: model.models },
    base: single(keyword.base),
    dictionary: single(keyword.dictionary),
    terms: columns(
      keyword.terms,
      keyword.terms.map(({ first }) => first),
    ),
    pageParts: numbered(pageParts),
    textParts: numbered(textParts),
    vectorParts: numbered(vectorParts),
    ...(version < 5
      ? {}
      : {
          static: encoding && {
            dims: encoding.dims,
            head: single(encoding.head),
            clusters: columns(encoding.clusters),
            words: columns(
              encoding.words,
              encoding.words.map(({ first }) => first),
            ),
            directions: single(encoding.directions),
          },
          start: start && { ...single(start), parts: start.parts },
          rest: { ...columns(rest), parts: rest.map(({ parts }) => parts) },
        }),
    facets: facets && single(facets),
    ...(curation ? { curation: single(curation) } : {}),
    adapters: adapters.map(({ path, stage, file, bytes }) => ({ path, stage, file, bytes })),
  };
}

function unpacked(value: unknown): SiteManifest {
  const fields = fieldsOf(value, 'the manifest');
  if (fields['format'] === OLD_FORMAT)
    throw new EraError(
      'old-index',
      'This is an index of passages from before collections (index.json): make it again with “era-search index docs.jsonl --out DIR”.',
    );
  if (fields['format'] !== SITE_FORMAT) throw damagedSite('not the manifest of a site');
  const version = integerOf(fields['version'], 1, Number.MAX_SAFE_INTEGER, 'the version') as Version;
  if (version > SITE_VERSION)
    throw new EraError(
      'unsupported-version',
      `The collection has version ${version}; this release reads ${SITE_VERSION}.`,
      { details: { version } },
    );
  const pages = integerOf(fields['pages'], 1, MAX_PASSAGES, 'the number of pages');
  const passages = integerOf(fields['passages'], 1, MAX_PASSAGES, 'the number of passages');
  const space = fields['space'] === null ? null : spaceOf(fields['space']);
  const vectorParts = numberedParts('vectors', fields['vectorParts'], passages, version);
  if ((space === null) !== (vectorParts.length === 0))
    throw damagedSite('vectors without a space, or a space without vectors');
  const index = version >= 3 || fields['index'] === null ? null : indexOf(fields['index']);
  if (version < 3 && (space === null) !== (index === null))
    throw damagedSite('an index without a space, or a space without an index');
  const pageParts = numberedParts('pages', fields['pageParts'], pages, version);
  const textParts = numberedParts('texts', fields['textParts'], passages, version);
  if (pageParts.length === 0 || textParts.length === 0) throw damagedSite('no pages or no texts');
  const manifest: SiteManifest = {
    format: SITE_FORMAT,
    version,
    build: hashesOf(fields['build'], 1, 'the build')[0]!,
    root: textOf(fields['root'], 'the root'),
    pages,
    passages,
    languages: listOf(fields['languages'], (language) => textOf(language, 'a language'), 'languages'),
    analyzer: version === 1 ? ANALYZER_OF_VERSION_1 : textOf(fields['analyzer'], 'the analyzer'),
    space,
    index,
    content: version < 3 ? null : hashesOf(fields['content'], 4, 'the hash of the content').join(''),
    encoder: fields['encoder'] === null ? null : modelOf(fields['encoder']),
    keyword: {
      base: singlePart('base', fields['base'], version),
      dictionary: singlePart('dictionary', fields['dictionary'], version),
      terms: termParts('terms', fields['terms'], version),
    },
    pageParts,
    textParts,
    vectorParts,
    static: version < 5 || fields['static'] === null ? null : staticOf(fields['static'], version),
    start: version < 5 || fields['start'] === null ? null : startOf(fields['start'], version),
    rest: version < 5 ? [] : restOf(fields['rest'], version),
    facets: fields['facets'] === null ? null : singlePart('facets', fields['facets'], version),
    curation:
      version < 5 || fields['curation'] === undefined ? null : singlePart('curation', fields['curation'], version),
    adapters: listOf(fields['adapters'], adapterOf, 'adapters'),
  };
  if (!jointFiles(manifest).every(hasItsParts)) throw damagedSite('a file of other parts than it should have');
  checkRoom(manifest);
  return manifest;
}

function startOf(value: unknown, version: Version): NonNullable<SiteManifest['start']> {
  const { parts } = fieldsOf(value, 'the start');
  return {
    ...singlePart('start', value, version),
    parts: integerOf(parts, 2, MAX_PASSAGES, 'the number of parts in the start'),
  };
}

function restOf(value: unknown, version: Version): JointFile[] {
  const { bytes, parts } = fieldsOf(value, 'the rest');
  const counts = listOf(parts, (count) => integerOf(count, 1, MAX_PASSAGES, 'the number of parts'), 'the rest');
  if (listOf(bytes, sizeOf, 'the sizes of the rest').length !== counts.length) throw damagedSite('the rest');
  return partsOf('rest', value, counts, version).map(({ first, ...part }) => ({ ...part, parts: first }));
}

function staticOf(value: unknown, version: Version): NonNullable<SiteManifest['static']> {
  const { dims, head, clusters, words, directions } = fieldsOf(value, 'the static encoder');
  const { bytes } = fieldsOf(clusters, 'the clusters');
  const count = listOf(bytes, sizeOf, 'the sizes of clusters').length;
  const parts = partsOf(
    'cluster',
    clusters,
    Array.from({ length: count }, (_, cluster) => cluster),
    version,
  );
  if (count === 0) throw damagedSite('a static encoder without clusters');
  return {
    dims: integerOf(dims, 1, MAX_STATIC_DIMS, 'the dimensions of the static encoder'),
    head: singlePart('static', head, version),
    clusters: parts.map(({ file, bytes: size }) => ({ file, bytes: size })),
    words: termParts('words', words, version),
    directions: singlePart('directions', directions, version),
  };
}

function numberedParts(kind: PartKind, value: unknown, end: number, version: Version): NumberedPart[] {
  const firsts = numbersOfSteps(fieldsOf(value, kind)['firsts'], 1, end, `the firsts of ${kind}`);
  if (firsts.length > 0 && firsts[0] !== 0) throw damagedSite(`${kind} that do not begin at 0`);
  return partsOf(kind, value, firsts, version);
}

function termParts(kind: 'terms' | 'words', value: unknown, version: Version): TermPart[] {
  const firsts = listOf(fieldsOf(value, kind)['firsts'], (first) => textOf(first, 'a term'), `the firsts of ${kind}`);
  if (firsts.some((first, i) => i > 0 && first <= firsts[i - 1]!)) throw damagedSite('terms that are out of order');
  return partsOf(kind, value, firsts, version);
}

function partsOf<T>(
  kind: PartKind,
  value: unknown,
  firsts: readonly T[],
  version: Version,
): { first: T; file: string; bytes: number }[] {
  const columns = fieldsOf(value, kind);
  const hashes = hashesOf(columns['hashes'], firsts.length, `the hashes of ${kind}`);
  const sizes = listOf(columns['bytes'], sizeOf, `the sizes of ${kind}`);
  if (sizes.length !== firsts.length) throw damagedSite(`the sizes of ${kind}`);
  return firsts.map((first, i) => ({ first, file: partName(kind, hashes[i]!, version), bytes: sizes[i]! }));
}

function singlePart(kind: PartKind, value: unknown, version: Version): SitePart {
  const { hash, bytes } = fieldsOf(value, kind);
  return { file: partName(kind, hashesOf(hash, 1, `the hash of ${kind}`)[0]!, version), bytes: sizeOf(bytes) };
}

function sizeOf(value: unknown): number {
  return integerOf(value, 1, MAX_FILE_BYTES, 'a size');
}

function hashesOf(value: unknown, count: number, what: string): string[] {
  const text = textOf(value, what);
  if (text.length !== count * HASH_DIGITS || !/^[0-9a-f]*$/.test(text)) throw damagedSite(what);
  return Array.from({ length: count }, (_, i) => text.slice(i * HASH_DIGITS, (i + 1) * HASH_DIGITS));
}

function spaceOf(value: unknown): string {
  const id = textOf(value, 'the space');
  try {
    if (spaceId(parseSpaceId(id)) === id) return id;
  } catch (error) {
    if (!isEraError(error)) throw error;
  }
  throw damagedSite('the space');
}

/**
 * Hash of the content of the parts, whatever packs and unpacks them in transit.
 * @param digests sha-256 in hex of each unpacked part of pages, then texts, then vectors
 */
export function contentHash(digests: readonly string[]): string {
  return sha256Hex(encoder.encode(digests.join('')));
}

function indexOf(value: unknown): NonNullable<SiteManifest['index']> {
  const { sha256, bytes } = fieldsOf(value, 'the index');
  const hash = textOf(sha256, 'the hash of the index');
  if (!/^[0-9a-f]{64}$/.test(hash)) throw damagedSite('the hash of the index');
  return { sha256: hash, bytes: integerOf(bytes, 1, Number.MAX_SAFE_INTEGER, 'the size of the index') };
}

function modelOf(value: unknown): NonNullable<SiteManifest['encoder']> {
  const { model, models } = fieldsOf(value, 'the encoder');
  return {
    model: textOf(model, 'the model'),
    models: models === null ? null : textOf(models, 'the folder of the model'),
  };
}

const ADAPTER_PATHS = ['static', 'local', 'remote', 'both'] as const satisfies readonly SiteAdapter['path'][];

function adapterOf(value: unknown): SiteAdapter {
  const { path, stage, file, bytes } = fieldsOf(value, 'an adapter');
  const known = ADAPTER_PATHS.find((one) => one === path);
  if (known === undefined || (stage !== 'aligned' && stage !== 'adapted'))
    throw damagedSite('an adapter of another kind');
  const name = textOf(file, 'the file of an adapter');
  // Stays below the manifest's folder, whatever the name contains.
  if (!/^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/.test(name)) throw damagedSite('the file of an adapter');
  return { path: known, stage, file: name, bytes: sizeOf(bytes) };
}
