// Indonesian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/indonesian';
import { stopwords } from '@orama/stopwords/indonesian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'bagaimana apa mengapa kapan mana siapa cara caranya bisa dapat saya ingin'.split(' '),
];
