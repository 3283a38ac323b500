// Nepali: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/nepali';
import { stopwords } from '@orama/stopwords/nepali';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [...stopwords, ...'कसरी के किन कहिले कहाँ को'.split(' ')];
