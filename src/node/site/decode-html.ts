// Decodes bytes of HTML or XML by the rules of browsers: byte order mark, else the server's header, else the page's
// declaration, else UTF-8, else windows-1252.

/** Browsers search for the declaration only in these bytes. */
const SEARCHED_BYTES = 1024;

/** @param contentType header, where there is one */
export function decodeHtml(bytes: Uint8Array, contentType = ''): string {
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
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, SEARCHED_BYTES));
  const said = known(
    /<meta\b[^>]*\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(head)?.[1] ??
      /^<\?xml\b[^>]*\bencoding\s*=\s*["']([^"']+)/.exec(head)?.[1],
  );
  // A declaration that was readable with one byte per character is not UTF-16, whatever it says.
  return said?.startsWith('utf-16') === true ? 'utf-8' : said;
}

/** Null for an unknown encoding. */
function known(label: string | undefined): string | null {
  try {
    return label === undefined ? null : new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}
