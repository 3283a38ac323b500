// The analyzer for every language. An identifier (`sqlite3_open_v2`, `os.path.join`, `std::vector`, `--no-ff`, `C++`,
// `.htaccess`, `src/main.ts`, `camelCase`) is one word and also its pieces, so that it is found whole and by its parts.
// Scripts without spaces are cut by the platform's Intl.Segmenter. The result does not depend on the language of the
// text: that of a query is unknown, and a query must be cut like the pages.

import type { Analyzer, Term, Token } from './analyzer.ts';
import { asWritten, INVISIBLE, MAX_TERM_LENGTH, normalize } from './normalize.ts';
import { dottedNumber } from './numbers.ts';
import { EMOJI, emojiTerm, isSingleSign, OPERATOR } from './signs.ts';
import { pairsOf } from './pairs.ts';
import { SPACELESS_SCRIPTS } from './scripts.ts';
import { STOP_WORDS } from './stop-words.ts';

/** U+30FC is the long vowel of kana. */
const SPACELESS = `${SPACELESS_SCRIPTS}\\u30FC`;

const ASCII = /^[\0-\x7F]*$/;
const PLAIN_WORD = new RegExp(`${namePattern('[A-Za-z0-9_]', '[A-Za-z]')}|${OPERATOR}`, 'g');
const ANY_WORD = new RegExp(`${namePattern(`[\\p{L}\\p{N}\\p{M}_${INVISIBLE}]`, '\\p{L}')}|${OPERATOR}|${EMOJI}`, 'gu');
const HAS_SPACELESS = new RegExp(`[${SPACELESS}]`, 'u');
/** A run without a space is cut after 500 letters: the platform's time for one grows with its square. */
const RUN = new RegExp(`(?:[${SPACELESS}]\\p{M}{0,8}){1,500}|[^${SPACELESS}]+`, 'gu');
/** Longer names are treated as data: found whole, by their beginning, or not at all. */
const MAX_NAME_LENGTH = 256;
/** Most words: nothing else is to be found in one. */
const LETTERS = /^[A-Za-z]?[a-z]{0,63}$/;
const NO_PARTS: readonly Term[] = [];
const HAS_CONTENT = /[\p{L}\p{N}]/u;
/** A name of two pieces that is also written as one word. */
const TWO_PIECES = /^[\p{L}\p{N}\p{M}]{1,16}[-.‐‑][\p{L}\p{N}\p{M}]{1,16}$/u;
const JOINT = /[-.‐‑]/;
const HAN = /^\p{Script=Han}+$/u;
const SINGLE_HAN = /^\p{Script=Han}$/u;
/** Katakana with the long vowel and marks of voice, also of half width. */
const KATAKANA = /^[\p{Script=Katakana}\u30FC\uFF70\uFF9E\uFF9F\u3099\u309A]+$/u;
/** Words of the platform that are one word at most. */
const MOST_KATAKANA = 12;
const MOST_HAN = 4;
const SINGLE_KANA = /^.$/u;
/** Characters that are words of grammar by themselves. */
const FUNCTION_HAN = new Set(
  (
    '的 了 是 在 和 与 與 或 及 之 也 都 就 不 没 沒 把 被 让 讓 给 給 从 從 到 对 對 为 為 个 個 这 這 那 请 請 将 將 并 並 里 裡 上 下 中 后 後 前 ' +
    '有 无 無 以 于 於 由 因 所 其 而 但 且 若 如 则 則 我 你 您 他 她 它 们 們 吗 嗎 呢 吧 着 著 过 過 很 更 最 再 又 还 還 只 每 各 该 該 此 要 会 會 能 可 想 ' +
    '做 用 去 来 來 一 二 三 两 兩 几 幾 何 等 年 月 日'
  ).split(' '),
);

/** Where camelCase and HTTPServer are split. */
const CAMEL_BORDER = /(?<=\p{Ll}|\p{L}\p{N}{1,4})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const HAS_CAMEL = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;

let segmenter: Intl.Segmenter | undefined;

/** Cuts at the word boundaries of Unicode, for text of any language. */
export const standardAnalyzer: Analyzer = {
  name: 'standard',
  version: 2,
  language: '',
  tokens,
  isStopWord: (term) => STOP_WORDS.has(term) || isSingleSign(term),
};

function tokens(text: string): Token[] {
  if (ASCII.test(text)) return written(text, 0, PLAIN_WORD);
  if (!HAS_SPACELESS.test(text)) return written(text, 0, ANY_WORD);
  return Array.from(text.matchAll(RUN)).flatMap(({ 0: run, index }) =>
    HAS_SPACELESS.test(run) ? segmented(run, index) : written(run, index, ANY_WORD),
  );
}

/** Captures a sign before, words joined by single signs, a sign after: each only where it is part of a name. */
function namePattern(inside: string, letter: string): string {
  const before = `(?:(?<!${inside}|[.\\-#@$])(?:--?|[.#@$])(?=${letter}))?`;
  return `(${before}${inside}+(?:(?:[.\\-‐‑'’ʼ@#]|::|->)${inside}+)*(?:\\+\\+|#(?!${inside}))?)`;
}

