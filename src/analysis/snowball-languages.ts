// The languages with stemming, one line each.

import type { LanguageAnalyzer } from './analyzer.ts';
import { snowballAnalyzer } from './snowball-analyzer.ts';

type Load = () => Promise<
  readonly [stems: { readonly stemmer: (word: string) => string }, common: { readonly stopwords: readonly string[] }]
>;

/** Raised when the packages' stems or lists change, or what is made of them. */
const VERSION = 1;

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

/**
 * The package's languages that come from Snowball. English uses the standard analyzer until its stems are shown to rank
 * better.
 */
export const SNOWBALL_LANGUAGES: readonly LanguageAnalyzer[] = [
  snowball('arabic', ['ar'], () => Promise.all([import('@orama/stemmers/arabic'), import('@orama/stopwords/arabic')])),
  snowball('armenian', ['hy'], () =>
    Promise.all([import('@orama/stemmers/armenian'), import('@orama/stopwords/armenian')]),
  ),
  snowball('danish', ['da'], () => Promise.all([import('@orama/stemmers/danish'), import('@orama/stopwords/danish')])),
  snowball('dutch', ['nl'], () => Promise.all([import('@orama/stemmers/dutch'), import('@orama/stopwords/dutch')])),
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
];
