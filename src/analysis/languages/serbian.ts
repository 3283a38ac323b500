// Serbian, Croatian and Bosnian: Snowball's stems, which are of Latin letters whichever the word has, stop words and the
// words of questions.

import { stemmer } from '@orama/stemmers/serbian';
import { stopwords } from '@orama/stopwords/serbian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...(
    'kako što šta zašto kada kad gdje gde kamo tko ko koji koja koje mogu može želim treba i u na za s sa se je su ' +
    'da ne od do iz po o ili te a ali kao biti ovo ova ovaj to taj ta tog toga moj moja moje'
  ).split(' '),
  ...'како шта зашто када где ко који која које могу може желим треба'.split(' '),
];
