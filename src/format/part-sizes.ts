// What parts can hold, derived from their sizes on disk, which the manifest has: a reader takes no memory for numbers of
// rows that its bytes cannot hold, and unpacks no more than a part of a real site has. FORMAT.md has the limits.

import { packedBytes } from '../math/few-bits.ts';
import { parseSpaceId } from '../space.ts';
import { damagedSite } from './site-json.ts';
import { CENTRE_BITS } from './static-parts.ts';

/** A `SitePart`. */
interface Part {
  readonly file: string;
  readonly bytes: number;
}

/** A `NumberedPart`. */
interface Run extends Part {
  readonly first: number;
}

/** What a manifest says about numbers. */
interface Counted {
  readonly pages: number;
  readonly passages: number;
  readonly space: string | null;
  readonly keyword: { readonly base: Part };
  readonly pageParts: readonly Run[];
  readonly textParts: readonly Run[];
  readonly vectorParts: readonly Run[];
  readonly static: { readonly dims: number; readonly head: Part; readonly clusters: readonly Part[] } | null;
}

/** No file of a collection is larger. */
export const MAX_FILE_BYTES: number = 2 ** 28;
/** DEFLATE makes at most so many bytes of one. Source: https://www.zlib.net/zlib_tech.html */
const MOST_INFLATION = 1032;
/**
 * A part may unpack to so many bytes, and to `INFLATION` times its size besides. Of the parts of 36 collections, texts
 * became 5 times smaller at most, pages 20 times, the dictionary 2 times, the base 8 times. Terms of words that are in
 * nearly all passages became 100 times smaller, and facets of pages that differ little 300 times: these have a few bytes
 * a passage. A term of the dictionary takes many times its bytes in memory.
 */
const FREE_BYTES = 2 ** 22;
const FREE_BYTES_OF: Readonly<Record<string, number>> = { dictionary: 2 ** 20, facets: 2 ** 23 };
const INFLATION = 16;
/** Least bytes before compression of a page's address, title, language, meta, filters and sort: `"",` or `{},`. */
const PAGE_BYTES = 18;
/** A passage's step, headings, anchor, number, weight and text: `0,[],"",0,1,"",`. */
const TEXT_BYTES = 15;
/** Most pages that have no passage: a writer leaves them out, since they are never found. */
const PAGES_WITHOUT_PASSAGE = 2 ** 16;
/** A passage's step, and the lengths of three fields. */
const BASE_ROW_BYTES = 4;
/** In `static`: the place of a passage's cluster. */
const PLACE_BYTES = 2;

/** Parts of vectors, adapters and files of several parts are not gzipped by themselves. */
export function isZipped({ file }: Part): boolean {
  return /^parts\/(?!(?:vectors|start|rest)-)/.test(file);
}

/** Most bytes of the content of a part, and of what a server may send for it. */
export function mostBytes(part: Part): number {
  if (!isZipped(part)) return part.bytes;
  const free = FREE_BYTES_OF[/^parts\/(\w+)/.exec(part.file)![1]!] ?? FREE_BYTES;
  return Math.min(MAX_FILE_BYTES, free + INFLATION * part.bytes);
}

/** @throws EraError `index-format` for numbers of pages, passages or clusters that the parts cannot hold */
export function checkRoom({
  pages,
  passages,
  space,
  keyword,
  pageParts,
  textParts,
  vectorParts,
  static: encoding,
}: Counted): void {
  fits(pages <= passages + PAGES_WITHOUT_PASSAGE);
  holds(keyword.base, passages * BASE_ROW_BYTES);
  eachRun(pageParts, pages, (part, rows) => holds(part, rows * PAGE_BYTES));
  eachRun(textParts, passages, (part, rows) => holds(part, rows * TEXT_BYTES));
  const rowBytes = space === null ? 0 : 4 + parseSpaceId(space).dims;
  eachRun(vectorParts, passages, ({ bytes }, rows) => fits(bytes === rows * rowBytes));
  if (!encoding) return;
  const { dims, head, clusters } = encoding;
  // A writer makes at most so many.
  fits(clusters.length <= Math.ceil(2 * Math.sqrt(passages)));
  holds(head, clusters.length * packedBytes(dims, CENTRE_BITS) + passages * PLACE_BYTES);
}

/** @param unpacked least bytes of the content */
function holds({ bytes }: Part, unpacked: number): void {
  fits(unpacked <= MOST_INFLATION * bytes);
}

function fits(isSo: boolean): void {
  if (!isSo) throw damagedSite('numbers that are not those of its parts');
}

function eachRun(parts: readonly Run[], total: number, check: (part: Run, rows: number) => void): void {
  parts.forEach((part, n) => check(part, (parts[n + 1]?.first ?? total) - part.first));
}
