// The languages with stemming, one line each.

import { stemmer as english } from '@orama/stemmers/english';
import type { LanguageAnalyzer } from './analyzer.ts';
import { snowballAnalyzer } from './snowball-analyzer.ts';
import { STOP_WORDS } from './stop-words.ts';

type Load = () => Promise<
  readonly [stems: { readonly stemmer: (word: string) => string }, common: { readonly stopwords: readonly string[] }]
>;

/** Raised when the packages' stems or lists change, or what is made of them. */
const VERSION = 2;

/** The first of `languages` is part of the terms. */
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

/** “And” and “so” are written together with the article that the stemmer removes. */
const ARABIC_CONJUNCTION = /^[وف](?=ال)/u;

/**
 * The package's languages that come from Snowball, and Ukrainian. The stop words of English are those of the standard analyzer.
 */
export const SNOWBALL_LANGUAGES: readonly LanguageAnalyzer[] = [
  snowball('arabic', ['ar'], async () => {
    const [{ stemmer }, common] = await Promise.all([
      import('@orama/stemmers/arabic'),
      import('@orama/stopwords/arabic'),
    ]);
    return [{ stemmer: (word) => stemmer(word.replace(ARABIC_CONJUNCTION, '')) }, common];
  }),
  snowball('armenian', ['hy'], () =>
    Promise.all([import('@orama/stemmers/armenian'), import('@orama/stopwords/armenian')]),
  ),
  snowball('danish', ['da'], () => Promise.all([import('@orama/stemmers/danish'), import('@orama/stopwords/danish')])),
  snowball('dutch', ['nl'], () => Promise.all([import('@orama/stemmers/dutch'), import('@orama/stopwords/dutch')])),
  // In the script of every search: most collections are English, and a request costs more than the stemmer.
  snowball('english', ['en'], () => Promise.resolve([{ stemmer: english }, { stopwords: Array.from(STOP_WORDS) }])),
  snowball('finnish', ['fi'], () =>
    Promise.all([import('@orama/stemmers/finnish'), import('@orama/stopwords/finnish')]),
  ),
  snowball('french', ['fr'], () => Promise.all([import('@orama/stemmers/french'), import('@orama/stopwords/french')])),
  snowball('german', ['de'], () => Promise.all([import('@orama/stemmers/german'), import('@orama/stopwords/german')])),
  snowball('greek', ['el'], () => Promise.all([import('@orama/stemmers/greek'), import('@orama/stopwords/greek')])),
  snowball('hungarian', ['hu'], () =>
    Promise.all([import('@orama/stemmers/hungarian'), import('@orama/stopwords/hungarian')]),
  ),
  snowball('hindi', ['hi'], () => Promise.all([import('@orama/stemmers/indian'), import('@orama/stopwords/indian')])),
  snowball('indonesian', ['id'], () =>
    Promise.all([import('@orama/stemmers/indonesian'), import('@orama/stopwords/indonesian')]),
  ),
  snowball('irish', ['ga'], () => Promise.all([import('@orama/stemmers/irish'), import('@orama/stopwords/irish')])),
  snowball('italian', ['it'], () =>
    Promise.all([import('@orama/stemmers/italian'), import('@orama/stopwords/italian')]),
  ),
  snowball('lithuanian', ['lt'], () =>
    Promise.all([import('@orama/stemmers/lithuanian'), import('@orama/stopwords/lithuanian')]),
  ),
  snowball('nepali', ['ne'], () => Promise.all([import('@orama/stemmers/nepali'), import('@orama/stopwords/nepali')])),
  snowball('norwegian', ['no', 'nb', 'nn'], () =>
    Promise.all([import('@orama/stemmers/norwegian'), import('@orama/stopwords/norwegian')]),
  ),
  snowball('portuguese', ['pt'], () =>
    Promise.all([import('@orama/stemmers/portuguese'), import('@orama/stopwords/portuguese')]),
  ),
  snowball('romanian', ['ro'], () =>
    Promise.all([import('@orama/stemmers/romanian'), import('@orama/stopwords/romanian')]),
  ),
  snowball('russian', ['ru'], () =>
    Promise.all([import('@orama/stemmers/russian'), import('@orama/stopwords/russian')]),
  ),
  snowball('serbian', ['sr'], () =>
    Promise.all([import('@orama/stemmers/serbian'), import('@orama/stopwords/serbian')]),
  ),
  snowball('spanish', ['es'], () =>
    Promise.all([import('@orama/stemmers/spanish'), import('@orama/stopwords/spanish')]),
  ),
  snowball('swedish', ['sv'], () =>
    Promise.all([import('@orama/stemmers/swedish'), import('@orama/stopwords/swedish')]),
  ),
  snowball('tamil', ['ta'], () => Promise.all([import('@orama/stemmers/tamil'), import('@orama/stopwords/tamil')])),
  snowball('turkish', ['tr'], () =>
    Promise.all([import('@orama/stemmers/turkish'), import('@orama/stopwords/turkish')]),
  ),
  snowball('ukrainian', ['uk'], () =>
    Promise.all([import('@orama/stemmers/ukrainian'), import('@orama/stopwords/ukrainian')]),
  ),
];
