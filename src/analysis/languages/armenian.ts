// Armenian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/armenian';
import { stopwords } from '@orama/stopwords/armenian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [...stopwords, ...'ինչպես ինչ ինչու երբ որտեղ կարող եմ'.split(' ')];
