// Chinese: a word in traditional characters is also found in simplified ones, and the other way round.

import type { Analyzer, Term, Token } from './analyzer.ts';
import { normalize } from './normalize.ts';

/** @param characters a traditional character and its simplified ones, with spaces between, a `|` after each */
export function chineseAnalyzer(
  base: Analyzer,
  characters: string,
  { name, version }: Pick<Analyzer, 'name' | 'version'>,
): Analyzer {
  const simplified = new Map(characters.split('|').map((entry) => entry.split(' ') as [string, string]));
  const withSimplified = (term: Term): Term => {
    const other = normalize(Array.from(term.term, (letter) => simplified.get(letter) ?? letter).join(''));
    return other === term.term ? term : { ...term, spellings: [...(term.spellings ?? []), other] };
  };
  return {
    name,
    version,
    language: 'zh',
    tokens: (text) =>
      base.tokens(text).map((token): Token => ({ ...withSimplified(token), parts: token.parts.map(withSimplified) })),
    isStopWord: (term) => base.isStopWord(term),
  };
}
