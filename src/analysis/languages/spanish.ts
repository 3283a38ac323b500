// Spanish: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/spanish';
import { stopwords } from '@orama/stopwords/spanish';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'cómo qué por cuándo dónde quién cuál cuáles puedo puede se hago hacer quiero'.split(' '),
];
