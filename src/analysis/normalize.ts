// One form for all spellings of a word: compatibility forms, case, accents, letter forms, digits of other scripts,
// apostrophes and invisible characters. There is no stemming here.

/** Code units; longer terms are cut. */
export const MAX_TERM_LENGTH = 64;

/** Invisible characters: soft hyphen, zero-width and directional marks, variation selectors. */
export const INVISIBLE = '\\u00AD\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFE00-\\uFE0F\\uFEFF';

const ASCII = /^[\0-\x7F]*$/;
const LEFT_OUT = new RegExp(`['’ʼ\\s${INVISIBLE}]|\\p{Surrogate}`, 'gu');
/** Letters of their own that Unicode decomposes: й, ї and ў are not и, і and у. */
const WHOLE_LETTERS = /[иу]\u0306|і\u0308/g;
/** Accents, Hebrew points, Arabic vowel signs, Indic dots below; not the vowel signs of scripts that need them. */
const MARKS =
  /[\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED\u093C\u09BC\u0A3C\u0ABC\u0B3C]/g;
/** A Hindi nasal before a consonant, which is also written as a dot; the dot with a moon. */
const NASAL = /[ङञणनम]\u094D(?=[क-ह])|\u0901/g;
/** Letters that Unicode does not decompose; Arabic after Lucene's ArabicNormalizer. */
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
  ґ: 'г',
  ٱ: 'ا',
  ى: 'ي',
  ة: 'ه',
};
/** One letter in several forms: at the end of a word, of another keyboard, a hyphen that does not break. */
const SAME: Readonly<Record<string, string>> = {
  ς: 'σ',
  ך: 'כ',
  ם: 'מ',
  ן: 'נ',
  ף: 'פ',
  ץ: 'צ',
  ی: 'ي',
  ې: 'ي',
  ک: 'ك',
  ے: 'ي',
  ۓ: 'ي',
  ہ: 'ه',
  ۂ: 'ه',
  ۃ: 'ه',
  ۀ: 'ه',
  ە: 'ه',
  '‐': '-',
};
const FOLDED = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');
const OTHER_FORM = new RegExp(`[${Object.keys(SAME).join('')}]`, 'g');
const DIGIT = /\p{Nd}/gu;
/** The long vowel at the end of a loan word is written or not: サーバー, サーバ. */
const LONG_END = /^([\p{Script=Katakana}\u30FC]{3,})\u30FC$/u;

/** The term of a word, cut at MAX_TERM_LENGTH; empty where nothing remains. */
export function normalize(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase().replaceAll("'", '').slice(0, MAX_TERM_LENGTH);
  const term = composed(word)
    .normalize('NFD')
    .replace(WHOLE_LETTERS, (letter) => letter.normalize('NFC'))
    .replace(NASAL, '\u0902')
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(FOLDED, (letter) => PLAIN[letter]!)
    .replace(DIGIT, (digit) => String(valueOf(digit)))
    .replace(LONG_END, '$1');
  return cut(term);
}

/** The word in lower case as it is written, with its accents: the same as `normalize` where it has none. */
export function asWritten(word: string): string {
  return ASCII.test(word) ? normalize(word) : cut(composed(word).normalize('NFC'));
}

function composed(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(LEFT_OUT, '')
    .replace(OTHER_FORM, (letter) => SAME[letter]!);
}

function cut(term: string): string {
  const short = term.slice(0, MAX_TERM_LENGTH);
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
}

/** Digits of a script stand ten in a row, of some scripts twice. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0)!;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}
