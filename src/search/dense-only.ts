// A ranked list by meaning alone, in the form of a fused one: no keywords rank it, and snippets mark the query's words.

import { termsOf, type Analyzer } from '../analysis/analyzer.ts';
import type { KeywordWord } from '../lexical/keyword-document.ts';
import type { HybridList } from './hybrid-retriever.ts';
import type { RankedList } from './retriever.ts';

export function denseOnly(list: RankedList, analyzer: Pick<Analyzer, 'tokens'>, text: string): HybridList {
  const words = termsOf(analyzer, text).map(({ term, forms = [] }): KeywordWord => ({
    typed: term,
    how: 'exact',
    terms: [term, ...forms],
    upperBound: 1,
  }));
  return {
    ...list,
    keyword: {
      ids: new Int32Array(),
      scores: new Float32Array(),
      scoresOf: (ids) => Promise.resolve(new Float32Array(ids.length)),
      words,
      titled: new Int32Array(),
      isHeaded: () => false,
    },
    dense: list,
    exact: new Map(),
    evidence: null,
  };
}
