// The analyzer for every language. An identifier (`sqlite3_open_v2`, `os.path.join`, `--no-ff`, `C++`, `.htaccess`,
// `camelCase`) is one word and also its pieces, so that it is found whole and by its parts. Scripts without spaces are
// cut by the platform's Intl.Segmenter. The result does not depend on the language of the text: that of a query is
// unknown, and a query must be cut like the pages.

import type { Analyzer, Term, Token } from './analyzer.ts';
import { INVISIBLE, normalize } from './normalize.ts';
import { STOP_WORDS } from './stop-words.ts';

/** Scripts that put no space between words. U+30FC is the long vowel of kana. */
const SPACELESS =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30FC\\p{Script=Thai}\\p{Script=Khmer}\\p{Script=Lao}\\p{Script=Myanmar}';

const ASCII = /^[\0-\x7F]*$/;
const PLAIN_WORD = wordPattern('[A-Za-z0-9_]', '[A-Za-z]', 'g');
const ANY_WORD = wordPattern(`[\\p{L}\\p{N}\\p{M}_${INVISIBLE}]`, '\\p{L}', 'gu');
const HAS_SPACELESS = new RegExp(`[${SPACELESS}]`, 'u');
/** A run without a space is cut after 500 letters: the platform's time for one grows with its square. */
const RUN = new RegExp(`(?:[${SPACELESS}]\\p{M}{0,8}){1,500}|[^${SPACELESS}]+`, 'gu');
/** Longer names are treated as data: found whole, by their beginning, or not at all. */
const MAX_NAME_LENGTH = 256;
const HAS_CONTENT = /[\p{L}\p{N}]/u;

/** Where camelCase and HTTPServer are split. */
const CAMEL_BORDER = /(?<=\p{Ll}|\p{L}\p{N}{1,4})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const HAS_CAMEL = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;

let segmenter: Intl.Segmenter | undefined;

/** Cuts at the word boundaries of Unicode, for text of any language. */
export const standardAnalyzer: Analyzer = {
  name: 'standard',
  version: 1,
  language: '',
  tokens,
  isStopWord: (term) => STOP_WORDS.has(term),
};

function tokens(text: string): Token[] {
  if (ASCII.test(text)) return written(text, 0, PLAIN_WORD);
  if (!HAS_SPACELESS.test(text)) return written(text, 0, ANY_WORD);
  return Array.from(text.matchAll(RUN)).flatMap(({ 0: run, index }) =>
    HAS_SPACELESS.test(run) ? segmented(run, index) : written(run, index, ANY_WORD),
  );
}

/** A sign before, words joined by single signs, a sign after: each only where it is part of a name. */
function wordPattern(inside: string, letter: string, flags: string): RegExp {
  return new RegExp(
    `(?:(?<!${inside}|[.\\-])(?:--?|\\.)(?=${letter}))?${inside}+(?:[.\\-'’ʼ]${inside}+)*(?:\\+\\+|#(?!${inside}))?`,
    flags,
  );
}

function written(text: string, from: number, pattern: RegExp): Token[] {
  const found: Token[] = [];
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (!HAS_CONTENT.test(match)) continue;
    const name = match.replace(/['’ʼ]s$/i, '');
    const start = from + index;
    const term = normalize(name);
    if (term === '') continue;
    found.push({
      term,
      start,
      end: start + match.length,
      parts: isPlain(name) || name.length > MAX_NAME_LENGTH ? [] : partsOf(name, start, term),
    });
  }
  return found;
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
    found.push({ term, start: start + at, end: start + at + piece.length });
  };
  const bare = /^(?:--?|\.)?(.*?)(?:\+\+|#)?$/su.exec(name)![1]!;
  const bareAt = name.indexOf(bare);
  add(bare, bareAt);
  for (const { 0: part, index } of bare.matchAll(/[^._-]+/g)) {
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
 * Words of a run without spaces. Pairs of letters inside longer words are added as parts, since two platforms may cut a
 * run differently.
 */
function segmented(run: string, from: number): Token[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const found: Token[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(run)) {
    const term = isWordLike === true ? normalize(segment) : '';
    if (term === '') continue;
    const start = from + index;
    found.push({ term, start, end: start + segment.length, parts: pairs(segment, start) });
  }
  return found;
}

function pairs(segment: string, start: number): Term[] {
  if (!/^\p{Script=Han}{3,}$/u.test(segment)) return [];
  const letters = Array.from(segment);
  let at = start;
  return letters.slice(1).map((second, i) => {
    const first = letters[i]!;
    const pair = { term: normalize(first + second), start: at, end: at + first.length + second.length };
    at += first.length;
    return pair;
  });
}
