// Romanian: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/romanian';
import { stopwords } from '@orama/stopwords/romanian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'cum ce de când unde cine care pot poate fac vreau'.split(' '),
];
