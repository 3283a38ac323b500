// Compounds of the languages that write them in one word (Bushaltestelle): which words of a collection they are made of,
// after Koehn and Knight (“Empirical Methods for Compound Splitting”, EACL 2003): the fewest words, then those that are
// in the most passages, with the letters that a language puts between them.

/** How the words of a compound are joined. */
interface Joints {
  /** Letters between two words. */
  readonly links: readonly string[];
  /** Letters at the end of a word that it loses in a compound (Schulbuch of Schule). */
  readonly lost: readonly string[];
}

const NORDIC: Joints = { links: ['s', 'e'], lost: ['e'] };
const AS_THEY_ARE: Joints = { links: [], lost: [] };
const JOINTS: ReadonlyMap<string, Joints> = new Map([
  ['de', { links: ['s', 'es', 'n', 'en', 'ens', 'er', 'e'], lost: ['e'] }],
  ['nl', { links: ['s', 'e', 'en', 'n', 'er'], lost: ['e'] }],
  ['sv', { links: ['s', 'e', 'o', 'u'], lost: ['a', 'e'] }],
  ['da', NORDIC],
  ['no', NORDIC],
  ['fi', AS_THEY_ARE],
  ['et', AS_THEY_ARE],
  ['hu', AS_THEY_ARE],
]);
/** Letters between two words in any of these languages, for a query, whose language is unknown. */
export const LINKS: readonly string[] = ['s', 'es', 'n', 'en', 'e', 'er'];

/** Letters of a word in a compound, at least. The first one may be a short noun (Bus), but not a prefix. */
const LEAST_PIECE = 4;
const LEAST_FIRST = 3;
const PREFIXES = new Set(
  (
    'abs ana anti auf aus bei ber dar des dis ein ent for frem her hin inn los mis miss mit nach neu non not opp out per pre pro ' +
    'sub til uit ueber uber und ung ver vor weg wie zer zum zur'
  ).split(' '),
);
/** Passages with a word, at least, for a first word of three letters. */
const LEAST_ROWS = 2;
/** More words than this are none. */
const MOST_PIECES = 4;

/** The term that a word's form has in the index for its compounds; null in a language without compounds. */
export function compoundTerm(form: string): string | null {
  return JOINTS.has(form.slice(form.lastIndexOf('!') + 1)) ? `${form}+` : null;
}

/**
 * @param language of an analyzer
 * @param rows number of passages with a term as a word of its own; 0 for stop words
 * @returns the words of a compound, in order; none for another word
 */
export function compoundSplitter(
  language: string,
  rows: (term: string) => number,
): ((word: string) => readonly string[]) | null {
  const joints = JOINTS.get(language);
  if (!joints) return null;
  return (word) => {
    if (word.length < LEAST_FIRST + LEAST_PIECE || !/^\p{L}+$/u.test(word)) return [];
    /** Start of a rest of the word → its best split. */
    const known = new Map<number, Split | null>();
    const rest = (start: number): Split | null => {
      const before = known.get(start);
      if (before !== undefined) return before;
      let best: Split | null = null;
      const isFirst = start === 0;
      if (!isFirst) {
        const count = rows(word.slice(start));
        if (word.length - start >= LEAST_PIECE && count > 0)
          best = { pieces: [word.slice(start)], weight: Math.log(count) };
      }
      const least = isFirst ? LEAST_FIRST : LEAST_PIECE;
      for (let end = start + least; end <= word.length - LEAST_PIECE; end++) {
        const first = wordOf(word.slice(start, end), joints, rows);
        if (first === null || (first.length < LEAST_PIECE && (PREFIXES.has(first) || rows(first) < LEAST_ROWS)))
          continue;
        const after = rest(end);
        if (after)
          best = better(best, {
            pieces: [first, ...after.pieces],
            weight: Math.log(rows(first)) + after.weight,
          });
      }
      known.set(start, best);
      return best;
    };
    const pieces = rest(0)?.pieces ?? [];
    return pieces.length <= MOST_PIECES ? pieces : [];
  };
}

interface Split {
  readonly pieces: readonly string[];
  /** Logarithm of the product of their rows. */
  readonly weight: number;
}

function better(a: Split | null, b: Split): Split {
  if (a === null || b.pieces.length < a.pieces.length) return b;
  return b.pieces.length === a.pieces.length && b.weight > a.weight ? b : a;
}

/** The word that a piece before another one stands for: itself, without the letters between, or with those it has lost. */
function wordOf(piece: string, { links, lost }: Joints, rows: (term: string) => number): string | null {
  const words = [
    piece,
    ...links
      .filter((link) => piece.endsWith(link) && piece.length - link.length >= LEAST_FIRST)
      .map((link) => piece.slice(0, -link.length)),
    ...(piece.length >= LEAST_FIRST ? lost.map((letters) => piece + letters) : []),
  ];
  return words.find((word) => rows(word) > 0) ?? null;
}
