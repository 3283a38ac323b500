// Norwegian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/norwegian';
import { stopwords } from '@orama/stopwords/norwegian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'hvordan korleis hva kva hvorfor kvifor når hvor kor hvem hvilken hvilket hvilke kan man jeg vil gjør får min mitt mine'.split(
    ' ',
  ),
];
