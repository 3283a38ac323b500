// Lithuanian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/lithuanian';
import { stopwords } from '@orama/stopwords/lithuanian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'kaip kas ką kodėl kada kur kuris kuri galiu galima noriu'.split(' '),
];
