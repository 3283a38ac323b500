// Makes the files of an index from a site's content: parts, gzipped and named by their hashes, and the manifest that
// names them all. The same input gives the same bytes wherever gzip gives the same. Node's command writes them to a
// folder; a page keeps them in the browser.

import { digestHex } from '../digest.ts';
import { EraError } from '../errors.ts';
import { encodeFacets, makeFacets } from '../format/site-facets.ts';
import {
  contentHash,
  makeSiteManifest,
  partName,
  SITE_MANIFEST_FILE,
  siteManifestText,
  type NumberedPart,
  type PartKind,
  type SiteManifest,
  type SitePart,
} from '../format/site-manifest.ts';
import { joinFiles, searchParts, sizeOf, startList, type JointFile } from '../format/manifest-parts.ts';
import { codesByCluster, encodeStaticHead, START_CLUSTERS_BYTES, type StaticIndex } from '../format/static-parts.ts';
import { encodePagePart, encodeTextPart, encodeVectorPart } from '../format/site-parts.ts';
import { numberPassages, type SiteContent } from '../format/site.ts';
import type { LanguageAnalyzer } from '../analysis/analyzer.ts';
import { analyzersFor, type Analyzers } from '../analysis/analyzers.ts';
import type { WordsOf } from '../analysis/word-store.ts';
import { KeywordIndexBuilder } from '../lexical/build.ts';
import type { KeywordParts } from '../lexical/keyword-document.ts';
import { isScale, type QuantizedVectors } from '../math/quantize.ts';
import { createPause } from '../pause.ts';
import { spaceId, type Space } from '../space.ts';
import { checkContent } from './check-content.ts';

/**
 * Size before compression. A hit costs a text part and a page part, so these are small; but each is a line of the
 * manifest.
 */
const PAGE_PART_BYTES = 16 * 1024;
/** From so many passages on, what every visit needs of each passage is kept shorter. */
const LARGE_COLLECTION = 50_000;
/**
 * Limits of what a first visit gets in one file: every search needs the base, the filters and the head of the static
 * encoder, but a large one is not waited for; of pages and clusters it needs a few.
 */
const START_NEEDED_BYTES = 64 * 1024;
const START_PAGES_BYTES = 16 * 1024;
/** A file of the background: a page downloads two at a time, and begins again with one that broke off. */
const REST_BYTES = 1024 * 1024;
const LEAST_PARTS = 16;
/** Vectors are downloaded all together. */
const VECTOR_PART_BYTES = 256 * 1024;

