// Danish: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/danish';
import { stopwords } from '@orama/stopwords/danish';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'hvordan hvad hvorfor hvornår hvor hvem hvilken hvilket hvilke kan man jeg vil gør får mit min mine'.split(' '),
];
