// German: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/german';
import { stopwords } from '@orama/stopwords/german';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'wie was warum wieso wann wo woher wohin wer welche welcher welches kann ich man möchte lässt geht macht mache'.split(
    ' ',
  ),
];
