// Turkish: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/turkish';
import { stopwords } from '@orama/stopwords/turkish';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'nasıl ne neden niçin niye nerede nereye hangi kim mı mi mu mü yapılır yapabilirim edilir ederim istiyorum'.split(
    ' ',
  ),
];
