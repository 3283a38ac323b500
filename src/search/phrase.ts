// Finds a phrase in texts.

import { SPACELESS_SCRIPTS } from '../analysis/scripts.ts';

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
