// Bytes from the network to text, in the order of the HTML standard: byte order mark, content type, what the document says of itself.

/** The first kilobyte is where a document may name its encoding (HTML standard, 13.2.3.2). */
const PRESCAN_BYTES = 1024;

/** Text in no encoding that we know is read as UTF-8; what says nothing and is no UTF-8, as windows-1252, like browsers do. */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const label = markOf(bytes) ?? labelIn(contentType ?? '') ?? ownLabel(bytes);
  const decoder = decoderOf(label);
  if (decoder) return decoder.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(label === undefined ? 'windows-1252' : 'utf-8').decode(bytes);
  }
}

function markOf([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  return a === 0xfe && b === 0xff ? 'utf-16be' : a === 0xff && b === 0xfe ? 'utf-16le' : undefined;
}

/** A document that can be read byte by byte is not in UTF-16, whatever it says. */
function ownLabel(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES));
  const label = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? labelIn(/<meta[^>]*charset[^>]*>/i.exec(start)?.[0] ?? '');
  return label !== undefined && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

function labelIn(text: string): string | undefined {
  return /charset\s*=\s*["']?([\w.:-]+)/i.exec(text)?.[1];
}

function decoderOf(label: string | undefined): TextDecoder | null {
  try {
    return label === undefined ? null : new TextDecoder(label);
  } catch {
    return null;
  }
}
