// French: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/french';
import { stopwords } from '@orama/stopwords/french';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'comment quoi pourquoi quand où qui quel quelle quels quelles est-ce que puis-je peut-on faire faut-il'.split(' '),
];
