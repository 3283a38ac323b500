// Checks before parsing: whether a file is a page at all, and whether parsing it would take too long.

/** Limit of nesting: about two seconds of parsing. */
const MAX_DEPTH = 20_000;
/** Elements that have no end tag, or need none. */
const OPEN_WITHOUT_END = new Set(
  'area base br col embed hr img input link meta param source track wbr html head body p li dt dd option optgroup tr td th thead tbody tfoot colgroup caption rb rt rtc rp'.split(
    ' ',
  ),
);

/** False for files of other kinds, which are full of control characters in any decoding. */
export function isText(html: string): boolean {
  const sample = html.slice(0, 100_000);
  const odd = sample.match(/[\u0000-\u0008\u000E-\u001F\uFFFD]/g)?.length ?? 0;
  return odd * 50 <= sample.length;
}

/**
 * Some rules of HTML examine every open element for each one that is opened: browsers stop nesting at 512, the parser
 * does not.
 */
export function isTooDeep(html: string): boolean {
  if (html.length < MAX_DEPTH * '<b>'.length) return false;
  let depth = 0;
  for (const [, closing, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (OPEN_WITHOUT_END.has(name!.toLowerCase())) continue;
    depth = closing === '' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
