// Hungarian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/hungarian';
import { stopwords } from '@orama/stopwords/hungarian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'hogyan hogy mi mit miért mikor hol hova honnan ki melyik lehet tudok tudom szeretnék kell'.split(' '),
];
