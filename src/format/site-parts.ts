// Pages, passages and vectors of a site in parts: bytes in and out, before compression. Texts are JSON by columns:
// gzipped, that is as small as a custom binary format. FORMAT.md has the layout.

import { isScale, type QuantizedVectors } from '../math/quantize.ts';
import {
  damagedSite,
  fieldsOf,
  integerOf,
  jsonBytes,
  listOf,
  numbersOfSteps,
  readJson,
  recordOf,
  stepsOf,
  textOf,
} from './site-json.ts';
import { MAX_PASSAGES } from './site-manifest.ts';
import { isPageAddress, type NumberedPassage, type SitePage } from './site.ts';

export function encodePagePart(pages: readonly SitePage[]): Uint8Array<ArrayBuffer> {
  return jsonBytes(columnsOfPages(pages));
}

function columnsOfPages(pages: readonly SitePage[]): Record<string, unknown> {
  const ids = pages.some(({ id }) => id !== undefined) ? { ids: pages.map(({ id }) => id ?? null) } : {};
  return {
    ...ids,
    urls: pages.map(({ url }) => url),
    titles: pages.map(({ title }) => title),
    languages: pages.map(({ language }) => language),
    meta: pages.map(({ meta }) => meta),
    filters: pages.map(({ filters }) => filters),
    sort: pages.map(({ sort }) => sort),
  };
}

/**
 * @param count number of pages in the manifest
 * @throws EraError `index-format`, also for an address that is neither relative nor http(s)
 */
export function decodePagePart(bytes: Uint8Array, count: number): SitePage[] {
  const read = (value: unknown): SitePage[] => {
    const columns = fieldsOf(value, 'pages');
    const urls = listOf(columns['urls'], addressOf, 'addresses of pages');
    const column = <T>(name: string, item: (value: unknown) => T): T[] => {
      const all = listOf(columns[name], item, name);
      if (all.length !== count) throw damagedSite(`${all.length} ${name} for ${count} pages`);
      return all;
    };
    const titles = column('titles', (title) => textOf(title, 'a title'));
    const languages = column('languages', (language) => textOf(language, 'a language'));
    const meta = column('meta', (record) => recordOf(record, (entry) => textOf(entry, 'meta'), 'meta'));
    const filters = column('filters', (record) =>
      recordOf(record, (values) => listOf(values, (entry) => textOf(entry, 'a filter'), 'filters'), 'filters'),
    );
    const sort = column('sort', (record) => recordOf(record, (entry) => textOf(entry, 'a sort value'), 'sort values'));
    const ids = columns['ids'] === undefined ? [] : column('ids', idOf);
    if (urls.length !== count) throw damagedSite(`${urls.length} addresses for ${count} pages`);
    return urls.map((url, i) => ({
      ...ids[i],
      url,
      title: titles[i]!,
      language: languages[i]!,
      meta: meta[i]!,
      filters: filters[i]!,
      sort: sort[i]!,
    }));
  };
  return readJson(bytes, read, columnsOfPages, count);
}

function idOf(value: unknown): Pick<SitePage, 'id'> {
  if (value === '') throw damagedSite('an empty id');
  return value === null ? {} : { id: textOf(value, 'an id') };
}

function addressOf(value: unknown): string {
  const url = textOf(value, 'an address');
  if (!isPageAddress(url)) throw damagedSite('an address that is not a web address');
  return url;
}

export function encodeTextPart(passages: readonly NumberedPassage[]): Uint8Array<ArrayBuffer> {
  return jsonBytes(columnsOfPassages(passages));
}

function columnsOfPassages(passages: readonly NumberedPassage[]): Record<string, unknown> {
  return {
    pages: stepsOf(passages.map(({ page }) => page)),
    headings: passages.map(({ headings }) => headings),
    anchors: passages.map(({ anchor }) => anchor),
    nths: passages.map(({ nth }) => nth),
    weights: passages.map(({ weight }) => weight),
    texts: passages.map(({ text }) => text),
  };
}

/**
 * @param expected passages of the part and pages of the site, from the manifest
 * @throws EraError `index-format`
 */
