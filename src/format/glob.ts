// Globs of page paths: `*` stands for any characters but a slash, `?` for one of them, `**` for any characters, and
// `**/` at the beginning of a folder's name for any folders, or none. Matching takes no longer than the two lengths
// multiplied.

/** What a glob is made of: a character to be met, or one of the signs. */
type Piece = string;

export function globMatcher(glob: string): (path: string) => boolean {
  const pieces = glob.match(/(?<=^|\/)\*\*\/|\*\*|[\s\S]/g) ?? [];
  return (path) => matches(pieces, path);
}

/**
 * Each sign first stands for as little as it can; where the rest does not match, the last sign that can takes more. An
 * earlier one never has to, since the later one can stand for whatever it would leave.
 */
function matches(pieces: readonly Piece[], path: string): boolean {
  let piece = 0;
  let at = 0;
  /** The last `*` and `**`: its number, and where what it stands for ends; none before 0. */
  let star = -1;
  let starEnd = 0;
  let deep = -1;
  let deepEnd = 0;
  while (piece < pieces.length || at < path.length) {
    const sign = pieces[piece];
    if (sign === '*') {
      [star, starEnd] = [piece++, at];
    } else if (sign === '**' || sign === '**/') {
      [deep, deepEnd, star] = [piece++, at, -1];
    } else if (at < path.length && (sign === path[at] || (sign === '?' && path[at] !== '/'))) {
      piece++;
      at++;
    } else if (star >= 0 && starEnd < path.length && path[starEnd] !== '/') {
      at = ++starEnd;
      piece = star + 1;
    } else {
      if (deep < 0 || deepEnd >= path.length) return false;
      const next = pieces[deep] === '**' ? deepEnd + 1 : path.indexOf('/', deepEnd) + 1;
      if (next === 0) return false;
      [deepEnd, at, piece, star] = [next, next, deep + 1, -1];
    }
  }
  return true;
}
