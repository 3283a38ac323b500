// One analyzer that combines several, for a query, whose language is unknown.

import { analyzerId, type Analyzer, type Term, type Token } from './analyzer.ts';

/**
 * @param analyzers at least one; where they cut a text differently, the first decides on the words, and the words of
 * the others become parts
 */
export function readByAll(analyzers: readonly Analyzer[]): Analyzer {
  const [first, ...others] = analyzers;
  if (!first) throw new Error('No analyzer to read by.');
  if (others.length === 0) return first;
  return {
    name: analyzers.map(analyzerId).join('+'),
    version: 1,
    language: '',
    tokens: (text) => others.reduce((tokens, other) => joined(tokens, other.tokens(text)), first.tokens(text)),
    isStopWord: (term) => analyzers.some((analyzer) => analyzer.isStopWord(term)),
  };
}

function joined(tokens: readonly Token[], more: readonly Token[]): Token[] {
  const all = [...tokens];
  let at = 0;
  for (const token of more) {
    while (at < all.length && all[at]!.end <= token.start) at++;
    const known = all[at];
    if (!known || token.end <= known.start) all.splice(at, 0, token);
    else all[at] = withTerms(known, [token, ...token.parts]);
  }
  return all;
}

function withTerms(token: Token, terms: readonly Term[]): Token {
  const { start, end } = token;
  let { accented, spellings, forms } = token;
  const parts = [...token.parts];
  for (const term of terms) {
    const place = {
      start: Math.max(start, Math.min(term.start, end - 1)),
      end: Math.max(start + 1, Math.min(term.end, end)),
    };
    if (term.term === token.term) {
      accented ??= term.accented;
      spellings = union(spellings, term.spellings);
      forms = union(forms, term.forms);
    } else {
      const p = parts.findIndex((part) => part.term === term.term);
      if (p < 0) parts.push({ ...term, ...place });
      else
        parts[p] = {
          ...parts[p]!,
          accented: parts[p]!.accented ?? term.accented,
          spellings: union(parts[p]!.spellings, term.spellings),
          forms: union(parts[p]!.forms, term.forms),
        };
    }
  }
  return { ...token, parts, accented, spellings, forms };
}

function union(
  some: readonly string[] | undefined,
  more: readonly string[] | undefined,
): readonly string[] | undefined {
  return some && more ? [...new Set([...some, ...more])] : (some ?? more);
}