export function decodeTextPart(
  bytes: Uint8Array,
  { count, pages }: { readonly count: number; readonly pages: number },
): NumberedPassage[] {
  const read = (value: unknown): NumberedPassage[] => {
    const columns = fieldsOf(value, 'passages');
    const page = numbersOfSteps(columns['pages'], 0, pages, 'page numbers');
    const headings = listOf(
      columns['headings'],
      (trail) => listOf(trail, (heading) => textOf(heading, 'a heading'), 'headings'),
      'headings',
    );
    const anchors = listOf(columns['anchors'], (anchor) => textOf(anchor, 'an anchor'), 'anchors');
    const nths = listOf(
      columns['nths'],
      (nth) => integerOf(nth, 0, MAX_PASSAGES, 'the number of a passage under its anchor'),
      'numbers of passages',
    );
    const weights = listOf(columns['weights'], weightOf, 'weights');
    const texts = listOf(columns['texts'], (text) => textOf(text, 'a text'), 'texts');
    if ([page, headings, anchors, nths, weights, texts].some(({ length }) => length !== count))
      throw damagedSite(`another number of passages than ${count}`);
    return texts.map((text, i) => ({
      page: page[i]!,
      headings: headings[i]!,
      anchor: anchors[i]!,
      nth: nths[i]!,
      text,
      weight: weights[i]!,
    }));
  };
  return readJson(bytes, read, columnsOfPassages, count);
}

function weightOf(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) throw damagedSite('a weight');
  return value;
}

/** Scales (f32) of rows `from` to `to` (exclusive), then their codes. */
export function encodeVectorPart(
  { codes, scales, dims }: QuantizedVectors,
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  const part = new Uint8Array((to - from) * (4 + dims));
  new Float32Array(part.buffer, 0, to - from).set(scales.subarray(from, to));
  new Int8Array(part.buffer, (to - from) * 4).set(codes.subarray(from * dims, to * dims));
  return part;
}

/**
 * @param rows vectors of the part, from the manifest
 * @returns views into the bytes where these are aligned
 * @throws EraError `index-format`
 */
export function decodeVectorPart(bytes: Uint8Array<ArrayBuffer>, rows: number, dims: number): QuantizedVectors {
  integerOf(
    bytes.length,
    rows * (4 + dims),
    rows * (4 + dims),
    `${bytes.length} bytes for ${rows} vectors of ${dims} dimensions`,
  );
  const scales = new Float32Array(...placed(bytes, 0, rows, 4));
  const codes = new Int8Array(bytes.buffer, bytes.byteOffset + rows * 4, rows * dims);
  if (!scales.every(isScale)) throw damagedSite('a scale that is negative or whose numbers are not finite');
  if (codes.includes(-128)) throw damagedSite('the code −128');
  return { scales, codes, dims };
}

/** Joins parts of consecutive rows. @param parts at least one, of the same dimensions */
export function joinVectorParts(parts: readonly QuantizedVectors[]): QuantizedVectors {
  const dims = parts[0]!.dims;
  const count = parts.reduce((sum, { scales }) => sum + scales.length, 0);
  const joined: QuantizedVectors = { scales: new Float32Array(count), codes: new Int8Array(count * dims), dims };
  let row = 0;
  for (const part of parts) {
    setVectorPart(joined, row, part);
    row += part.scales.length;
  }
  return joined;
}

/** Copies a part into all vectors, as the rows from `first` on. */
export function setVectorPart(all: QuantizedVectors, first: number, { scales, codes }: QuantizedVectors): void {
  all.scales.set(scales, first);
  all.codes.set(codes, first * all.dims);
}

/**
 * Arguments of a typed array over `length` numbers at offset `at`: a view, or a copy where the caller's bytes are not
 * aligned.
 */
function placed(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  length: number,
  numberBytes: number,
): [ArrayBuffer, number, number] {
  const start = bytes.byteOffset + at;
  if (start % numberBytes === 0) return [bytes.buffer, start, length];
  return [bytes.buffer.slice(start, start + length * numberBytes), 0, length];
}
