// Italian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/italian';
import { stopwords } from '@orama/stopwords/italian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'come cosa perché quando dove chi quale quali posso può si faccio fare voglio'.split(' '),
];
