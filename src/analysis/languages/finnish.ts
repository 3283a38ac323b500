// Finnish: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/finnish';
import { stopwords } from '@orama/stopwords/finnish';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'miten kuinka mikä mitä miksi milloin missä mistä mihin kuka voi voin voiko saan saako haluan jos kun'.split(' '),
];
