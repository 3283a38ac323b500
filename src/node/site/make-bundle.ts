// A site's content to the files of its index: parts, gzipped and named by their hashes, and the manifest that names them all.
// Same input, same bytes, wherever zlib packs alike. It writes nothing to the disk.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { EraError } from '../../errors.ts';
import { encodeFacets, makeFacets } from '../../format/site-facets.ts';
import { makeSiteManifest, partName, SITE_MANIFEST_FILE, siteManifestText, type NumberedPart, type PartKind, type SiteManifest, type SitePart } from '../../format/site-manifest.ts';
import { encodePagePart, encodeTextPart, encodeVectorPart } from '../../format/site-parts.ts';
import { isPageAddress, numberPassages, toIndexPassages, type SiteContent } from '../../format/site.ts';
import { writeIndex } from '../../format/writer.ts';
import { analyzerId } from '../../analysis/analyzer.ts';
import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import { buildKeywordIndex } from '../../lexical/build.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';

/** Before compression. A hit costs a text part and a page part, so these are small; but each is a line of the manifest. */
const PAGE_PART_BYTES = 16 * 1024;
const TEXT_PART_BYTES = 16 * 1024;
/** Vectors are wanted all or not at all. */
const VECTOR_PART_BYTES = 256 * 1024;

export type BundleOptions = Pick<SiteManifest, 'root' | 'encoder' | 'adapters'>;

export interface SiteBundle {
  readonly manifest: SiteManifest;
  /** Path below the output folder → bytes; the manifest is the last. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * @param vectors of the passages in row order, with their space; both null for a site that is searched by keywords alone
 * @throws EraError `empty-corpus`, `duplicate-id` for two pages with one address, `invalid-input`, and what writing an index throws
 */
export function makeBundle(content: SiteContent, vectors: QuantizedVectors | null, space: Space | null, options: BundleOptions): SiteBundle {
  checkContent(content);
  const { pages, passages } = content;
  const files = new Map<string, Uint8Array>();
  const add = (kind: PartKind, bytes: Uint8Array): SitePart => {
    const file = partName(kind, createHash('sha256').update(bytes).digest('hex'));
    files.set(file, bytes);
    return { file, bytes: bytes.length };
  };
  const addZipped = (kind: PartKind, bytes: Uint8Array): SitePart => add(kind, zipped(bytes));

  const keyword = buildKeywordIndex(passages.map(({ page, headings, text, weight }) => ({ title: pages[page]!.title, headings, text, page, weight })), { analyzer: DEFAULT_ANALYZER });
  const facets = makeFacets(pages);
  const index = vectors && space ? writeIndex({ space, vectors, passages: toIndexPassages(content) }) : null;
  const manifest = makeSiteManifest({
    root: options.root,
    pages: pages.length,
    passages: passages.length,
    languages: languagesOf(content),
    analyzer: analyzerId(DEFAULT_ANALYZER),
    space: index && space ? spaceId(space) : null,
    index: index && { sha256: createHash('sha256').update(index).digest('hex'), bytes: index.length },
    encoder: options.encoder,
    keyword: {
      base: addZipped('base', keyword.base),
      dictionary: addZipped('dictionary', keyword.dictionary),
      terms: keyword.terms.map(({ first, bytes }) => ({ first, ...addZipped('terms', bytes) })),
    },
    pageParts: runs(pages, PAGE_PART_BYTES).map(({ first, items }): NumberedPart => ({ first, ...addZipped('pages', encodePagePart(items)) })),
    textParts: runs(numberPassages(passages), TEXT_PART_BYTES).map(({ first, items }): NumberedPart => ({ first, ...addZipped('texts', encodeTextPart(items)) })),
    vectorParts: index && vectors ? vectorRuns(vectors).map(({ first, end }): NumberedPart => ({ first, ...add('vectors', encodeVectorPart(vectors, first, end)) })) : [],
    facets: facets && addZipped('facets', encodeFacets(facets)),
    adapters: options.adapters,
  });
  files.set(SITE_MANIFEST_FILE, Buffer.from(siteManifestText(manifest)));
  return { manifest, files };
}

function checkContent({ pages, passages }: SiteContent): void {
  if (passages.length === 0) throw new EraError('empty-corpus', 'There is no passage to index.');
  const urls = new Set<string>();
  for (const { url } of pages) {
    if (urls.has(url)) throw new EraError('duplicate-id', `Two pages have the address ${url.slice(0, 200)}.`, { details: { url } });
    if (!isPageAddress(url)) throw new EraError('invalid-input', `The address ${url.slice(0, 200)} is no web page.`, { details: { url } });
    urls.add(url);
  }
  passages.forEach(({ page, weight }, row) => {
    if (!(page in pages) || page < (passages[row - 1]?.page ?? 0)) throw new EraError('invalid-input', `Passage ${row} names page ${page} out of order.`, { details: { row, page } });
    if (!(weight >= 0 && weight < Infinity)) throw new EraError('invalid-input', `The weight of passage ${row} is not a finite number ≥ 0.`, { details: { row, weight } });
  });
}

function languagesOf({ pages }: SiteContent): string[] {
  const counts = new Map<string, number>();
  for (const { language } of pages) if (language !== '') counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([language]) => language);
}

/** Consecutive items of about `bytes` bytes as JSON; at least one in each run. */
function runs<T>(items: readonly T[], bytes: number): { first: number; items: T[] }[] {
  const all: { first: number; items: T[] }[] = [];
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
  return Array.from({ length: Math.ceil(scales.length / rows) }, (_, i) => ({ first: i * rows, end: Math.min(scales.length, (i + 1) * rows) }));
}

/** Byte 9 of a gzip header is the operating system's; 255 is "unknown". Node writes no time into it. */
function zipped(bytes: Uint8Array): Uint8Array {
  const file = gzipSync(bytes, { level: 9 });
  file[9] = 255;
  return file;
}
