// What a query says besides its words: quotes make a phrase, and a minus before a word excludes it.

import { SPACELESS_SCRIPTS } from '../analysis/scripts.ts';

export interface QuerySyntax {
  /** What is ranked by: the text without the signs and without what it excludes. */
  readonly words: string;
  /** Texts that a passage must have, as typed, without the quotes. */
  readonly phrases: readonly string[];
  /** Words and phrases that a passage must not have. */
  readonly excluded: readonly string[];
}

/** Quotes in pairs: typewriter's, English, German and Polish, French and Russian, Swedish, Japanese and Chinese. */
const QUOTED = /(?<=^|[\s(])(-?)(?:"([^"]+)"|[“„]([^“”„]+)[“”]|«([^«»]+)»|”([^”]+)”|「([^「」]+)」)(?=$|[\s).,;:!?])/gu;
/** One sign and two letters at least: `-f` is an option, `--force` another. */
const EXCLUDED = /(?<=^|\s)-([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]+)(?=$|\s)/gu;

/** A longer query is a sentence or a pasted text, whose quotes and signs are its own. */
const MOST_WORDS = 12;

export function parseQuery(text: string): QuerySyntax {
  if (/\n/.test(text) || text.split(/\s+/).length > MOST_WORDS) return { words: text, phrases: [], excluded: [] };
  const phrases: string[] = [];
  const excluded: string[] = [];
  const unquoted = text.replace(QUOTED, (_, minus: string, ...groups: (string | undefined)[]) => {
    const phrase = groups
      .slice(0, 5)
      .find((group) => group !== undefined)!
      .trim();
    if (minus === '') phrases.push(phrase);
    else excluded.push(phrase);
    return minus === '' ? phrase : '';
  });
  const words = unquoted.replace(EXCLUDED, (_, word: string) => {
    excluded.push(word);
    return '';
  });
  // A query that only excludes finds nothing, so its signs are meant otherwise.
  return words.trim() === ''
    ? { words: text, phrases: [], excluded: [] }
    : { words: words.trim(), phrases: phrases.filter((phrase) => phrase !== ''), excluded };
}

/**
 * Whether a text has a phrase, whatever its case, its accents and its line breaks, with no letter before or after it.
 */
export function phraseFinder(phrase: string): (text: string) => boolean {
  const wanted = folded(phrase);
  if (wanted === '') return () => true;
  return (text) => {
    const all = folded(text);
    for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1))
      if (isBorder(all, at) && isBorder(all, at + wanted.length)) return true;
    return false;
  };
}

const SPACELESS = new RegExp(`[${SPACELESS_SCRIPTS}]`, 'u');
const LETTER = /[\p{L}\p{N}\p{M}_]/u;

function isBorder(text: string, at: number): boolean {
  const before = text[at - 1] ?? ' ';
  const after = text[at] ?? ' ';
  return !LETTER.test(before) || !LETTER.test(after) || SPACELESS.test(before) || SPACELESS.test(after);
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036F\p{Cf}]/gu, '')
    .replace(/[’ʼ]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}