export interface BundleOptions extends Pick<SiteManifest, 'root' | 'encoder' | 'adapters'> {
  /** gzip with no name, no time, and 255 as the system. */
  readonly zip: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /** From `contentAnalyzers`. @default those of this release */
  readonly analyzers?: Analyzers | undefined;
  /** Words of texts, where some were cut before. @default cuts each text */
  readonly wordsOf?: WordsOf | undefined;
  /** The static query encoder of the passages. @default none */
  readonly static?: StaticIndex | null | undefined;
  /** From `encodeCuration`. @default none */
  readonly curation?: Uint8Array<ArrayBuffer> | null | undefined;
  /** Aborts the call, which then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface CollectionBundle {
  readonly manifest: SiteManifest;
  /** Path below the output folder → bytes; the manifest is the last. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * The analyzers of a collection's passages.
 * @param own from outside, before those of this release
 * @throws as `analyzersFor`
 */
export function contentAnalyzers(
  { pages, passages }: SiteContent,
  own: readonly LanguageAnalyzer[] = [],
): Promise<Analyzers> {
  return analyzersFor(
    passages.map(({ page, language = pages[page]!.language }) => language),
    own,
  );
}

/**
 * @param vectors of the passages in row order, with their space; both null for a site that is searched by keywords
 * alone
 * @throws EraError `empty-corpus`, `duplicate-id` for two pages with one address, `invalid-input`, and what writing an
 * index throws
 */
export async function makeBundle(
  content: SiteContent,
  vectors: QuantizedVectors | null,
  space: Space | null,
  {
    root,
    encoder,
    adapters,
    zip,
    analyzers: loaded,
    wordsOf,
    static: encoding = null,
    curation = null,
    signal,
  }: BundleOptions,
): Promise<CollectionBundle> {
  checkContent(content);
  if (vectors && space) checkVectors(vectors, space, content.passages.length);
  const { pages, passages } = content;
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const add = async (kind: PartKind, bytes: Uint8Array<ArrayBuffer>): Promise<SitePart> => {
    const file = partName(kind, await digestHex(bytes));
    files.set(file, bytes);
    return { file, bytes: bytes.length };
  };
  const zipped = async (kind: PartKind, bytes: Uint8Array<ArrayBuffer>): Promise<SitePart> =>
    add(kind, await zip(bytes));
  const digests: string[] = [];
  const numbered = <T>(
    kind: PartKind,
    parts: readonly Run<T>[],
    encode: (items: readonly T[]) => Uint8Array<ArrayBuffer>,
  ): Promise<NumberedPart[]> =>
    inTurn(parts, async ({ first, items }) => {
      const bytes = encode(items);
      digests.push(await digestHex(bytes));
      return { first, ...(await zipped(kind, bytes)) };
    });
  const vectorPart = async (bytes: Uint8Array<ArrayBuffer>): Promise<SitePart> => {
    digests.push(await digestHex(bytes));
    return add('vectors', bytes);
  };

  const languages = languagesOf(content);
  const analyzers = loaded ?? (await contentAnalyzers(content));
  const partBytes = partBytesOf(passages.length);
  const keyword = await keywordParts(
    content,
    new KeywordIndexBuilder({
      analyzers,
      wordsOf,
      codes: encoding?.rows,
      partBytes,
      roundLengths: passages.length >= LARGE_COLLECTION,
    }),
    signal,
  );
  const facets = makeFacets(content);
  const listed = {
    root,
    pages: pages.length,
    passages: passages.length,
    languages,
    analyzer: analyzers.id,
    space: vectors && space ? spaceId(space) : null,
    encoder,
    keyword: {
      base: await zipped('base', keyword.base),
      dictionary: await zipped('dictionary', keyword.dictionary),
      terms: await inTurn(keyword.terms, async ({ first, bytes }) => ({ first, ...(await zipped('terms', bytes)) })),
    },
    pageParts: await numbered('pages', runs(pages, PAGE_PART_BYTES), encodePagePart),
    textParts: await numbered('texts', runs(numberPassages(passages), partBytes), encodeTextPart),
    vectorParts:
      vectors && space
        ? await inTurn(vectorRuns(vectors), async ({ first, end }) => ({
            first,
            ...(await vectorPart(encodeVectorPart(vectors, first, end))),
          }))
        : [],
    content: contentHash(digests),
    static: encoding && {
      dims: encoding.dims,
      head: await zipped('static', encodeStaticHead(encoding)),
      clusters: await inTurn(codesByCluster(encoding), (codes) => zipped('cluster', codes)),
      words: await inTurn(keyword.codes, async ({ first, bytes }) => ({ first, ...(await zipped('words', bytes)) })),
      directions: await zipped('directions', encodeVectorPart(encoding.directions, 0, encoding.dims)),
    },
    facets: facets && (await zipped('facets', encodeFacets(facets))),
    curation: curation && (await zipped('curation', curation)),
    adapters,
  };
  const joint = async (kind: PartKind, parts: readonly SitePart[]): Promise<JointFile> => ({
    ...(await add(kind, joinFiles(parts, files))),
    parts: parts.length,
  });
  const first = startParts(listed);
  const manifest = makeSiteManifest({
    ...listed,
    start: first.length === 0 ? null : await joint('start', first),
    rest: await inTurn(restParts(searchParts(listed).slice(first.length)), (parts) => joint('rest', parts)),
  });
  files.set(SITE_MANIFEST_FILE, new TextEncoder().encode(siteManifestText(manifest)));
  return { manifest, files };
}

/** A large site takes minutes, in which the caller's other work goes on. */
async function keywordParts(
  { pages, passages }: SiteContent,
  builder: KeywordIndexBuilder,
  signal: AbortSignal | undefined,
): Promise<KeywordParts> {
  const pause = createPause(signal);
  for (const { page, headings, text, weight, language: own } of passages) {
    const { title, language } = pages[page]!;
    builder.add({ title, headings, text, language: own ?? language, page, weight });
    await pause();
  }
  return builder.finish();
}

/**
 * Size of parts of texts and terms before compression: 3 kB up to 6,000 passages, 12 kB for 100,000. A query pays for
 * the parts that it needs, and every visit for the manifest's lines of all parts: the sum is least where the size grows
 * with the square root of the passages.
 */
function partBytesOf(passages: number): number {
  return Math.max(3072, 40 * Math.sqrt(passages));
}

/** The parts of the file `start`; none where only one fits. */
function startParts(listed: Parameters<typeof startList>[0]): SitePart[] {
  const parts: SitePart[] = [];
  const most = (group: readonly SitePart[]): number => {
    if (group === listed.pageParts) return START_PAGES_BYTES;
    return group === listed.static?.clusters ? START_CLUSTERS_BYTES : START_NEEDED_BYTES;
  };
  for (const group of startList(listed)) {
    if (sizeOf(group) > most(group)) break;
    parts.push(...group);
  }
  return parts.length < 2 ? [] : parts;
}

/** The parts of each file of the background, to the last; no files where there are few parts. */
function restParts(parts: readonly SitePart[]): SitePart[][] {
  if (parts.length < LEAST_PARTS) return [];
  const made: SitePart[][] = [];
  let size = Infinity;
  for (const part of parts) {
    size += part.bytes;
    if (size > REST_BYTES) {
      made.push([]);
      size = part.bytes;
    }
    made.at(-1)!.push(part);
  }
  return made;
}

function checkVectors({ codes, scales, dims }: QuantizedVectors, space: Space, count: number): void {
  if (dims !== space.dims || scales.length !== count || codes.length !== count * dims) {
    throw new EraError(
      'dimension-mismatch',
      `${count} passages in a space of ${space.dims} dimensions need as many vectors of that length.`,
      {
        details: { passages: count, spaceDims: space.dims, dims, scales: scales.length, codes: codes.length },
      },
    );
  }
  const bad = scales.findIndex((scale) => !isScale(scale));
  if (bad >= 0)
    throw new EraError('not-finite', `The scale of vector ${bad} is not a finite number ≥ 0.`, {
      details: { vector: bad },
    });
  if (codes.includes(-128)) throw new EraError('invalid-input', 'Codes are at least −127.');
}

function languagesOf({ pages }: SiteContent): string[] {
  const counts = new Map<string, number>();
  for (const { language } of pages) if (language !== '') counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([language]) => language);
}

interface Run<T> {
  readonly first: number;
  readonly items: T[];
}

/** Groups consecutive items into runs of about `bytes` bytes as JSON, at least one item each. */
function runs<T>(items: readonly T[], bytes: number): Run<T>[] {
  const all: Run<T>[] = [];
  let room = 0;
  items.forEach((item, first) => {
    const size = JSON.stringify(item).length;
    if (room < size) {
      all.push({ first, items: [] });
      room = bytes;
    }
    all.at(-1)!.items.push(item);
    room -= size;
  });
  return all;
}

function vectorRuns({ scales, dims }: QuantizedVectors): { first: number; end: number }[] {
  const rows = Math.max(1, Math.floor(VECTOR_PART_BYTES / (4 + dims)));
  return Array.from({ length: Math.ceil(scales.length / rows) }, (_, i) => ({
    first: i * rows,
    end: Math.min(scales.length, (i + 1) * rows),
  }));
}

/** Runs the work item by item: in parallel, every part would be in memory twice. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}
