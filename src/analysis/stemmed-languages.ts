// The languages with stemming, one line each.

import { stemmer as english } from '@orama/stemmers/english';
import type { LanguageAnalyzer } from './analyzer.ts';
import { stemmingAnalyzer, type StemmedLanguage } from './stemming-analyzer.ts';
import { STOP_WORDS } from './stop-words.ts';

/** Raised when the packages' stems or lists change, or what is made of them. */
const VERSION = 2;

/** The first of `languages` is part of the terms. */
function stemmed(
  name: string,
  languages: readonly [string, ...string[]],
  load: () => Promise<StemmedLanguage>,
): LanguageAnalyzer {
  return {
    name,
    version: VERSION,
    languages,
    load: async (standard) =>
      stemmingAnalyzer(standard, { ...(await load()), name, version: VERSION, language: languages[0] }),
  };
}

export const STEMMED_LANGUAGES: readonly LanguageAnalyzer[] = [
  stemmed('arabic', ['ar'], () => import('./languages/arabic.ts')),
  stemmed('armenian', ['hy'], () => import('./languages/armenian.ts')),
  stemmed('bulgarian', ['bg'], () => import('./languages/bulgarian.ts')),
  stemmed('catalan', ['ca', 'oc', 'gl', 'ast'], () => import('./languages/catalan.ts')),
  stemmed('czech', ['cs'], () => import('./languages/czech.ts')),
  stemmed('danish', ['da'], () => import('./languages/danish.ts')),
  stemmed('dutch', ['nl'], () => import('./languages/dutch.ts')),
  // In the script of every search: most collections are English, and a request costs more than the stemmer. Its stop
  // words are those of the standard analyzer.
  stemmed('english', ['en'], () =>
    Promise.resolve({ stems: (word) => [english(word)], stopWords: Array.from(STOP_WORDS) }),
  ),
  stemmed('estonian', ['et'], () => import('./languages/estonian.ts')),
  stemmed('finnish', ['fi'], () => import('./languages/finnish.ts')),
  stemmed('french', ['fr'], () => import('./languages/french.ts')),
  stemmed('german', ['de'], () => import('./languages/german.ts')),
  stemmed('greek', ['el'], () => import('./languages/greek.ts')),
  stemmed('hebrew', ['he', 'iw'], () => import('./languages/hebrew.ts')),
  stemmed('hungarian', ['hu'], () => import('./languages/hungarian.ts')),
  stemmed('hindi', ['hi'], () => import('./languages/hindi.ts')),
  stemmed('indonesian', ['id', 'ms'], () => import('./languages/indonesian.ts')),
  stemmed('irish', ['ga'], () => import('./languages/irish.ts')),
  stemmed('italian', ['it'], () => import('./languages/italian.ts')),
  stemmed('latvian', ['lv'], () => import('./languages/latvian.ts')),
  stemmed('lithuanian', ['lt'], () => import('./languages/lithuanian.ts')),
  stemmed('nepali', ['ne'], () => import('./languages/nepali.ts')),
  stemmed('norwegian', ['no', 'nb', 'nn'], () => import('./languages/norwegian.ts')),
  stemmed('persian', ['fa'], () => import('./languages/persian.ts')),
  stemmed('polish', ['pl'], () => import('./languages/polish.ts')),
  stemmed('portuguese', ['pt'], () => import('./languages/portuguese.ts')),
  stemmed('romanian', ['ro', 'mo'], () => import('./languages/romanian.ts')),
  stemmed('russian', ['ru'], () => import('./languages/russian.ts')),
  stemmed('serbian', ['sr', 'hr', 'bs', 'sh'], () => import('./languages/serbian.ts')),
  stemmed('slovak', ['sk'], () => import('./languages/slovak.ts')),
  stemmed('slovenian', ['sl'], () => import('./languages/slovenian.ts')),
  stemmed('spanish', ['es'], () => import('./languages/spanish.ts')),
  stemmed('swedish', ['sv'], () => import('./languages/swedish.ts')),
  stemmed('tamil', ['ta'], () => import('./languages/tamil.ts')),
  stemmed('thai', ['th'], () => import('./languages/thai.ts')),
  stemmed('turkish', ['tr'], () => import('./languages/turkish.ts')),
  stemmed('ukrainian', ['uk'], () => import('./languages/ukrainian.ts')),
  stemmed('urdu', ['ur'], () => import('./languages/urdu.ts')),
  stemmed('vietnamese', ['vi'], () => import('./languages/vietnamese.ts')),
];
