// Turkish: Snowball's stems, those that are left without the endings of number, possession and case, the root that a verb
// shares with the noun of its action (kaydetmek, kaydetme), stop words and the words of questions.

import { stemmer } from '@orama/stemmers/turkish';
import { stopwords } from '@orama/stopwords/turkish';
import { endings, rootFinder, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** Without accents and dots; vowels follow those of the stem. */
const ENDINGS = endings(
  ['lar', 'ler']
    .flatMap((plural) =>
      [
        '',
        'i',
        'in',
        'inin',
        'ini',
        'ina',
        'ine',
        'inda',
        'inde',
        'indan',
        'inden',
        'a',
        'e',
        'da',
        'de',
        'dan',
        'den',
      ].map((ending) => plural + ending),
    )
    .concat(
      'sinin sunun sini sunu sina sine suna sinda sinde sunda sindan sinden sundan si su'.split(' '),
      'inin unun ini unu ina ine una inda inde unda indan inden undan nin nun in un yi yu ya ye i u a e'.split(' '),
      'da de ta te dan den tan ten yla yle la le'.split(' '),
    )
    .join(' '),
);
const rootOf = rootFinder({
  nouns: 'm[ae](?:si|sini|sinin|sina|sine|yi|ya|ye|da|de|dan|den|nin|ler|lar|leri|lari)?',
  verbs: 'm[ae]k|m[ae]kte|in|un|iniz|unuz|ir|ur|ar|er|iyor|uyor',
});

export const stems = (word: string): string[] => {
  const plain = normalize(word);
  const root = rootOf(plain);
  return [stemmer(word), plain, withoutEnding(plain, ENDINGS, 3), ...(root === null ? [] : [root])];
};

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'nasıl ne neden niçin niye nerede nereye hangi kim mı mi mu mü yapılır yapabilirim edilir ederim istiyorum'.split(
    ' ',
  ),
];
