// Parses a sitemap as sitemaps.org describes it: a list of pages or of further sitemaps in XML, or a text file with one
// address per line, gzipped or not. A document type is refused, so that only XML's own five entities exist.

import { gunzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { decodeHtml } from '../decode-html.ts';
import { LeftOut } from './left-out.ts';

export interface Sitemap {
  readonly kind: 'pages' | 'sitemaps';
  /** As written, in order. */
  readonly urls: readonly string[];
}

/** @throws LeftOut `not-sitemap`, `too-large` */
export function parseSitemap(bytes: Uint8Array, contentType: string | undefined, maxBytes: number): Sitemap {
  const text = decodeHtml(unpack(bytes, maxBytes), contentType).trim();
  if (/^https?:\/\/\S/i.test(text)) return { kind: 'pages', urls: text.split(/\s*\n\s*/) };
  if (!text.startsWith('<')) throw wrong('it is neither XML nor a list of addresses');
  if (/<!DOCTYPE|<!ENTITY/i.test(text))
    throw wrong(/<!DOCTYPE\s+html/i.test(text) ? 'it is an HTML page' : 'it declares a document type');
  const root = load(text, { xml: true }).root().children();
  const name = root.get(0)?.name ?? '';
  const [local, prefix] = [name.replace(/^.*:/, ''), name.replace(/[^:]*$/, '')];
  if (root.length !== 1 || (local !== 'urlset' && local !== 'sitemapindex'))
    throw wrong(
      `it starts with ${name === '' ? 'no element' : `<${name.slice(0, 40)}>`}, not <urlset> or <sitemapindex>`,
    );
  // The parser accepts a missing end tag, so that a truncated list would look complete.
  if (!new RegExp(`(?:</${name}\\s*>|<${name}[^>]*/>)(?:\\s|<!--.*?-->)*$`, 's').test(text))
    throw wrong(`</${name}> is missing at its end`);
  const entry = local === 'urlset' ? 'url' : 'sitemap';
  // Not a selector, which would also match <image:loc>.
  const isNamed =
    (wanted: string) =>
    (_: number, element: { readonly name: string }): boolean =>
      element.name === `${prefix}${wanted}`;
  const locations = root
    .children()
    .filter(isNamed(entry))
    .map((_, element) =>
      load(element, { xml: true }).root().children().children().filter(isNamed('loc')).first().text().trim(),
    );
  return { kind: local === 'urlset' ? 'pages' : 'sitemaps', urls: locations.get().filter((url) => url !== '') };
}

/** Recognises gzip by its first two bytes, since names of such files vary. */
function unpack(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new LeftOut('too-large', `unpacked, it has more than ${maxBytes} bytes`, cause);
    throw new LeftOut('not-sitemap', 'its gzip data is damaged or cut off', cause);
  }
}

function wrong(what: string): LeftOut {
  return new LeftOut('not-sitemap', what);
}
