// From the bytes of an HTML file to its text, by the rules of browsers: byte order mark, else what the page says of itself,
// else UTF-8, else windows-1252.

/** Browsers look no further for the encoding. */
const SEARCHED_BYTES = 1024;

export function decodeHtml(bytes: Uint8Array): string {
  const encoding = markOf(bytes) ?? saidIn(bytes);
  if (encoding !== null) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function markOf([a, b, c]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : null;
}

/** Null where nothing is said that is known. */
function saidIn(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, SEARCHED_BYTES));
  const said = /<meta\b[^>]*\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(head)?.[1] ?? /^<\?xml\b[^>]*\bencoding\s*=\s*["']([^"']+)/.exec(head)?.[1];
  if (said === undefined) return null;
  try {
    const { encoding } = new TextDecoder(said);
    // What could be read up to here as one byte a letter is not UTF-16, whatever it says.
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return null;
  }
}
