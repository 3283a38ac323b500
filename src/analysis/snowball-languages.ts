// The languages that words are stemmed in: a line each.

import type { LanguageAnalyzer } from './analyzer.ts';
import { snowballAnalyzer } from './snowball-analyzer.ts';

type Load = () => Promise<readonly [stems: { readonly stemmer: (word: string) => string }, common: { readonly stopwords: readonly string[] }]>;

/** Raised where the packages' stems or lists change, or what is made of them. */
const VERSION = 1;

/** The first of `languages` stands in the terms. */
function snowball(name: string, languages: readonly [string, ...string[]], load: Load): LanguageAnalyzer {
  return {
    name,
    version: VERSION,
    languages,
    load: async () => {
      const [{ stemmer: stem }, { stopwords: stopWords }] = await load();
      return snowballAnalyzer({ name, version: VERSION, language: languages[0], stem, stopWords });
    },
  };
}

export const SNOWBALL_LANGUAGES: readonly LanguageAnalyzer[] = [
  snowball('german', ['de'], () => Promise.all([import('@orama/stemmers/german'), import('@orama/stopwords/german')])),
];
