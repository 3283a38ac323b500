// One form for all spellings of a word: compatibility forms, case, accents, apostrophes and invisible characters are
// removed. There is no stemming here.

/** Code units; longer terms are cut. */
export const MAX_TERM_LENGTH = 64;

/** Invisible characters: soft hyphen, zero-width and directional marks. */
export const INVISIBLE = '\\u00AD\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF';

const ASCII = /^[\0-\x7F]*$/;
/** Accents, Hebrew points and Arabic vowel signs; not the vowel signs of scripts that need them. */
const DROPPED = new RegExp(
  `[\\u0300-\\u036F\\u0591-\\u05C7\\u0640\\u064B-\\u0652'’ʼ\\s${INVISIBLE}]|\\p{Surrogate}`,
  'gu',
);
/** Letters that Unicode does not decompose. */
const FOLDED = /[ßæœøłđðþı]/g;
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** The term of a word, cut at MAX_TERM_LENGTH; empty where nothing remains. */
export function normalize(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase().replaceAll("'", '').slice(0, MAX_TERM_LENGTH);
  const term = word
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(DROPPED, '')
    .normalize('NFC')
    .replace(FOLDED, (letter) => PLAIN[letter]!)
    .slice(0, MAX_TERM_LENGTH);
  return /[\uD800-\uDBFF]$/.test(term) ? term.slice(0, -1) : term;
}
