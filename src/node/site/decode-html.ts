// Decodes bytes of HTML or XML by the rules of browsers: byte order mark, else the server's header, else the page's
// declaration, else UTF-8, else windows-1252.

/** A declaration counts here, else until the head ends: browsers then read the page again. */
const SEARCHED_BYTES = 1024;
const NOT_MARKUP = /<!--[^]*?(?:-->|$)|<(script|style|title|noscript|template)\b[^]*?(?:<\/\1\b|$)/gi;
const END_OF_HEAD = /<(?:\/head|body)\b/i;

/**
 * XHTML, if the type is that, is written as HTML.
 * @param contentType header, where there is one
 */
export function decodeHtml(bytes: Uint8Array, contentType = ''): string {
  const text = decodeText(bytes, contentType);
  return /^\s*application\/xhtml\+xml\b/i.test(contentType) ? htmlOfXhtml(text) : text;
}

function decodeText(bytes: Uint8Array, contentType: string): string {
  const encoding = markOf(bytes) ?? known(/\bcharset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1]) ?? saidIn(bytes);
  if (encoding !== null) return decodeAs(encoding, bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeAs('windows-1252', bytes);
  }
}

/** Node 20 decodes windows-1252 as ISO-8859-1, which has control characters in place of these. */
const FROM_80_TO_9F = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

function decodeAs(encoding: string, bytes: Uint8Array): string {
  const text = new TextDecoder(encoding).decode(bytes);
  return encoding === 'windows-1252'
    ? text.replace(/[\u0080-\u009F]/g, (letter) => FROM_80_TO_9F[letter.charCodeAt(0) - 0x80]!)
    : text;
}

function markOf([a, b, c]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : null;
}

function saidIn(bytes: Uint8Array): string | null {
  const start = markupOf(bytes.subarray(0, SEARCHED_BYTES));
  const said = saidInMarkup(start) ?? (bytes.length > SEARCHED_BYTES ? saidInMarkup(headOf(markupOf(bytes))) : null);
  // A declaration that was readable with one byte per character is not UTF-16, whatever it says.
  return said?.startsWith('utf-16') === true ? 'utf-8' : said;
}

/** With one character for each byte. */
function markupOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes).replace(NOT_MARKUP, ' ');
}

function headOf(markup: string): string {
  const end = markup.search(END_OF_HEAD);
  return end < 0 ? markup : markup.slice(0, end);
}

function saidInMarkup(markup: string): string | null {
  const tag = /<meta\b[^>]*\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(markup);
  return known(tag?.[1] ?? /^<\?xml\b[^>]*\bencoding\s*=\s*["']([^"']+)/.exec(markup)?.[1]);
}

/** Null for an unknown encoding. */
function known(label: string | undefined): string | null {
  try {
    return label === undefined ? null : new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** Writes XHTML so that HTML's parser reads it as XML's would: elements that end themselves, and CDATA sections. */
function htmlOfXhtml(xml: string): string {
  return xml
    .replace(/<!\[CDATA\[([^]*?)\]\]>/g, (_, text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;'))
    .replace(
      /<([a-z][\w-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/>/gi,
      (tag, name: string, attributes: string) =>
        VOID.has(name.toLowerCase()) ? tag : `<${name}${attributes}></${name}>`,
    );
}
