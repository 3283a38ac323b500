// Dutch: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/dutch';
import { stopwords } from '@orama/stopwords/dutch';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'hoe wat waarom wanneer waar wie welke welk kan ik je men wil maak krijg mijn een moet'.split(' '),
];
