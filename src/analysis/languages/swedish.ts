// Swedish: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/swedish';
import { stopwords } from '@orama/stopwords/swedish';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'hur vad varför när var vem vilken vilket vilka kan man jag vill gör får min mitt mina'.split(' '),
];
