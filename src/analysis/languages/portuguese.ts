// Portuguese: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/portuguese';
import { stopwords } from '@orama/stopwords/portuguese';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'como que quê por quando onde quem qual quais posso pode faço fazer quero'.split(' '),
];