function written(text: string, from: number, pattern: RegExp): Token[] {
  const found: Token[] = [];
  for (const { 0: match, 1: whole, index } of text.matchAll(pattern)) {
    const start = from + index;
    const end = start + match.length;
    if (LETTERS.test(match)) found.push({ term: match.toLowerCase(), start, end, parts: NO_PARTS });
    else if (whole === undefined) found.push({ term: emojiTerm(match), start, end, parts: NO_PARTS });
    else if (HAS_CONTENT.test(match)) {
      const name = match.replace(/['’ʼ]s$/i, '');
      const term = normalize(name);
      if (term === '') continue;
      const parts = isPlain(name) || name.length > MAX_NAME_LENGTH ? NO_PARTS : partsOf(name, start, term);
      found.push({ ...spelt(name, term), start, end, parts });
    }
  }
  return text.includes('/') ? withPaths(found, text, from) : found;
}

/** Words with nothing but a slash between them are one word too, whose parts they are. */
function withPaths(tokens: readonly Token[], text: string, from: number): Token[] {
  const out: Token[] = [];
  for (let t = 0; t < tokens.length;) {
    let last = t;
    const { start } = tokens[t]!;
    const isJoined = (a: Token, b: Token | undefined): boolean =>
      b !== undefined && b.start === a.end + 1 && text[a.end - from] === '/' && b.end - start <= MAX_TERM_LENGTH;
    while (isJoined(tokens[last]!, tokens[last + 1])) last++;
    const run = tokens.slice(t, last + 1);
    const term = run.map((token) => token.term).join('/');
    if (run.length === 1 || term.length > MAX_TERM_LENGTH) out.push(...run);
    else
      out.push({ term, start, end: run.at(-1)!.end, parts: run.flatMap(({ parts, ...token }) => [token, ...parts]) });
    t = last + 1;
  }
  return out;
}

/** A term with its other spellings. */
function spelt(name: string, term: string): Pick<Term, 'term' | 'accented' | 'spellings'> {
  const written = asWritten(name);
  const other = otherSpelling(name);
  return {
    term,
    ...(written === term ? {} : { accented: written }),
    ...(other === null || other === term ? {} : { spellings: [other] }),
  };
}

function otherSpelling(name: string): string | null {
  const number = dottedNumber(name);
  if (number) return number.digits;
  return TWO_PIECES.test(name) ? normalize(name.replace(JOINT, '')) : null;
}

/** True for letters of one case only, or a capital before small ones: an ordinary word. */
function isPlain(name: string): boolean {
  return /^[A-Za-z]?[a-z0-9]*$/.test(name);
}

/** The name without its signs, and its parts, where these differ from the whole. */
function partsOf(name: string, start: number, whole: string): Term[] {
  const found: Term[] = [];
  const seen = new Set([whole]);
  const add = (piece: string, at: number): void => {
    const term = normalize(piece);
    if (seen.has(term) || !HAS_CONTENT.test(term)) return;
    seen.add(term);
    found.push({ ...spelt(piece, term), start: start + at, end: start + at + piece.length });
  };
  const number = dottedNumber(name);
  if (number) {
    const at = name.indexOf(number.digits);
    for (const digits of number.beginnings) add(digits, at);
    return found;
  }
  const bare = /^(?:--?|[.#@$])?(.*?)(?:\+\+|#)?$/su.exec(name)![1]!;
  const bareAt = name.indexOf(bare);
  // C is not a part of C#, nor f of -f.
  if (bare.length > 1) add(bare, bareAt);
  else return found;
  for (const { 0: part, index } of bare.matchAll(/[^._\-‐‑:>@#]+/g)) {
    const at = bareAt + index;
    add(part, at);
    if (HAS_CAMEL.test(part)) {
      let offset = at;
      for (const hump of part.split(CAMEL_BORDER)) {
        add(hump, offset);
        offset += hump.length;
      }
    }
    // The part after an elision is a word (l'homme); other parts after an apostrophe are not (don't).
    for (const { 1: piece = '', index: inside } of part.matchAll(/['’ʼ]([^'’ʼ]{3,})/g)) add(piece, at + inside + 1);
  }
  return found;
}

/**
 * Words of a run without spaces. A run of katakana is one word, and so are single Han characters beside each other,
 * which are a word that the platform does not know. Pairs of letters inside longer words are added as parts, since two
 * platforms may cut a run differently.
 */
function segmented(run: string, from: number): Token[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const segments = Array.from(segmenter.segment(run), ({ segment, index, isWordLike }) => ({
    segment: isWordLike === true || KATAKANA.test(segment) ? segment : '',
    start: from + index,
  }));
  const found: Token[] = [];
  for (let s = 0; s < segments.length;) {
    const { segment, start } = segments[s]!;
    const joins = KATAKANA.test(segment) ? isKatakana : isSingleHan;
    let next = s + 1;
    const most = Math.min(segments.length, s + (joins === isKatakana ? MOST_KATAKANA : MOST_HAN));
    if (joins(segment)) while (next < most && joins(segments[next]!.segment)) next++;
    const pieces = segments.slice(s, next);
    s = next;
    const whole = pieces.map((piece) => piece.segment).join('');
    const term = normalize(whole);
    if (term === '') continue;
    const parts = [...(HAN.test(whole) ? pairsOf(whole, start) : []), ...(pieces.length > 1 ? singlesOf(pieces) : [])];
    found.push({ ...spelt(whole, term), start, end: start + whole.length, parts });
  }
  return found;
}

const isKatakana = (segment: string): boolean => KATAKANA.test(segment);
const isSingleHan = (segment: string): boolean => SINGLE_HAN.test(segment) && !FUNCTION_HAN.has(segment);

function singlesOf(pieces: readonly { readonly segment: string; readonly start: number }[]): Term[] {
  return pieces.flatMap(({ segment, start }) => {
    const term = normalize(segment);
    return term === '' || SINGLE_KANA.test(segment)
      ? []
      : [{ ...spelt(segment, term), start, end: start + segment.length }];
  });
}
