// Irish: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/irish';
import { stopwords } from '@orama/stopwords/irish';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [...stopwords, ...'conas cad cén cathain cá cé'.split(' ')];
