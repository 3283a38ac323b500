// The passages that a search shows are cut into words for every answer, and the queries that are typed letter by letter
// show the same passages: what was cut last is kept.

import { LruCache } from '../lru-cache.ts';
import type { Analyzer, Token } from './analyzer.ts';

/** Texts whose tokens are kept: those of a few answers. */
const KEPT_TEXTS = 256;
/** Code units; a longer text would take more memory than its tokens are worth. */
const LONGEST_TEXT = 4096;

/** The same analyzer, which cuts a text once for as long as it is among the last 256. */
export function rememberTokens(analyzer: Analyzer): Analyzer {
  const known = new LruCache<string, readonly Token[]>(KEPT_TEXTS);
  const tokens = (text: string): readonly Token[] => {
    if (text.length > LONGEST_TEXT) return analyzer.tokens(text);
    const before = known.get(text);
    if (before) return before;
    const cut = analyzer.tokens(text);
    known.set(text, cut);
    return cut;
  };
  return { ...analyzer, tokens };
}
